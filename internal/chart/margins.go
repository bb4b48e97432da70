package chart

import "math"

func marginRow(m Metrics) float64 {
	if m.Coarse {
		return m.Text
	}
	return m.Text * 2.5
}

func marginHead(m Metrics) float64 {
	if m.Coarse {
		return 0
	}
	return m.Small * 1.6
}

// overhang is how far, in spans, the rows reach beyond a limit, so that a failed test shows by how much.
const overhang = 0.16

// margins draws one row for each test: the stretch that is allowed, its limits, and where the value is.
func (p *pen) margins(c *Chart, b box) {
	width := b.right - b.x
	texts := 0.0
	for _, m := range c.Margins {
		texts = math.Max(texts, p.Width(m.Text, p.small()))
	}
	texts = math.Min(texts, width*0.3)
	track := box{x: b.x + width*0.36, right: b.right - texts - p.m.Pad*2}
	row := marginRow(p.m)
	if head := marginHead(p.m); head > 0 {
		inner := span{p.marginPlace(0, track), p.marginPlace(1, track)}
		p.Text(Point{(inner.min + inner.max) / 2, b.y + p.m.Small}, p.w.T("chart.allowed"), p.small().aligned(Center))
		b.y += head
	}
	for i, m := range c.Margins {
		y := b.y + float64(i)*row
		if y+row > b.bottom+0.5 {
			return
		}
		p.margin(m, box{track.x, y, track.right, y + row}, b.x, texts, b.right)
	}
}

func (p *pen) marginPlace(part float64, track box) float64 {
	part = math.Min(math.Max(part, -overhang), 1+overhang)
	return track.x + (part+overhang)/(1+2*overhang)*(track.right-track.x)
}

// part is where a value is between its limits: 0 at the lower, 1 at the upper one. A test with one limit has 0, or
// twice the limit, at its open end.
func (m Margin) part(v float64) (float64, bool) {
	low, high := 0.0, 0.0
	switch {
	case m.Min != nil && m.Max != nil:
		low, high = *m.Min, *m.Max
	case m.Max != nil && *m.Max > 0:
		low, high = 0, *m.Max
	case m.Max != nil && *m.Max < 0:
		low, high = 2**m.Max, *m.Max
	case m.Min != nil && *m.Min > 0:
		low, high = *m.Min, 2**m.Min
	case m.Min != nil && *m.Min < 0:
		low, high = *m.Min, 0
	}
	if !isFinite(v) || !(high-low > 0) || !isFinite(high-low) {
		return 0, false
	}
	return (v - low) / (high - low), true
}

func (p *pen) margin(m Margin, row box, x, texts, right float64) {
	middle := (row.y + row.bottom) / 2
	base := middle + p.m.Text*0.36
	room := row.x - x - p.m.Pad
	if m.Note != "" && !p.m.Coarse {
		p.Text(Point{x, middle - p.m.Text*0.1}, p.cut(m.Name, room, p.plain()), p.plain())
		p.Text(Point{x, middle + p.m.Small*1.05}, p.cut(m.Note, room, p.small()), p.small())
	} else {
		p.Text(Point{x, base}, p.cut(m.Name, room, p.plain()), p.plain())
	}
	p.Text(Point{right, base}, p.cut(m.Text, texts, p.small()), p.small().aligned(Right).in(Text))
	half := (row.bottom - row.y) * 0.17
	low, high := p.marginPlace(0, row), p.marginPlace(1, row)
	p.rectangle(box{row.x, middle - half*0.5, row.right, middle + half*0.5}, Track)
	p.rectangle(box{low, middle - half, high, middle + half}, m.Level.pale())
	part, ok := m.part(m.Value)
	if !ok {
		return
	}
	at := p.marginPlace(part, row)
	if m.Min == nil { // grows from nothing towards its limit
		p.rectangle(box{low, middle - half, math.Max(at, low), middle + half}, m.Level.ink())
	}
	p.limitLines(m, low, high, middle, half)
	if m.Before != nil {
		p.before(m, row, middle, half)
	}
	p.needle(at, middle, half, m.Level.ink())
}

func (p *pen) limitLines(m Margin, low, high, middle, half float64) {
	if m.Min != nil {
		p.Line([]Point{{low, middle - half*1.7}, {low, middle + half*1.7}}, p.stroke(Text, 1.3))
	}
	if m.Max != nil {
		p.Line([]Point{{high, middle - half*1.7}, {high, middle + half*1.7}}, p.stroke(Text, 1.3))
	}
}

// before shows the earlier value as an empty diamond.
func (p *pen) before(m Margin, row box, middle, half float64) {
	part, ok := m.part(*m.Before)
	if !ok || p.m.Coarse {
		return
	}
	at, r := p.marginPlace(part, row), half*1.3
	diamond := []Point{{at, middle - r}, {at + r, middle}, {at, middle + r}, {at - r, middle}}
	p.Area(diamond, Ground)
	p.Line(append(diamond, diamond[0]), p.stroke(Muted, 1))
}

func (p *pen) needle(at, middle, half float64, ink Ink) {
	r := half * 1.5
	diamond := []Point{{at, middle - r}, {at + r, middle}, {at, middle + r}, {at - r, middle}}
	p.Area(diamond, ink)
	if !p.m.Coarse {
		p.Line(append(diamond, diamond[0]), p.stroke(Ground, 0.8))
	}
}

// Share is the distance to the nearest limit as a part of what is allowed, negative outside; NaN when no limit tells.
func (m Margin) Share() float64 {
	part, ok := m.part(m.Value)
	if !ok {
		return math.NaN()
	}
	switch {
	case m.Min != nil && m.Max != nil:
		return math.Min(part, 1-part)
	case m.Max != nil:
		return 1 - part
	}
	return part
}
