package widget

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Panel is a part of a page: its title on a rule with a remark at the right end, and the body below.
func Panel(l screen.Look, width int, title, remark, body string) string {
	head := l.Paint(theme.Strong, title)
	if l.Linear {
		head = title
		if remark != "" {
			head += ": " + ansi.Strip(remark)
		}
		return head + "\n" + body
	}
	room := width - ansi.StringWidth(title) - ansi.StringWidth(remark) - 2
	if remark == "" {
		room++
	} else if room < 1 {
		return Fit(head, width) + "\n" + Fit(remark, width) + "\n" + body
	}
	line := head + " " + l.Paint(theme.Rule, strings.Repeat(l.Theme.Glyphs.Line, max(room, 0)))
	if remark != "" {
		line += " " + remark
	}
	return line + "\n" + body
}

// Pair is a label with its value.
type Pair struct {
	Label, Value string
	Tone         theme.Tone // of the value
	Note         string     // faint, behind the value
}

// Pairs lays labels and values out in two aligned columns.
func Pairs(l screen.Look, width int, pairs ...Pair) string {
	label := 0
	for _, p := range pairs {
		label = max(label, ansi.StringWidth(p.Label))
	}
	label = min(label, width/2)
	var lines []string
	for _, p := range pairs {
		value := l.Paint(p.Tone, Clean(p.Value))
		if p.Note != "" {
			value += " " + l.Paint(theme.Faint, Clean(p.Note))
		}
		lines = append(lines, Fit(l.Paint(theme.Faint, Fit(p.Label, label))+"  "+value, width))
	}
	return strings.Join(lines, "\n")
}

// Badge is a severity with its sign and word.
func Badge(l screen.Look, s theme.Severity) string {
	return l.Paint(s.Tone(), s.Glyph(l.Theme.Glyphs)+" "+l.T(s.Key()))
}

// Mark is a sign with a word in the tone of a severity.
func Mark(l screen.Look, s theme.Severity, word string) string {
	return l.Paint(s.Tone(), s.Glyph(l.Theme.Glyphs)+" "+word)
}

// Empty is what stands where there is nothing yet: what it is, and what to do.
func Empty(l screen.Look, width int, what, hint string) string {
	lines := []string{""}
	for _, w := range Wrap(what, width) {
		lines = append(lines, l.Paint(theme.Strong, w))
	}
	for _, w := range Wrap(hint, width) {
		lines = append(lines, l.Paint(theme.Faint, w))
	}
	return strings.Join(lines, "\n")
}
