package live

import (
	"math"
	"strings"

	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// dial is from where to where a gauge goes until a value is beyond, in the signal's unit.
func dial(r trace.Row) (lo, hi float64) {
	switch r.Signal {
	case "RPM":
		return 0, 7000
	case "VSS":
		return 0, 200
	case "ECT", "EOT":
		return -20, 130
	case "IAT", "AAT":
		return -20, 80
	case "VPWR":
		return 10, 16
	case "MAP", "BARO":
		return 0, 120
	case "SPARKADV":
		return -20, 60
	case "SHRTFT1", "SHRTFT2", "LONGFT1", "LONGFT2":
		return -25, 25
	}
	if r.Unit == "%" {
		return 0, 100
	}
	return 0, 0
}

// scale is the dial of a signal, widened to round numbers where a value was beyond.
func scale(r trace.Row) (lo, hi float64) {
	lo, hi = dial(r)
	if lo == hi {
		lo, hi = min(0, r.Min), max(0, r.Max)
	}
	if r.Min < lo {
		lo = -ceil(-r.Min)
	}
	if r.Max > hi || hi == lo {
		hi = ceil(r.Max)
	}
	if !(hi > lo) {
		hi = lo + 1
	}
	return lo, hi
}

// ceil is the next of 1, 1.5, 2, 3, 5, 7.5 times a power of ten.
func ceil(v float64) float64 {
	if v <= 0 {
		return v
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, f := range []float64{1, 1.5, 2, 3, 5, 7.5} {
		if v <= f*power {
			return f * power
		}
	}
	return 10 * power
}

const (
	gaugeLines = 4  // with the empty one below
	gaugeWidth = 34 // at the least
)

// columns is how many gauges stand beside each other.
func (s *Screen) columns() int { return max(1, (s.look.Width+3)/(gaugeWidth+3)) }

// walk moves between gauges.
func (s *Screen) walk(k string) {
	n := s.columns()
	by := map[string]int{
		"left": -1, "right": 1, "up": -n, "down": n, "h": -1, "l": 1, "k": -n, "j": n,
		"pgup": -n * s.gaugeRows(), "pgdown": n * s.gaugeRows(), "home": -len(s.rows), "end": len(s.rows),
	}[k]
	if by != 0 {
		s.table.Move(by)
	}
}

func (s *Screen) gaugeRows() int { return max(1, (s.look.Height-1)/gaugeLines) }

// gaugesView shows a gauge for each signal, those around the chosen one when not all fit.
func (s *Screen) gaugesView() string {
	n, rows := s.columns(), s.gaugeRows()
	width := (s.look.Width - 3*(n-1)) / n
	first := max(0, s.table.Cursor/n-rows+1) * n
	var lines []string
	for at := first; at < min(first+n*rows, len(s.rows)); at += n {
		var cells []string
		for i := at; i < min(at+n, len(s.rows)); i++ {
			cells = append(cells, s.gauge(i, width))
		}
		lines = append(lines, widget.Beside(3, cells...), "")
	}
	if rest := len(s.rows) - first - n*rows; rest > 0 && len(lines) > 0 {
		lines[len(lines)-1] = s.look.Paint(theme.Faint, s.look.Theme.Glyphs.Down+" "+s.look.N("tui.live.more", rest))
	}
	return strings.Join(lines, "\n")
}

func (s *Screen) gauge(i, width int) string {
	l, r := s.look, s.rows[i]
	value := l.Paint(alarmTone(r, theme.Strong), s.number(r, r.Value)) + " " + l.Paint(theme.Faint, s.symbol(r))
	if r.Text != "" {
		value = l.Paint(theme.Strong, widget.Fit(widget.Clean(r.Text), width/2))
	}
	mark := "  "
	name := widget.Clean(r.Name)
	if i == s.table.Cursor {
		mark = l.Paint(theme.Accent, l.Theme.Glyphs.Here) + " "
		name = l.Paint(theme.Strong, name)
	}
	head := split(mark+name, value, width)
	if r.Text != "" || r.Count == 0 {
		return head + "\n" + widget.Fit("", width) + "\n" + widget.Fit("", width)
	}
	lo, hi := scale(r)
	bar := widget.Gauge{Value: r.Value, Min: lo, Max: hi, Low: r.Limits.Low, High: r.Limits.High, Tone: theme.Accent}.View(l, width-2)
	middle := ""
	if words := s.beyond(r); words != "" {
		middle = widget.Mark(l, theme.High, words)
	}
	left := l.Paint(theme.Faint, s.end(r, lo))
	if middle != "" {
		left += "  " + middle
	}
	return head + "\n  " + bar + "\n  " + widget.Split(left, l.Paint(theme.Faint, s.end(r, hi)), width-2)
}

// end writes an end of a scale.
func (s *Screen) end(r trace.Row, v float64) string {
	shown, _ := s.look.In(v, r.Unit)
	if shown == math.Trunc(shown) {
		return s.look.Words.Number(shown, 0)
	}
	return s.look.Words.Number(shown, places(math.Abs(shown)))
}
