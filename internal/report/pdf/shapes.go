package pdf

import (
	"math"

	"github.com/fleetms/obdctl/internal/report/document"
)

func (s *sheet) fill(c rgb) { s.f.SetFillColor(int(c.R), int(c.G), int(c.B)) }
func (s *sheet) draw(c rgb, width float64) {
	s.f.SetDrawColor(int(c.R), int(c.G), int(c.B))
	s.f.SetLineWidth(width)
}

func (s *sheet) box(x, y, w, h float64, c rgb) {
	s.fill(c)
	s.f.Rect(x, y, w, h, "F")
}

func (s *sheet) line(x1, y1, x2, y2 float64, c rgb, width float64) {
	s.draw(c, width)
	s.f.Line(x1, y1, x2, y2)
}

// round fills a box with round corners; with an edge it is drawn around as well.
func (s *sheet) round(x, y, w, h, r float64, fill rgb, edge *rgb) {
	r = math.Min(r, math.Min(w, h)/2)
	s.fill(fill)
	how := "F"
	if edge != nil {
		s.draw(*edge, 0.7)
		how = "FD"
	}
	s.f.RoundedRect(x, y, w, h, r, "1234", how)
}

// sign draws the level's own sign, so that nothing rests on colour alone: a tick, a triangle, an octagon, a circle.
func (s *sheet) sign(x, y, r float64, l document.Level, face, on rgb) {
	s.fill(face)
	switch l {
	case document.Critical:
		s.polygon(x, y, r, 8, math.Pi/8)
		s.bang(x, y, r, on)
	case document.High, document.Medium, document.Low:
		s.polygon(x, y+r*0.12, r*1.12, 3, -math.Pi/2)
		s.bang(x, y+r*0.12, r*0.8, on)
	case document.Good:
		s.f.Circle(x, y, r, "F")
		s.draw(on, r*0.26)
		s.f.SetLineCapStyle("round")
		s.f.SetLineJoinStyle("round")
		s.f.MoveTo(x-r*0.46, y+r*0.02)
		s.f.LineTo(x-r*0.12, y+r*0.38)
		s.f.LineTo(x+r*0.48, y-r*0.36)
		s.f.DrawPath("D")
		s.f.SetLineCapStyle("butt")
		s.f.SetLineJoinStyle("miter")
	default:
		s.f.Circle(x, y, r, "F")
		s.fill(on)
		s.f.Circle(x, y-r*0.42, r*0.15, "F")
		s.f.Rect(x-r*0.11, y-r*0.14, r*0.22, r*0.66, "F")
	}
}

func (s *sheet) polygon(x, y, r float64, corners int, turn float64) {
	for i := range corners {
		a := turn + 2*math.Pi*float64(i)/float64(corners)
		px, py := x+r*math.Cos(a), y+r*math.Sin(a)
		if i == 0 {
			s.f.MoveTo(px, py)
			continue
		}
		s.f.LineTo(px, py)
	}
	s.f.ClosePath()
	s.f.DrawPath("F")
}

// bang is an exclamation mark.
func (s *sheet) bang(x, y, r float64, c rgb) {
	s.fill(c)
	s.f.Rect(x-r*0.12, y-r*0.52, r*0.24, r*0.62, "F")
	s.f.Circle(x, y+r*0.4, r*0.15, "F")
}
