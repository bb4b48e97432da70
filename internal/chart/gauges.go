package chart

import "math"

func gaugesPerRow(n int, width float64, m Metrics) int {
	return max(min(max(n, 1), int(width/(m.Text*14))), 1)
}

func gaugeHeight(width float64, m Metrics) float64 {
	return gaugeRadius(width, m) + m.Text*2.6 + m.Pad
}

func gaugeRadius(width float64, m Metrics) float64 { return math.Min(width*0.38, m.Text*6) }

// gauges draws half rings side by side.
func (p *pen) gauges(c *Chart, b box) {
	if len(c.Gauges) == 0 {
		return
	}
	perRow := gaugesPerRow(len(c.Gauges), b.right-b.x, p.m)
	width := (b.right - b.x) / float64(perRow)
	high := gaugeHeight(width, p.m)
	for i, g := range c.Gauges {
		x := b.x + float64(i%perRow)*width
		y := b.y + float64(i/perRow)*high
		p.gauge(g, box{x, y, x + width, y + high})
	}
}

func (p *pen) gauge(g Gauge, b box) {
	r := gaugeRadius(b.right-b.x, p.m)
	middle := Point{(b.x + b.right) / 2, b.y + r + p.m.Pad*0.5}
	angle := func(v float64) float64 {
		part := (v - g.Min) / (g.Max - g.Min)
		if !(part > 0) {
			part = 0
		}
		return math.Pi * (1 - math.Min(part, 1))
	}
	p.ring(middle, r, r*0.74, math.Pi, 0, Track)
	for _, z := range g.Zones {
		p.ring(middle, r, r*0.74, angle(z.From), angle(z.To), z.Level.pale())
		p.ring(middle, r, r*0.95, angle(z.From), angle(z.To), z.Level.ink())
	}
	if isFinite(g.Value) && g.Max > g.Min {
		a := angle(g.Value)
		ink := g.Level.ink()
		tip := Point{middle.X + r*0.97*math.Cos(a), middle.Y - r*0.97*math.Sin(a)}
		side := Point{math.Sin(a) * r * 0.045, math.Cos(a) * r * 0.045}
		root := Point{middle.X + r*0.62*math.Cos(a), middle.Y - r*0.62*math.Sin(a)}
		p.Area([]Point{tip, {root.X + side.X, root.Y + side.Y}, {root.X - side.X, root.Y - side.Y}}, ink)
	}
	value := Letters{Size: p.m.Text * 1.45, Strong: true, Ink: Text, Align: Center}
	p.Text(Point{middle.X, middle.Y - r*0.02}, p.cut(g.Text, b.right-b.x, value), value)
	name := p.small().aligned(Center)
	p.Text(Point{middle.X, middle.Y + p.m.Small*1.6}, p.cut(g.Name, b.right-b.x-p.m.Pad, name), name)
}

// ring fills a part of a ring between two angles, counted against the clock from the right.
func (p *pen) ring(c Point, outer, inner, from, to float64, ink Ink) {
	if from-to < 1e-6 {
		return
	}
	steps := max(int((from-to)/(math.Pi/48)), 1)
	points := make([]Point, 0, 2*steps+2)
	for i := 0; i <= steps; i++ {
		a := from + (to-from)*float64(i)/float64(steps)
		points = append(points, Point{c.X + outer*math.Cos(a), c.Y - outer*math.Sin(a)})
	}
	for i := steps; i >= 0; i-- {
		a := from + (to-from)*float64(i)/float64(steps)
		points = append(points, Point{c.X + inner*math.Cos(a), c.Y - inner*math.Sin(a)})
	}
	p.Area(points, ink)
}
