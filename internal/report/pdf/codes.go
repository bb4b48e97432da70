package pdf

import (
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/code128"
	"github.com/boombuler/barcode/qr"
)

// vinCodes draws the VIN as Code 128 (ISO/IEC 15417) and QR code (ISO/IEC 18004), ending at right, and returns how wide
// they are together; 0 when the text cannot be coded.
func (s *sheet) vinCodes(vin string, right, y float64) float64 {
	const size, gap, barWide, barHigh = 50.0, 14.0, 176.0, 30.0
	vin = strings.TrimSpace(vin)
	if len(vin) > 32 {
		return 0
	}
	square, err := qr.Encode(vin, qr.M, qr.Auto)
	if err != nil {
		return 0
	}
	s.box(right-size, y-2, size, size, white)
	s.matrix(square, right-size+3, y+1, size-6)
	bars, err := code128.Encode(vin)
	if err != nil {
		return size
	}
	x := right - size - gap - barWide
	s.box(x-6, y-2, barWide+12, size, white)
	s.bars(bars, x, y+2, barWide, barHigh)
	t := style{size: 7.6, color: ink}
	text := clean(vin, s.rule)
	s.put(x+(barWide-s.widthOf(text, t))/2, y+barHigh+12, text, t)
	return size + gap + barWide + 6
}

// bars draws a one-line code, each run of dark modules as one box.
func (s *sheet) bars(code barcode.Barcode, x, y, width, high float64) {
	b := code.Bounds()
	module := width / float64(b.Dx())
	s.fill(rgb{})
	for i := b.Min.X; i < b.Max.X; i++ {
		if !dark(code, i, b.Min.Y) {
			continue
		}
		from := i
		for i < b.Max.X && dark(code, i, b.Min.Y) {
			i++
		}
		s.f.Rect(x+float64(from-b.Min.X)*module, y, float64(i-from)*module, high, "F")
	}
}

// matrix draws a square code, each run of dark modules of a row as one box.
func (s *sheet) matrix(code barcode.Barcode, x, y, size float64) {
	b := code.Bounds()
	module := size / float64(b.Dx())
	s.fill(rgb{})
	for row := b.Min.Y; row < b.Max.Y; row++ {
		for i := b.Min.X; i < b.Max.X; i++ {
			if !dark(code, i, row) {
				continue
			}
			from := i
			for i < b.Max.X && dark(code, i, row) {
				i++
			}
			// A little more than a module, so that no hairline shows between rows.
			s.f.Rect(x+float64(from-b.Min.X)*module, y+float64(row-b.Min.Y)*module, float64(i-from)*module, module*1.02, "F")
		}
	}
}

func dark(code barcode.Barcode, x, y int) bool {
	r, _, _, _ := code.At(x, y).RGBA()
	return r < 0x8000
}
