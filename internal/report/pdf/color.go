package pdf

import (
	"math"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/report/document"
)

type rgb = chart.RGB

var (
	white    = hue(0xFFFFFF)
	ink      = hue(0x1C2128)
	muted    = hue(0x5E6874)
	hairline = hue(0xD6DBE1)
	paleGrey = hue(0xF4F6F8)
	house    = hue(0x0B4F8A) // the accent of a shop that has none
)

// accentOf is the shop's colour, darkened until it can be read on white.
func accentOf(d *document.Document) rgb {
	if d.Shop == nil {
		return house
	}
	c, ok := parse(d.Shop.Color)
	if !ok {
		return house
	}
	for luminance(c) > 0.3 {
		c = mix(c, rgb{}, 0.12)
	}
	return c
}

func hue(n uint32) rgb { return rgb{R: uint8(n >> 16), G: uint8(n >> 8), B: uint8(n)} }

func parse(s string) (rgb, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 32)
	if err != nil || len(strings.TrimPrefix(s, "#")) != 6 {
		return rgb{}, false
	}
	return hue(uint32(n)), true
}

// luminance is the relative luminance of WCAG 2.
func luminance(c rgb) float64 {
	part := func(v uint8) float64 {
		x := float64(v) / 255
		if x <= 0.03928 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(c.R) + 0.7152*part(c.G) + 0.0722*part(c.B)
}

// mix goes from a to b by a part.
func mix(a, b rgb, part float64) rgb {
	m := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*part)) }
	return rgb{R: m(a.R, b.R), G: m(a.G, b.G), B: m(a.B, b.B)}
}

// skin is how a level looks: its own colour, what lies under text, and the text on it. In grey the levels still go from
// dark (critical) to light (good), and each has its own sign.
type skin struct{ strong, pale, on rgb }

func skinOf(l document.Level) skin {
	switch l {
	case document.Good:
		return skin{hue(0x007A5E), hue(0xE1F3EC), hue(0x005440)}
	case document.Low:
		return skin{hue(0xBE9614), hue(0xFFF7D6), hue(0x5C4600)}
	case document.Medium:
		return skin{hue(0xDE8F05), hue(0xFDEFD0), hue(0x6A4000)}
	case document.High:
		return skin{hue(0xC02828), hue(0xFAE2E0), hue(0x8C1018)}
	case document.Critical:
		return skin{hue(0x7A0A18), hue(0xF6D6D8), hue(0x6E0612)}
	case document.Info:
		return skin{hue(0x0B4F8A), hue(0xE2EDF7), hue(0x093E6E)}
	}
	return skin{muted, paleGrey, ink}
}
