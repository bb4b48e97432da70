package png

import (
	"image"
	"math"

	"golang.org/x/image/vector"

	"github.com/fleetms/obdctl/internal/chart"
)

func (p *paper) Area(points []chart.Point, ink chart.Ink) {
	if len(points) < 3 {
		return
	}
	p.fill(points, ink)
}

// fill draws a polygon; only the part of the picture that it covers is looked at.
func (p *paper) fill(points []chart.Point, ink chart.Ink) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, pt := range points {
		left, right = math.Min(left, pt.X), math.Max(right, pt.X)
		top, bottom = math.Min(top, pt.Y), math.Max(bottom, pt.Y)
	}
	side := func(v float64) int { return int(math.Min(math.Max(v+p.margin, -1), largest+1)) }
	b := image.Rect(side(left)-1, side(top)-1, side(right)+2, side(bottom)+2).Intersect(p.img.Bounds())
	if b.Empty() {
		return
	}
	r := vector.NewRasterizer(b.Dx(), b.Dy())
	for i, pt := range points {
		x, y := float32(pt.X+p.margin-float64(b.Min.X)), float32(pt.Y+p.margin-float64(b.Min.Y))
		if i == 0 {
			r.MoveTo(x, y)
			continue
		}
		r.LineTo(x, y)
	}
	r.ClosePath()
	r.Draw(p.img, b, image.NewUniform(p.color(ink)), image.Point{})
}

func (p *paper) Line(points []chart.Point, s chart.Stroke) {
	half := math.Max(s.Width, 0.5) / 2
	for _, run := range dashes(points, s.Dash) {
		for i := 1; i < len(run); i++ {
			p.fill(thick(run[i-1], run[i], half), s.Ink)
			if i+1 < len(run) && half > 0.6 {
				p.fill(joint(run[i], half), s.Ink)
			}
		}
	}
}

// thick is the rectangle of a stroke.
func thick(a, b chart.Point, half float64) []chart.Point {
	dx, dy := b.X-a.X, b.Y-a.Y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return joint(a, half)
	}
	nx, ny := -dy/length*half, dx/length*half
	return []chart.Point{{X: a.X + nx, Y: a.Y + ny}, {X: b.X + nx, Y: b.Y + ny}, {X: b.X - nx, Y: b.Y - ny}, {X: a.X - nx, Y: a.Y - ny}}
}

// joint rounds the corner between two strokes.
func joint(c chart.Point, half float64) []chart.Point {
	const corners = 8
	out := make([]chart.Point, corners)
	for i := range out {
		a := 2 * math.Pi * float64(i) / corners
		out[i] = chart.Point{X: c.X + half*math.Cos(a), Y: c.Y + half*math.Sin(a)}
	}
	return out
}

// dashes parts a line by lengths on and off.
func dashes(points []chart.Point, pattern []float64) [][]chart.Point {
	total := 0.0
	for _, d := range pattern {
		total += d
	}
	if len(pattern) == 0 || !(total > 0.1) || len(points) < 2 {
		return [][]chart.Point{points}
	}
	var out [][]chart.Point
	at, left, on := 0, pattern[0], true
	run := []chart.Point{points[0]}
	for i := 1; i < len(points); i++ {
		from, to := points[i-1], points[i]
		for length := math.Hypot(to.X-from.X, to.Y-from.Y); length > left; length = math.Hypot(to.X-from.X, to.Y-from.Y) {
			part := left / length
			from = chart.Point{X: from.X + (to.X-from.X)*part, Y: from.Y + (to.Y-from.Y)*part}
			if on {
				out = append(out, append(run, from))
			}
			on = !on
			run = []chart.Point{from}
			at = (at + 1) % len(pattern)
			left = math.Max(pattern[at], 0.05)
		}
		left -= math.Hypot(to.X-from.X, to.Y-from.Y)
		if on {
			run = append(run, to)
		}
	}
	if on && len(run) > 1 {
		out = append(out, run)
	}
	return out
}
