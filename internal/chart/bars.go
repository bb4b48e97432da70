package chart

import "math"

func barRow(m Metrics) float64 {
	if m.Coarse {
		return m.Text
	}
	return m.Text * 1.9
}

// columns draws one lying bar for each name, so that long names can be read.
func (p *pen) columns(c *Chart, b box) {
	data := noSpan()
	data.add(0)
	names, texts := 0.0, 0.0
	for _, bar := range c.Bars {
		data.add(bar.Value)
		names = math.Max(names, p.Width(bar.Name, p.plain()))
		texts = math.Max(texts, p.Width(p.barText(bar), p.plain()))
	}
	names = math.Min(names, (b.right-b.x)*0.4)
	bounds := c.X.bounds(data)
	s := scale{min: bounds.min, max: bounds.max, from: b.x + names + p.m.Pad, to: b.right - texts - p.m.Pad}
	row := math.Min(barRow(p.m), (b.bottom-b.y)/float64(max(len(c.Bars), 1)))
	zero := s.place(math.Max(0, s.min))
	for i, bar := range c.Bars {
		y := b.y + float64(i)*row
		base := y + row/2 + p.m.Text*0.36
		p.Text(Point{b.x, base}, p.cut(bar.Name, names, p.plain()), p.plain())
		value := bar.Value
		if !isFinite(value) {
			value = 0
		}
		end := math.Min(math.Max(s.place(value), s.from), s.to)
		p.rectangle(box{math.Min(zero, end), y + row*0.2, math.Max(zero, end), y + row*0.8}, bar.Level.ink())
		p.Text(Point{math.Max(zero, end) + p.m.Pad*0.6, base}, p.barText(bar), p.plain())
	}
	if !p.m.Coarse {
		p.Line([]Point{{zero, b.y}, {zero, b.y + row*float64(len(c.Bars))}}, p.stroke(Muted, 0.7))
	}
}

func (p *pen) barText(b Bar) string {
	if b.Text != "" {
		return b.Text
	}
	return p.w.Number(b.Value, -1)
}
