package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

const (
	railWidth = 20  // of the list of pages at the left
	railFrom  = 110 // columns from which there is one
	smallest  = 24  // columns below which the page is cut instead of laid out
)

func (m *Model) hasRail() bool {
	return m.width >= railFrom && m.height >= len(m.pages)+9 && !m.look.Linear
}

// margin is the empty room at the left and right of the body.
func (m *Model) margin() int {
	if m.width < 60 {
		return 1
	}
	return 2
}

// body is the room of a screen.
func (m *Model) body() (width, height int) {
	width, height = m.width-2*m.margin(), m.height-5
	if m.hasRail() {
		width, height = width-railWidth-1, height+1
	}
	return max(width, 10), max(height, 1)
}

// origin is where the body begins.
func (m *Model) origin() (x, y int) {
	if m.hasRail() {
		return railWidth + 1 + m.margin(), 2
	}
	return m.margin(), 3
}

// View draws the whole terminal.
func (m *Model) View() tea.View {
	v := tea.NewView(m.draw())
	v.AltScreen = !m.look.Linear
	if !m.look.Linear {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.BackgroundColor, v.ForegroundColor = m.look.Theme.Back, m.look.Theme.Fore
	v.WindowTitle = "obdctl"
	if m.vehicle.Title != "" {
		v.WindowTitle += " · " + widget.Clean(m.vehicle.Title)
	}
	return v
}

func (m *Model) draw() string {
	if len(m.pages) == 0 {
		return ""
	}
	body := widget.Block(m.pages[m.front].Screen.View(), m.look.Width, m.look.Height)
	if m.overlay != nil {
		body = widget.Over(body, m.overlay.View(m.look), m.look.Width, m.look.Height)
	}
	if m.look.Linear {
		return m.linear(body)
	}
	lines := []string{m.titleBar()}
	pad := strings.Repeat(" ", m.margin())
	if m.hasRail() {
		rail := m.rail(m.look.Height + 1)
		lines = append(lines, rail[0])
		for i, l := range strings.Split(body, "\n") {
			lines = append(lines, rail[i+1]+pad+l)
		}
	} else {
		lines = append(lines, m.tabLine(), "")
		for l := range strings.SplitSeq(body, "\n") {
			lines = append(lines, pad+l)
		}
	}
	lines = append(lines, pad+m.toastLine(m.width-2*m.margin()), pad+m.foot(m.width-2*m.margin()))
	page := strings.Join(lines, "\n")
	if m.width < smallest || m.height < smallest/2 {
		page = widget.Block(page, m.width, m.height)
	}
	return page
}

// linear is the frame for screen readers: what and where first, the body, what just happened, the keys.
func (m *Model) linear(body string) string {
	lines := []string{"obdctl, " + m.title(m.front) + ". " + m.linkWords()}
	for l := range strings.SplitSeq(body, "\n") {
		if l = strings.TrimRight(l, " "); l != "" {
			lines = append(lines, l)
		}
	}
	if t := m.toastLine(m.width); t != "" {
		lines = append(lines, t)
	}
	return strings.Join(append(lines, m.foot(m.width)), "\n")
}

func (m *Model) foot(width int) string {
	var hints []widget.Hint
	for _, a := range m.pages[m.front].Screen.Actions() {
		if a.Short != "" && len(a.Keys) > 0 {
			hints = append(hints, widget.Hint{Key: widget.KeyName(m.look, a.Keys[0]), Text: a.Short, Faint: a.Not != ""})
		}
	}
	end := widget.Hint{Key: "?", Text: m.look.T("tui.shell.help_short")}
	if m.width >= 60 {
		hints = append(hints, widget.Hint{Key: ":", Text: m.look.T("tui.shell.palette_short")})
	}
	return widget.Foot(m.look, width, hints, end)
}

// rail is the list of pages at the left.
func (m *Model) rail(height int) []string {
	l := m.look
	edge := l.Paint(theme.Rule, l.Theme.Glyphs.Bar)
	lines := []string{widget.Fit("", railWidth) + edge}
	for g, group := range []string{"tui.shell.group_car", "tui.shell.group_kept", "tui.shell.group_desk"} {
		if g > 0 {
			lines = append(lines, widget.Fit("", railWidth)+edge)
		}
		lines = append(lines, l.Paint(theme.Faint, widget.Fit("  "+strings.ToUpper(l.T(group)), railWidth))+edge)
		for i, p := range m.pages {
			if p.Group != Group(g) {
				continue
			}
			lines = append(lines, m.railRow(i, p.Key)+edge)
		}
	}
	for len(lines) < height {
		lines = append(lines, widget.Fit("", railWidth)+edge)
	}
	return lines[:height]
}

func (m *Model) railRow(i int, key string) string {
	l := m.look
	if key == "" {
		key = " "
	}
	if i == m.front {
		return l.Theme.Over(theme.Accent).Render(l.Theme.Glyphs.Here) + l.Theme.Over(theme.Strong).Render(widget.Fit(" "+key+" "+m.title(i), railWidth-1))
	}
	return "  " + l.Paint(theme.Faint, key) + " " + widget.Fit(m.title(i), railWidth-4)
}
