// Package measure says how wide a text is in the letters of typeface.
package measure

import (
	"sync"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/fleetms/obdctl/internal/chart/typeface"
)

// Rule measures texts; it is not for several goroutines at once.
type Rule struct {
	fonts  [2]*sfnt.Font
	buffer sfnt.Buffer
	widths [2]map[rune]float64 // of an em
}

var fonts = sync.OnceValue(func() [2]*sfnt.Font {
	regular, err := sfnt.Parse(typeface.Regular())
	if err != nil {
		panic(err) // embedded, and read by the tests
	}
	medium, err := sfnt.Parse(typeface.Medium())
	if err != nil {
		panic(err)
	}
	return [2]*sfnt.Font{regular, medium}
})

// New returns a rule.
func New() *Rule {
	return &Rule{fonts: fonts(), widths: [2]map[rune]float64{{}, {}}}
}

// Has tells whether there is a letter for r.
func (m *Rule) Has(r rune) bool {
	i, err := m.fonts[0].GlyphIndex(&m.buffer, r)
	return err == nil && i != 0
}

// Width returns the width of a text in letters of a size, in the same unit.
func (m *Rule) Width(text string, size float64, strong bool) float64 {
	f := 0
	if strong {
		f = 1
	}
	sum := 0.0
	for _, r := range text {
		w, ok := m.widths[f][r]
		if !ok {
			w = m.advance(f, r)
			m.widths[f][r] = w
		}
		sum += w
	}
	return sum * size
}

func (m *Rule) advance(f int, r rune) float64 {
	const em = 1000
	i, err := m.fonts[f].GlyphIndex(&m.buffer, r)
	if err != nil {
		return 0
	}
	a, err := m.fonts[f].GlyphAdvance(&m.buffer, i, fixed.I(em), 0)
	if err != nil {
		return 0
	}
	return float64(a) / 64 / em
}
