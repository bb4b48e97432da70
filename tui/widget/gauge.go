package widget

import (
	"math"
	"strings"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Gauge is a bar from Min to Max with the value on it. Where Low or High is set, values beyond are drawn as warnings.
type Gauge struct {
	Value, Min, Max float64
	Low, High       *float64
	Tone            theme.Tone
}

// View draws the bar, width columns wide.
func (g Gauge) View(l screen.Look, width int) string {
	tone := g.Tone
	if g.beyond() {
		tone = theme.Warn
	}
	n := int(math.Round(share(g.Value, g.Min, g.Max) * float64(width)))
	return l.Paint(tone, strings.Repeat(l.Theme.Glyphs.Full, n)) + l.Paint(theme.Rule, strings.Repeat(l.Theme.Glyphs.Empty, max(0, width-n)))
}

func (g Gauge) beyond() bool {
	return g.Low != nil && g.Value < *g.Low || g.High != nil && g.Value > *g.High
}

// share is where v stands between lo and hi, from 0 to 1. What is no number stands at 0.
func share(v, lo, hi float64) float64 {
	if !(hi > lo) || math.IsNaN(v) {
		return 0
	}
	return max(0, min((v-lo)/(hi-lo), 1))
}

// Progress is a bar of done parts out of all, width columns wide.
func Progress(l screen.Look, done, total, width int) string {
	return Gauge{Value: float64(done), Max: float64(max(total, 1)), Tone: theme.Accent}.View(l, width)
}

// Margin draws where a value stands between its limits: the allowed span, and the value on it. A missing limit
// leaves that end open. Values outside stand beyond the ends.
type Margin struct {
	Value    float64
	Min, Max *float64
	Severity theme.Severity
}

// View draws the bar, width columns wide.
func (m Margin) View(l screen.Look, width int) string {
	if width < 5 || m.Min == nil && m.Max == nil {
		return blank(max(width, 0))
	}
	g := l.Theme.Glyphs
	lo, hi := m.span()
	inner := width - 2 // one column beyond either end
	cells := make([]string, width)
	for i := range cells {
		cells[i] = l.Paint(theme.Rule, g.Line)
	}
	cells[0], cells[width-1] = " ", " "
	if m.Min != nil {
		cells[1] = l.Paint(theme.Faint, "├")
	}
	if m.Max != nil {
		cells[width-2] = l.Paint(theme.Faint, "┤")
	}
	at := 1 + int(math.Round(share(m.Value, lo, hi)*float64(inner-1)))
	switch {
	case m.Min != nil && m.Value < *m.Min:
		at = 0
	case m.Max != nil && m.Value > *m.Max:
		at = width - 1
	}
	cells[at] = l.Paint(m.Severity.Tone(), m.Severity.Glyph(g))
	return strings.Join(cells, "")
}

// span is what the bar covers. With one limit it goes from it to twice its distance from zero or the value.
func (m Margin) span() (lo, hi float64) {
	switch {
	case m.Min != nil && m.Max != nil:
		return *m.Min, *m.Max
	case m.Max != nil:
		return min(0, m.Value, *m.Max-1e-9), *m.Max
	}
	return *m.Min, max(2*math.Abs(*m.Min), m.Value, *m.Min+1e-9)
}
