package main

import (
	"math"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
)

// chart lays the lines on one axis, or on two when there are two units. A coarse one, for terminals, has no bands where
// they would hide other lines.
func (d *plotDocument) chart(imperial, coarse bool, zone *time.Location) (*chart.Chart, error) {
	from, until := seconds(d.From), seconds(d.Until)
	c := &chart.Chart{
		Kind: chart.XY, Title: d.Vehicle + "  " + stretchTitle(d.From.In(zone), d.Until.In(zone)),
		X: chart.Axis{Time: true, Min: &from, Max: &until},
	}
	var units []string
	for _, s := range d.Series {
		_, code := shownIn(0, s.Unit, imperial)
		i := slices.Index(units, code)
		if i < 0 {
			i, units = len(units), append(units, code)
		}
		if i > 1 {
			return nil, errs.New(errs.Usage, "the signals have more than two units").WithHint("draw them one after another")
		}
		name := s.label()
		line := chart.Series{Name: name, Style: chart.Band, Buckets: bridged(s.Buckets, s.Unit, imperial), Second: i == 1}
		if coarse && len(d.Series) > 1 {
			line = means(line)
		}
		c.Series = append(c.Series, line)
		axis := &c.Y
		if i == 1 {
			if c.Y2 == nil {
				c.Y2 = &chart.Axis{}
			}
			axis = c.Y2
		}
		axis.Unit = unit.Symbol(code)
		axis.Label = axisLabel(axis.Label, name, axis.Unit)
	}
	c.Alt = c.Title
	return c, nil
}

// means makes a line of a band.
func means(s chart.Series) chart.Series {
	for _, b := range s.Buckets {
		y := b.Mean
		if b.Count == 0 {
			y = math.NaN() // a gap
		}
		s.Points = append(s.Points, chart.Point{X: seconds(b.Start), Y: y})
	}
	s.Style, s.Buckets = chart.Line, nil
	return s
}

// axisLabel names an axis by its one signal; by the unit alone where it has several.
func axisLabel(before, name, symbol string) string {
	if before == "" {
		return name
	}
	if symbol == "" {
		return "value"
	}
	return " "
}

func (s plotSeries) label() string {
	if s.Name == "" {
		return s.Signal
	}
	return s.Name
}

// stretchTitle writes a stretch of time; within one day the day stands once.
func stretchTitle(from, until time.Time) string {
	const day, minute = "2006-01-02", "15:04"
	end := until.Format(day + " " + minute)
	if from.Format(day) == until.Format(day) {
		end = until.Format(minute)
	}
	return from.Format(day+" "+minute) + " – " + end + until.Format(" MST")
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

func shownIn(value float64, code string, imperial bool) (float64, string) {
	if imperial {
		return unit.Imperial(value, code)
	}
	return value, code
}

// bridged converts buckets into the reader's unit, joined over what is no gap.
func bridged(filled []fleet.Bucket, code string, imperial bool) []fleet.Bucket {
	out := chart.Bridge(filled)
	for i := range out {
		b := &out[i]
		b.Min, _ = shownIn(b.Min, code, imperial)
		b.Max, _ = shownIn(b.Max, code, imperial)
		b.Mean, _ = shownIn(b.Mean, code, imperial)
	}
	return out
}
