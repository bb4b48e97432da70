package widget

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Box frames content for an overlay, with its title in the upper edge.
func Box(l screen.Look, tone theme.Tone, title, content string) string {
	if l.Linear {
		return title + "\n" + content
	}
	width := ansi.StringWidth(title) + 4
	for line := range strings.SplitSeq(content, "\n") {
		width = max(width, ansi.StringWidth(line))
	}
	edge := l.Theme.Style(tone)
	border := lipgloss.RoundedBorder()
	if !l.Theme.Glyphs.Dots {
		border = lipgloss.ASCIIBorder()
	}
	top := edge.Render(border.TopLeft+border.Top) + " " + l.Paint(theme.Strong, title) + " " +
		edge.Render(strings.Repeat(border.Top, max(0, width+2-ansi.StringWidth(title)-3))+border.TopRight)
	lines := []string{top}
	pad := edge.Render(border.Left) + blank(width+4-2) + edge.Render(border.Right)
	lines = append(lines, pad)
	for line := range strings.SplitSeq(content, "\n") {
		lines = append(lines, edge.Render(border.Left)+" "+Fit(line, width)+" "+edge.Render(border.Right))
	}
	lines = append(lines, pad, edge.Render(border.BottomLeft+strings.Repeat(border.Bottom, width+2)+border.BottomRight))
	return strings.Join(lines, "\n")
}

// Over lays a block over the middle of a page of width by height.
func Over(page, block string, width, height int) string {
	under := strings.Split(page, "\n")
	over := strings.Split(block, "\n")
	w := 0
	for _, o := range over {
		w = max(w, ansi.StringWidth(o))
	}
	x, y := max(0, (width-w)/2), max(0, (height-len(over))/2)
	for i, o := range over {
		at := y + i
		if at >= len(under) {
			break
		}
		line := Fit(under[at], width)
		under[at] = ansi.Truncate(line, x, "") + Fit(o, min(w, width-x)) + ansi.TruncateLeft(line, x+w, "")
	}
	return strings.Join(under, "\n")
}
