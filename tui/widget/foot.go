package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// KeyName writes a key as people know it: "↵" for enter, "^R" for ctrl+r. Where signs may be missing, or are read
// aloud, it stays a word.
func KeyName(l screen.Look, k string) string {
	if rest, ok := strings.CutPrefix(k, "ctrl+"); ok && !l.Linear {
		return "^" + strings.ToUpper(rest)
	}
	if !l.Theme.Glyphs.Dots {
		return k
	}
	switch k {
	case "enter":
		return "↵"
	case "space":
		return "␣"
	case "up":
		return "↑"
	case "down":
		return "↓"
	case "left":
		return "←"
	case "right":
		return "→"
	case "tab":
		return "⇥"
	case "backspace":
		return "⌫"
	case "delete":
		return "del"
	}
	return k
}

// Hint is a key with what it does, at the foot.
type Hint struct {
	Key, Text string
	Faint     bool // cannot be done now
}

// Foot lays hints out on one line, as many as fit; last stays at the right end whatever happens.
func Foot(l screen.Look, width int, hints []Hint, last Hint) string {
	end := hint(l, last.Key, last.Text)
	room := width - ansi.StringWidth(end) - 2
	var b strings.Builder
	used := 0
	for _, h := range hints {
		w := ansi.StringWidth(h.Key) + 1 + ansi.StringWidth(h.Text)
		if used > 0 {
			w += 3
		}
		if used+w > room {
			break
		}
		if used > 0 {
			b.WriteString("   ")
		}
		if h.Faint {
			b.WriteString(l.Paint(theme.Faint, h.Key+" "+h.Text))
		} else {
			b.WriteString(hint(l, h.Key, h.Text))
		}
		used += w
	}
	return Split(b.String(), end, width)
}

func hint(l screen.Look, key, text string) string {
	return l.Paint(theme.Key, key) + " " + l.Paint(theme.Faint, text)
}
