// Package png draws charts as pictures, with smooth edges and the letters of typeface inside.
package png

import (
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/chart/typeface"
)

// Options say how a picture is made.
type Options struct {
	chart.Options
	Width, Height int     // pixels; zero means 1200, and what the chart wants
	Scale         float64 // pixels for each unit of the drawing, 2 when zero: for sharp screens
	Dark          bool
}

// largest is how many pixels a side may have.
const largest = 16_384

// ErrSize tells that a picture would be too large.
var ErrSize = errors.New("picture is larger than 16,384 pixels a side")

// Write draws a chart as PNG.
func Write(w io.Writer, c *chart.Chart, o Options) error {
	p, err := newPaper(c, o)
	if err != nil {
		return err
	}
	chart.Draw(p, c, o.Options)
	if p.err != nil {
		return p.err
	}
	return png.Encode(w, p.img)
}

func newPaper(c *chart.Chart, o Options) (*paper, error) {
	if o.Scale <= 0 {
		o.Scale = 2
	}
	if o.Width <= 0 {
		o.Width = 1200
	}
	m := chart.Metrics{Text: 13 * o.Scale, Small: 11 * o.Scale, Pad: 8 * o.Scale, Stroke: 1.2 * o.Scale}
	margin := 12 * o.Scale
	if o.Height <= 0 {
		o.Height = int(chart.Height(c, m, float64(o.Width)-2*margin) + 2*margin + 0.5)
	}
	if o.Width > largest || o.Height > largest {
		return nil, ErrSize
	}
	p := &paper{
		img: image.NewRGBA(image.Rect(0, 0, o.Width, o.Height)), m: m, margin: margin,
		w: float64(o.Width) - 2*margin, h: float64(o.Height) - 2*margin, faces: map[faceKey]font.Face{}, inks: chart.Light(),
	}
	if o.Dark {
		p.inks = chart.Dark()
	}
	ground := p.color(chart.Ground)
	for i := 0; i < len(p.img.Pix); i += 4 {
		p.img.Pix[i], p.img.Pix[i+1], p.img.Pix[i+2], p.img.Pix[i+3] = ground.R, ground.G, ground.B, 255
	}
	return p, nil
}

// paper is a picture that is drawn on, inside its margin.
type paper struct {
	img    *image.RGBA
	m      chart.Metrics
	margin float64
	w, h   float64
	inks   [chart.Inks]chart.RGB
	faces  map[faceKey]font.Face
	err    error
}

type faceKey struct {
	size   float64
	strong bool
}

func (p *paper) Size() (width, height float64) { return p.w, p.h }
func (p *paper) Metrics() chart.Metrics        { return p.m }

func (p *paper) color(i chart.Ink) color.RGBA {
	c := p.inks[i]
	return color.RGBA{R: c.R, G: c.G, B: c.B, A: 255}
}

// face returns the letters of a size; they are read once.
func (p *paper) face(l chart.Letters) font.Face {
	key := faceKey{l.Size, l.Strong}
	if f, ok := p.faces[key]; ok {
		return f
	}
	data := typeface.Regular()
	if l.Strong {
		data = typeface.Medium()
	}
	parsed, err := opentype.Parse(data)
	if err == nil {
		var f font.Face
		f, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: l.Size, DPI: 72, Hinting: font.HintingNone})
		if err == nil {
			p.faces[key] = f
			return f
		}
	}
	p.err = err
	return nil
}

func (p *paper) Width(text string, l chart.Letters) float64 {
	f := p.face(l)
	if f == nil {
		return 0
	}
	return float64(font.MeasureString(f, text)) / 64
}

func (p *paper) Text(at chart.Point, text string, l chart.Letters) {
	f := p.face(l)
	if f == nil || text == "" {
		return
	}
	x := at.X + p.margin
	switch l.Align {
	case chart.Center:
		x -= p.Width(text, l) / 2
	case chart.Right:
		x -= p.Width(text, l)
	}
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(p.color(l.Ink)), Face: f,
		Dot: fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6((at.Y + p.margin) * 64)}}
	d.DrawString(text)
}
