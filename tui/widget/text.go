// Package widget holds the parts that screens are built of: table, gauge, plot, margin bar, badge, panel, dialog,
// form, picker. Each draws itself from plain values and a [screen.Look]; none knows where its values come from.
package widget

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Clean replaces control characters, so that no byte of a car or a file can drive the terminal.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r < 0x20 || r == 0x7F || r >= 0x80 && r < 0xA0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069:
			return '·'
		}
		return r
	}, s)
}

// Fit makes s exactly width columns: it is cut with an ellipsis, or filled with blanks.
func Fit(s string, width int) string {
	w := ansi.StringWidth(s)
	if w == width {
		return s
	}
	if width <= 0 {
		return ""
	}
	if w > width {
		s = ansi.Truncate(s, width, "…")
		w = ansi.StringWidth(s)
	}
	return s + blank(width-w)
}

// FitRight is [Fit] with the blanks in front.
func FitRight(s string, width int) string {
	w := ansi.StringWidth(s)
	if w >= width {
		return Fit(s, width)
	}
	return blank(width-w) + s
}

const blanks = "                                                                                                                                "

func blank(n int) string {
	if n <= 0 {
		return ""
	}
	if n <= len(blanks) {
		return blanks[:n]
	}
	return strings.Repeat(" ", n)
}

// Wrap breaks s at blanks into lines of at most width columns.
func Wrap(s string, width int) []string {
	if width <= 0 {
		return nil
	}
	return strings.Split(ansi.Wrap(s, width, ""), "\n")
}

// Block makes text exactly width by height: longer lines and more of them are cut, missing ones are blank.
func Block(text string, width, height int) string {
	lines := strings.Split(text, "\n")
	out := make([]string, height)
	for i := range out {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out[i] = Fit(line, width)
	}
	return strings.Join(out, "\n")
}

// Split puts left and right on one line of width columns; right gives way when both do not fit.
func Split(left, right string, width int) string {
	l, r := ansi.StringWidth(left), ansi.StringWidth(right)
	if l+r+1 > width {
		return Fit(left, width)
	}
	return left + blank(width-l-r) + right
}

// Beside puts blocks next to each other, gap columns apart. Each is as wide as given.
func Beside(gap int, blocks ...string) string {
	var parts []string
	for i, b := range blocks {
		if i > 0 {
			parts = append(parts, blank(gap))
		}
		parts = append(parts, b)
	}
	return lipgloss.JoinHorizontal(lipgloss.Top, parts...)
}

// Stack puts blocks below each other with an empty line between; empty ones are left out.
func Stack(blocks ...string) string {
	var parts []string
	for _, b := range blocks {
		if b != "" {
			parts = append(parts, b)
		}
	}
	return strings.Join(parts, "\n\n")
}
