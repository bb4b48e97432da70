package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	_ "image/gif"  // pictures of shops and phones
	_ "image/jpeg" // come in these forms
	"image/png"

	"codeberg.org/go-pdf/fpdf"

	"github.com/fleetms/obdctl/internal/report/document"
)

// mostPixels is how large a picture may be: 50 megapixels, more than phones make.
const mostPixels = 50_000_000

// picture sets an image into a box of at most width and height and returns its size on paper; 0 when it cannot be read.
func (s *sheet) picture(p *document.Picture, x, y, width, high float64) (w, h float64) {
	config, _, err := image.DecodeConfig(bytes.NewReader(p.Data))
	if err != nil || config.Width <= 0 || config.Height <= 0 || config.Width > mostPixels/config.Height {
		return 0, 0
	}
	img, _, err := image.Decode(bytes.NewReader(p.Data))
	if err != nil {
		return 0, 0
	}
	scale := min(width/float64(config.Width), high/float64(config.Height))
	w, h = float64(config.Width)*scale, float64(config.Height)*scale
	data, err := plainPNG(img)
	if err != nil {
		s.fail("set picture", err)
		return 0, 0
	}
	s.pictures++
	name := fmt.Sprintf("picture%d", s.pictures)
	s.f.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(data))
	s.f.ImageOptions(name, x, y, w, h, false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
	return w, h
}

// mostSide is how many pixels a side of an embedded picture has: 300 dots an inch over the width of a page.
const mostSide = 2000

// plainPNG makes a PNG of eight bits without interlace, no larger than paper can show.
func plainPNG(img image.Image) ([]byte, error) {
	b := img.Bounds()
	step := max((b.Dx()+mostSide-1)/mostSide, (b.Dy()+mostSide-1)/mostSide, 1)
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx()/step, b.Dy()/step))
	if step == 1 {
		draw.Draw(out, out.Bounds(), img, b.Min, draw.Src)
	} else {
		for y := range out.Rect.Dy() {
			for x := range out.Rect.Dx() {
				out.Set(x, y, img.At(b.Min.X+x*step+step/2, b.Min.Y+y*step+step/2))
			}
		}
	}
	var buf bytes.Buffer
	err := png.Encode(&buf, out)
	return buf.Bytes(), err
}
