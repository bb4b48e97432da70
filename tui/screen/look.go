package screen

import (
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/tui/theme"
)

// Look is how a screen is to be drawn now.
type Look struct {
	Width, Height int // of the body, in columns and lines
	Theme         *theme.Theme
	Words         *lang.Words
	Imperial      bool
	Zone          *time.Location
	// Linear is for screen readers: lines from top to bottom, no boxes, plots or columns that need eyes, and
	// nothing that changes by itself without being asked.
	Linear bool
}

// Narrow tells that columns beside each other do not fit.
func (l Look) Narrow() bool { return l.Width < 60 }

// Wide tells that there is room for a second column of panels.
func (l Look) Wide() bool { return l.Width >= 96 && !l.Linear }

// Quantity is a value with its unit, in the person's units and digits.
func (l Look) Quantity(value float64, code string) (number, symbol string) {
	if l.Imperial {
		value, code = unit.Imperial(value, code)
	}
	return l.Words.Number(value, digits(value)), unit.Symbol(code)
}

// In is a value in the person's units, for plots and limits.
func (l Look) In(value float64, code string) (float64, string) {
	if l.Imperial {
		value, code = unit.Imperial(value, code)
	}
	return value, unit.Symbol(code)
}

// digits are as many as a glance needs: three significant ones, none behind the point of large numbers.
func digits(v float64) int {
	if v < 0 {
		v = -v
	}
	switch {
	case v >= 100 || v == float64(int64(v)):
		return 0
	case v >= 10:
		return 1
	case v >= 1:
		return 2
	}
	return 3
}

// Paint draws text in a tone.
func (l Look) Paint(tone theme.Tone, text string) string { return l.Theme.Paint(tone, text) }

// T is a message of the person's language.
func (l Look) T(key string, pairs ...any) string { return l.Words.T(key, pairs...) }

// N is a message with a plural.
func (l Look) N(key string, n int, pairs ...any) string { return l.Words.N(key, n, pairs...) }

// When is day and time in the person's zone.
func (l Look) When(t time.Time) string { return l.Words.DateTime(t.In(l.Zone)) }
