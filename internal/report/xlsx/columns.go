package xlsx

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/chart"
)

// column is one column of chart data.
type column struct {
	name   string
	values []any
	isX    bool
	date   bool
	dots   bool
}

// barColumns are names and values; of margins, the margin in percent of what is allowed.
func barColumns(c *chart.Chart, margin string) []column {
	names, values := column{name: c.Title, isX: true}, column{name: c.Title}
	for _, b := range c.Bars {
		names.values, values.values = append(names.values, clean(b.Name)), append(values.values, finite(b.Value))
	}
	if c.Kind == chart.Limits {
		values.name = margin + " [%]"
		for _, m := range c.Margins {
			name := m.Name
			if m.Note != "" {
				name += ": " + m.Note
			}
			names.values, values.values = append(names.values, clean(name)), append(values.values, finite(m.Share()*100))
		}
	}
	return []column{names, values}
}

// finite is nothing for what is no number.
func finite(v float64) any {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return v
}

// xyColumns are for each series its x and y; of a band mean, lowest and highest value.
func (b *book) xyColumns(c *chart.Chart) []column {
	var out []column
	x := func(seconds float64) any {
		if c.X.Time {
			return b.wall(time.UnixMicro(int64(seconds * 1e6)))
		}
		return finite(seconds)
	}
	for _, s := range c.Series {
		at := column{name: c.Title + " x", isX: true, date: c.X.Time}
		if s.Style == chart.Band {
			mean, low, high := column{name: s.Name}, column{name: s.Name + " min"}, column{name: s.Name + " max"}
			for _, k := range s.Buckets {
				at.values = append(at.values, b.wall(k.Start))
				if k.Count == 0 {
					mean.values, low.values, high.values = append(mean.values, nil), append(low.values, nil), append(high.values, nil)
					continue
				}
				mean.values, low.values, high.values = append(mean.values, finite(k.Mean)), append(low.values, finite(k.Min)), append(high.values, finite(k.Max))
			}
			out = append(out, at, mean, low, high)
			continue
		}
		y := column{name: s.Name, dots: s.Style == chart.Dots}
		for _, pt := range s.Points {
			at.values, y.values = append(at.values, x(pt.X)), append(y.values, finite(pt.Y))
		}
		out = append(out, at, y)
	}
	return out
}
