package chart

import (
	"cmp"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/fleet"
)

// series draws one series into the plot.
func (p *pen) series(s Series, n int, x, y scale, plot box) {
	ink, pale, dash := seriesInk(n)
	if s.Style == Band {
		for _, run := range runs(s.Buckets) {
			p.band(run, x, y, plot, ink, pale, dash)
		}
		return
	}
	if s.Style == Dots {
		for _, pt := range s.Points {
			if isFinite(pt.X) && isFinite(pt.Y) {
				p.dot(plot.clamp(Point{x.place(pt.X), y.place(pt.Y)}), ink)
			}
		}
		return
	}
	var line []Point
	flush := func() {
		if len(line) == 1 {
			p.dot(line[0], ink)
		}
		if len(line) > 1 {
			p.Line(line, p.dashed(ink, 1.6, dash...))
		}
		line = nil
	}
	for _, pt := range s.Points {
		if !isFinite(pt.X) || !isFinite(pt.Y) {
			flush()
			continue
		}
		next := plot.clamp(Point{x.place(pt.X), y.place(pt.Y)})
		if s.Style == Step && len(line) > 0 {
			line = append(line, Point{next.X, line[len(line)-1].Y})
		}
		line = append(line, next)
	}
	flush()
}

// runs parts buckets at their gaps.
func runs(all []fleet.Bucket) [][]fleet.Bucket {
	var out [][]fleet.Bucket
	start := -1
	for i, b := range all {
		full := b.Count > 0 && isFinite(b.Min) && isFinite(b.Max) && isFinite(b.Mean)
		if full && start < 0 {
			start = i
		}
		if !full && start >= 0 {
			out = append(out, all[start:i])
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, all[start:])
	}
	return out
}

// band fills from minimum to maximum and draws the mean over it.
func (p *pen) band(run []fleet.Bucket, x, y scale, plot box, ink, pale Ink, dash []float64) {
	mean := make([]Point, len(run))
	edge := make([]Point, 2*len(run))
	for i, b := range run {
		at := x.place(seconds(b.Start))
		mean[i] = plot.clamp(Point{at, y.place(b.Mean)})
		edge[i] = plot.clamp(Point{at, y.place(b.Max)})
		edge[len(edge)-1-i] = plot.clamp(Point{at, y.place(b.Min)})
	}
	if len(run) == 1 {
		p.Line([]Point{edge[0], edge[1]}, p.stroke(ink, 1))
		p.dot(mean[0], ink)
		return
	}
	p.Area(edge, pale)
	p.Line(mean, p.dashed(ink, 1.6, dash...))
}

func (b box) clamp(pt Point) Point {
	return Point{math.Min(math.Max(pt.X, b.x), b.right), math.Min(math.Max(pt.Y, b.y), b.bottom)}
}

// limits draws values that should not be passed, with their names.
func (p *pen) limits(c *Chart, plot box, y scale) {
	for _, l := range c.Lines {
		if !isFinite(l.Value) || l.Value < y.min || l.Value > y.max {
			continue
		}
		ink := l.Level.ink()
		if l.Level == Plain {
			ink = Muted
		}
		at := y.place(l.Value)
		p.Line([]Point{{plot.x, at}, {plot.right, at}}, p.dashed(ink, 1.2, 5, 3))
		name := at - p.m.Pad*0.4
		if name-p.m.Small < plot.y {
			name = at + p.m.Small + p.m.Pad*0.2
		}
		letters := p.small().in(ink).aligned(Right)
		p.Text(Point{plot.right - p.m.Pad*0.4, name}, p.cut(l.Name, plot.right-plot.x, letters), letters)
	}
}

// marks draws what happened at a place of the x axis; names that would cover each other or the next mark are left out.
func (p *pen) marks(c *Chart, plot box, x scale) {
	marks := slices.Clone(c.Marks)
	marks = slices.DeleteFunc(marks, func(m Mark) bool { return !isFinite(m.At) || m.At < x.min || m.At > x.max })
	slices.SortStableFunc(marks, func(a, b Mark) int { return cmp.Compare(a.At, b.At) })
	for i, m := range marks {
		ink := m.Level.ink()
		if m.Level == Plain {
			ink = Muted
		}
		at, room := x.place(m.At), plot.right
		if i+1 < len(marks) {
			room = x.place(marks[i+1].At)
		}
		p.Line([]Point{{at, plot.y}, {at, plot.bottom}}, p.dashed(ink, 0.9, 2, 3))
		r := p.m.Small * 0.35
		p.Area([]Point{{at - r, plot.y}, {at + r, plot.y}, {at, plot.y + r*1.6}}, ink)
		letters := p.small().in(ink)
		if at+p.Width(m.Name, letters)+p.m.Pad < room && !p.m.Coarse {
			p.Text(Point{at + p.m.Pad*0.5, plot.y + p.m.Small}, m.Name, letters)
		}
	}
}
