// Package svg draws charts as SVG 1.1, alone or inside a page.
package svg

import (
	"fmt"
	"html"
	"io"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/chart/typeface"
	"github.com/fleetms/obdctl/internal/chart/typeface/measure"
)

// Options say how a picture is made.
type Options struct {
	chart.Options
	Width, Height float64 // pixels; a zero height is what the chart wants
	// Inline adds the classes f0, s0, f1, s1, ... (fill and stroke of a [chart.Ink]), by which a page around it sets other
	// colours, and leaves out the ground.
	Inline bool
}

// Write draws a chart.
func Write(w io.Writer, c *chart.Chart, o Options) error {
	if o.Width <= 0 {
		o.Width = 720
	}
	p := &paper{width: o.Width, height: o.Height, m: Metrics(), inline: o.Inline, rule: measure.New()}
	if p.height <= 0 {
		p.height = chart.Height(c, p.m, p.width)
	}
	chart.Draw(p, c, o.Options)
	var b strings.Builder
	label := c.Alt
	if label == "" {
		label = c.Title
	}
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" role="img" aria-label="%s" font-family="%s">`,
		number(p.width), number(p.height), escape(label), escape(typeface.Name+", Helvetica, Arial, sans-serif"))
	b.WriteByte('\n')
	if !o.Inline {
		fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="%s"/>`+"\n", hex(chart.Light()[chart.Ground]))
	}
	b.WriteString(p.b.String())
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Metrics are the sizes of pictures, in pixels.
func Metrics() chart.Metrics {
	return chart.Metrics{Text: 13, Small: 11, Pad: 8, Stroke: 1.2}
}

type paper struct {
	b             strings.Builder
	width, height float64
	m             chart.Metrics
	inline        bool
	rule          *measure.Rule
}

func (p *paper) Size() (width, height float64) { return p.width, p.height }
func (p *paper) Metrics() chart.Metrics        { return p.m }

func (p *paper) Width(text string, s chart.Letters) float64 {
	return p.rule.Width(text, s.Size, s.Strong)
}

func (p *paper) Line(points []chart.Point, s chart.Stroke) {
	fmt.Fprintf(&p.b, `<polyline fill="none" %s stroke-width="%s"`, p.ink("stroke", s.Ink), number(s.Width))
	if len(s.Dash) > 0 {
		dash := make([]string, len(s.Dash))
		for i, d := range s.Dash {
			dash[i] = number(d)
		}
		fmt.Fprintf(&p.b, ` stroke-dasharray="%s"`, strings.Join(dash, " "))
	}
	fmt.Fprintf(&p.b, ` stroke-linejoin="round" points="%s"/>`+"\n", places(points))
}

func (p *paper) Area(points []chart.Point, ink chart.Ink) {
	fmt.Fprintf(&p.b, `<polygon %s points="%s"/>`+"\n", p.ink("fill", ink), places(points))
}

func (p *paper) Text(at chart.Point, text string, s chart.Letters) {
	if text == "" {
		return
	}
	fmt.Fprintf(&p.b, `<text x="%s" y="%s" font-size="%s" %s`, number(at.X), number(at.Y), number(s.Size), p.ink("fill", s.Ink))
	if s.Strong {
		p.b.WriteString(` font-weight="500"`)
	}
	if anchor := [...]string{"", "middle", "end"}[s.Align]; anchor != "" {
		fmt.Fprintf(&p.b, ` text-anchor="%s"`, anchor)
	}
	if s.Turned {
		fmt.Fprintf(&p.b, ` transform="rotate(-90 %s %s)"`, number(at.X), number(at.Y))
	}
	fmt.Fprintf(&p.b, ">%s</text>\n", escape(text))
}

func (p *paper) ink(use string, ink chart.Ink) string {
	plain := fmt.Sprintf(`%s="%s"`, use, hex(chart.Light()[ink]))
	if p.inline { // the page's style wins over the attribute, which serves readers without styles
		return fmt.Sprintf(`%s class="%c%d"`, plain, use[0], ink)
	}
	return plain
}

func hex(c chart.RGB) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

func places(points []chart.Point) string {
	var b strings.Builder
	for i, pt := range points {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(number(pt.X) + "," + number(pt.Y))
	}
	return b.String()
}

// number writes a length with two digits, which is finer than any screen.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', 2, 64)
	text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	if text == "-0" || text == "" {
		return "0"
	}
	return text
}

// escape makes a text fit for XML, which has no control characters at all.
func escape(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF || r == 0x7F {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
	return html.EscapeString(s)
}
