package chart

import "math"

// xy draws series over an axis.
func (p *pen) xy(c *Chart, b box) {
	b.y = p.legend(c, b)
	x, y, y2 := c.extents()
	rows := max(int((b.bottom-b.y)/(p.m.Small*3)), 2)
	left := values(c.Y, y, min(rows, 6), p.w)
	var right *scale
	if c.Y2 != nil {
		s := values(*c.Y2, y2, max(len(left.ticks)-1, 1), p.w)
		right = &s
	}
	plot := p.frame(&left, right, b)
	perTick := p.m.Small * 7
	n := max(int((plot.right-plot.x)/perTick), 2)
	across := values(c.X, x, n, p.w)
	if c.X.Time {
		across = times(c.X, x, n, p.w, p.zone)
	} else if c.X.Min == nil && c.X.Max == nil {
		across = values(Axis{Label: c.X.Label, Unit: c.X.Unit, Min: &x.min, Max: &x.max}, x, n, p.w)
	}
	across.from, across.to = plot.x, plot.right
	p.grid(plot, across, left, right)
	p.marks(c, plot, across)
	for i, s := range c.Series {
		scale := left
		if s.Second && right != nil {
			scale = *right
		}
		p.series(s, i, across, scale, plot)
	}
	p.limits(c, plot, left)
}

// extents are the spans of the data on the three axes.
func (c *Chart) extents() (x, y, y2 span) {
	x, y, y2 = noSpan(), noSpan(), noSpan()
	for _, s := range c.Series {
		on := &y
		if s.Second && c.Y2 != nil {
			on = &y2
		}
		for _, pt := range s.Points {
			if isFinite(pt.X) && isFinite(pt.Y) {
				x.add(pt.X)
				on.add(pt.Y)
			}
		}
		for _, b := range s.Buckets {
			x.add(seconds(b.Start))
			if b.Count > 0 {
				on.add(b.Min)
				on.add(b.Max)
			}
		}
	}
	for _, l := range c.Lines {
		y.add(l.Value)
	}
	for _, m := range c.Marks {
		x.add(m.At)
	}
	if x.min > x.max {
		x = span{0, 1}
	}
	return x, y, y2
}

// frame leaves room for the names of the axes and gives what is left; the scales know their places then.
func (p *pen) frame(left, right *scale, b box) box {
	plot := b
	plot.x += p.widest(left.ticks) + p.m.Pad
	if right != nil {
		plot.right -= p.widest(right.ticks) + p.m.Pad
	}
	plot.bottom -= p.m.Small + p.m.Pad
	top := p.axisName(*left, Point{b.x, b.y + p.m.Small}, Left)
	if right != nil {
		top = p.axisName(*right, Point{b.right, b.y + p.m.Small}, Right) || top
	}
	if top {
		plot.y += p.m.Small + p.m.gap()
	} else {
		plot.y += p.m.Small / 2
	}
	left.from, left.to = plot.bottom, plot.y
	if right != nil {
		right.from, right.to = plot.bottom, plot.y
	}
	return plot
}

func (p *pen) axisName(s scale, at Point, a Align) bool {
	name := s.name
	if s.unit != "" {
		name += " [" + s.unit + "]"
	}
	if name == "" {
		return false
	}
	width, _ := p.Size()
	l := p.small().aligned(a)
	p.Text(at, p.cut(name, width*0.48, l), l)
	return true
}

func (p *pen) widest(ticks []tick) float64 {
	widest := 0.0
	for _, t := range ticks {
		widest = math.Max(widest, p.Width(t.name, p.small()))
	}
	return widest
}

// grid draws the axes with their ticks.
func (p *pen) grid(plot box, across, left scale, right *scale) {
	down := p.m.Small * 0.36
	for _, t := range left.ticks {
		y := left.place(t.at)
		if !p.m.Coarse {
			p.Line([]Point{{plot.x, y}, {plot.right, y}}, p.stroke(Grid, 0.6))
		}
		p.Text(Point{plot.x - p.m.Pad*0.6, y + down}, t.name, p.small().aligned(Right))
	}
	if right != nil {
		for _, t := range right.ticks {
			p.Text(Point{plot.right + p.m.Pad*0.6, right.place(t.at) + down}, t.name, p.small())
		}
	}
	p.Line([]Point{{plot.x, plot.y}, {plot.x, plot.bottom}}, p.stroke(Muted, 0.7))
	p.Line([]Point{{plot.x, plot.bottom}, {plot.right, plot.bottom}}, p.stroke(Muted, 0.7))
	last := math.Inf(-1)
	for _, t := range across.ticks {
		x, half := across.place(t.at), p.Width(t.name, p.small())/2
		if x-half < last+p.m.Pad || x-half < 0 {
			continue
		}
		if w, _ := p.Size(); x+half > w {
			continue
		}
		last = x + half
		p.Line([]Point{{x, plot.bottom}, {x, plot.bottom + p.m.Pad*0.4}}, p.stroke(Muted, 0.7))
		p.Text(Point{x, plot.bottom + p.m.Small + p.m.Pad*0.6}, t.name, p.small().aligned(Center))
	}
	if across.name != "" || across.unit != "" {
		p.xName(plot, across, last)
	}
}

// xName writes the name of the x axis at its end, where there is room for it.
func (p *pen) xName(plot box, across scale, last float64) {
	name := across.name
	if across.unit != "" {
		name += " [" + across.unit + "]"
	}
	if plot.right-p.Width(name, p.small()) > last+p.m.Pad {
		p.Text(Point{plot.right, plot.bottom + p.m.Small + p.m.Pad*0.6}, name, p.small().aligned(Right))
	}
}

// legend names the series over the plot, when there is more than one, and returns where the plot may start.
func (p *pen) legend(c *Chart, b box) float64 {
	if len(c.Series) < 2 {
		return b.y
	}
	x, y := b.x, b.y+p.m.Small
	key := p.m.Small * 2.2
	l := p.small().in(Text)
	for i, s := range c.Series {
		name := p.cut(s.Name, (b.right-b.x)*0.6, l)
		width := key + p.m.Pad*0.5 + p.Width(name, l) + p.m.Pad*2
		if x+width-p.m.Pad*2 > b.right && x > b.x {
			x, y = b.x, y+p.m.Small+p.m.gap()*0.6
		}
		p.sample(s, i, x, y-p.m.Small*0.35, key)
		p.Text(Point{x + key + p.m.Pad*0.5, y}, name, l)
		x += width
	}
	return y + p.m.gap()
}

func (p *pen) sample(s Series, i int, x, y, width float64) {
	ink, pale, dash := seriesInk(i)
	if s.Style == Dots {
		p.dot(Point{x + width/2, y}, ink)
		return
	}
	if s.Style == Band && !p.m.Coarse {
		p.rectangle(box{x, y - p.m.Small*0.3, x + width, y + p.m.Small*0.3}, pale)
	}
	p.Line([]Point{{x, y}, {x + width, y}}, p.dashed(ink, 1.6, dash...))
}

func (p *pen) dot(at Point, ink Ink) {
	r := max(p.m.Small*0.22, 0.6)
	p.Area([]Point{{at.X, at.Y - r}, {at.X + r, at.Y}, {at.X, at.Y + r}, {at.X - r, at.Y}}, ink)
}
