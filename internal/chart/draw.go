package chart

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/fleetms/obdctl/internal/lang"
)

// Options say for whom a chart is drawn. Zero fields mean English and UTC.
type Options struct {
	Words *lang.Words
	Zone  *time.Location
}

// pen draws one chart on one canvas.
type pen struct {
	Canvas
	m    Metrics
	w    *lang.Words
	zone *time.Location
}

// Draw draws a chart over the whole canvas. It never fails: what does not fit is left out or cut.
func Draw(c Canvas, what *Chart, o Options) {
	p := &pen{Canvas: c, m: c.Metrics(), w: o.Words, zone: o.Zone}
	if p.w == nil {
		p.w = lang.English()
	}
	if p.zone == nil {
		p.zone = time.UTC
	}
	width, height := c.Size()
	box := box{0, 0, width, height}
	if what.Title != "" {
		p.Text(Point{0, p.m.Text}, p.cut(what.Title, width, p.strong()), p.strong())
		box.y += p.m.Text + p.m.gap()
	}
	switch what.Kind {
	case Columns:
		p.columns(what, box)
	case Limits:
		p.margins(what, box)
	case Dials:
		p.gauges(what, box)
	case Matrix:
		p.matrix(what, box)
	default:
		p.xy(what, box)
	}
}

// Height is how high a chart wants to be on a canvas of a width with metrics m.
func Height(what *Chart, m Metrics, width float64) float64 {
	head := 0.0
	if what.Title != "" {
		head = m.Text + m.gap()
	}
	switch what.Kind {
	case Columns:
		return head + float64(max(len(what.Bars), 1))*barRow(m)
	case Limits:
		return head + marginHead(m) + float64(max(len(what.Margins), 1))*marginRow(m)
	case Matrix:
		return head + m.Small + m.Text + m.Pad*1.5 + float64(max(len(what.Cells), 1))*matrixRow(m)
	case Dials:
		perRow := gaugesPerRow(len(what.Gauges), width, m)
		rows := (max(len(what.Gauges), 1) + perRow - 1) / perRow
		return head + float64(rows)*gaugeHeight(width/float64(perRow), m)
	}
	return head + max(width*0.3, m.Text*14)
}

// gap is the distance of things above each other; where letters are cells there is none, so that all stay on their lines.
func (m Metrics) gap() float64 {
	if m.Coarse {
		return 0
	}
	return m.Pad
}

// box is a part of the canvas: its corners.
type box struct{ x, y, right, bottom float64 }

func (p *pen) plain() Letters  { return Letters{Size: p.m.Text, Ink: Text} }
func (p *pen) strong() Letters { return Letters{Size: p.m.Text, Ink: Text, Strong: true} }
func (p *pen) small() Letters  { return Letters{Size: p.m.Small, Ink: Muted} }

func (l Letters) aligned(a Align) Letters { l.Align = a; return l }
func (l Letters) in(ink Ink) Letters      { l.Ink = ink; return l }

// cut shortens a text to a width, with an ellipsis.
func (p *pen) cut(text string, width float64, l Letters) string {
	text = strings.ToValidUTF8(text, "")
	if len(text) > 400 {
		text = strings.ToValidUTF8(text[:400], "")
	}
	if p.Width(text, l) <= width {
		return text
	}
	for len(text) > 0 {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
		if p.Width(text+"…", l) <= width {
			return strings.TrimRight(text, " ,:;") + "…"
		}
	}
	return ""
}

func (p *pen) rectangle(b box, ink Ink) {
	p.Area([]Point{{b.x, b.y}, {b.right, b.y}, {b.right, b.bottom}, {b.x, b.bottom}}, ink)
}

func (p *pen) stroke(ink Ink, times float64) Stroke {
	return Stroke{Ink: ink, Width: p.m.Stroke * times}
}

func (p *pen) dashed(ink Ink, times float64, dash ...float64) Stroke {
	s := p.stroke(ink, times)
	for _, d := range dash {
		s.Dash = append(s.Dash, d*max(s.Width, 0.5))
	}
	return s
}
