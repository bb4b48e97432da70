package pdf

import (
	"github.com/fleetms/obdctl/internal/chart"
)

// metrics are the sizes of charts on paper.
func metrics() chart.Metrics { return chart.Metrics{Text: 8.6, Small: 7.2, Pad: 6, Stroke: 0.8} }

// canvas is a part of a page that a chart is drawn on, as vectors.
type canvas struct {
	s          *sheet
	x, y, w, h float64
	inks       [chart.Inks]chart.RGB
}

func (c *canvas) Size() (width, height float64) { return c.w, c.h }
func (c *canvas) Metrics() chart.Metrics        { return metrics() }

func (c *canvas) Line(points []chart.Point, k chart.Stroke) {
	if len(points) < 2 {
		return
	}
	f := c.s.f
	c.s.draw(c.inks[k.Ink], k.Width)
	f.SetLineJoinStyle("round")
	f.SetDashPattern(k.Dash, 0)
	c.path(points)
	f.DrawPath("D")
	f.SetDashPattern(nil, 0)
	f.SetLineJoinStyle("miter")
}

func (c *canvas) Area(points []chart.Point, ink chart.Ink) {
	if len(points) < 3 {
		return
	}
	c.s.fill(c.inks[ink])
	c.path(points)
	c.s.f.ClosePath()
	c.s.f.DrawPath("F")
}

func (c *canvas) path(points []chart.Point) {
	c.s.f.MoveTo(c.x+points[0].X, c.y+points[0].Y)
	for _, p := range points[1:] {
		c.s.f.LineTo(c.x+p.X, c.y+p.Y)
	}
}

func (c *canvas) Text(at chart.Point, text string, l chart.Letters) {
	t := style{size: l.Size, strong: l.Strong, color: c.inks[l.Ink]}
	text = clean(text, c.s.rule)
	x := c.x + at.X
	switch l.Align {
	case chart.Center:
		x -= c.s.widthOf(text, t) / 2
	case chart.Right:
		x -= c.s.widthOf(text, t)
	}
	if l.Turned {
		c.s.f.TransformBegin()
		c.s.f.TransformRotate(90, c.x+at.X, c.y+at.Y)
		defer c.s.f.TransformEnd()
	}
	c.s.put(x, c.y+at.Y, text, t)
}

func (c *canvas) Width(text string, l chart.Letters) float64 {
	return c.s.widthOf(clean(text, c.s.rule), style{size: l.Size, strong: l.Strong})
}

// chart draws a chart over the width of the page.
func (s *sheet) chart(what *chart.Chart) {
	width := s.right - s.left
	high := min(chart.Height(what, metrics(), width), s.bottom-s.top)
	s.y += 4
	s.room(high)
	alt := what.Alt
	if alt == "" {
		alt = what.Title
	}
	s.leaf("Figure", alt, func() {
		c := &canvas{s: s, x: s.left, y: s.y, w: width, h: high, inks: chart.Light()}
		chart.Draw(c, what, chart.Options{Words: s.d.Words, Zone: s.d.Zone})
	})
	s.y += high + 10
}
