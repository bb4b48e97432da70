package widget

import (
	"math"
	"strings"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

var sparks = [...]rune{'▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'}

// Spark draws the last values as a line of bars, width columns wide; NaN is a gap.
func Spark(l screen.Look, tone theme.Tone, values []float64, width int) string {
	if len(values) > width {
		values = values[len(values)-width:]
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if !math.IsNaN(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if hi-lo < 1e-9*max(math.Abs(lo), math.Abs(hi)) {
		hi = lo // what differs by rounding is level
	}
	var b strings.Builder
	for _, v := range values {
		switch {
		case math.IsNaN(v) || math.IsInf(v, 0):
			b.WriteByte(' ')
		case !l.Theme.Glyphs.Dots:
			b.WriteByte("_.-=*#"[int(share(v, lo, hi)*5)])
		default:
			b.WriteRune(sparks[int(share(v, lo, hi)*7)])
		}
	}
	return blank(width-len(values)) + l.Paint(tone, b.String())
}
