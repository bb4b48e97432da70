package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// help is the overlay that explains the page in front: what it is for, and every key.
type help struct {
	title, text string
	own, frame  []screen.Action
	top         int
}

func (m *Model) openHelp() tea.Cmd {
	h := &help{frame: m.actions()}
	if len(m.pages) > 0 {
		s := m.pages[m.front].Screen
		h.title, h.text, h.own = m.title(m.front), s.Help(), s.Actions()
	}
	m.overlay = h
	return nil
}

// Update scrolls; any other key takes the help away.
func (h *help) Update(msg tea.Msg) (bool, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyPressMsg:
		switch msg.String() {
		case "up", "k":
			h.top = max(0, h.top-1)
		case "down", "j":
			h.top++
		case "pgup":
			h.top = max(0, h.top-8)
		case "pgdown", "space":
			h.top += 8
		default:
			return true, nil
		}
	case tea.MouseClickMsg:
		return true, nil
	}
	return false, nil
}

// View draws the help.
func (h *help) View(l screen.Look) string {
	width, rows := min(l.Width-6, 60), max(4, l.Height-5)
	lines := widget.Wrap(h.text, width)
	lines = append(lines, "")
	lines = append(lines, keyLines(l, h.own, width)...)
	lines = append(lines, "", l.Paint(theme.Strong, l.T("tui.shell.everywhere")))
	lines = append(lines, keyLines(l, h.frame, width)...)
	h.top = max(0, min(h.top, len(lines)-rows))
	shown := lines[h.top:min(len(lines), h.top+rows)]
	if rest := len(lines) - h.top - len(shown); rest > 0 {
		shown[len(shown)-1] = l.Paint(theme.Faint, l.Theme.Glyphs.Down+" "+l.T("tui.shell.more"))
	}
	return widget.Box(l, theme.Accent, h.title, strings.Join(shown, "\n"))
}

func keyLines(l screen.Look, all []screen.Action, width int) []string {
	const keys = 12
	var lines []string
	for _, a := range all {
		if len(a.Keys) == 0 {
			continue
		}
		names := make([]string, len(a.Keys))
		for i, k := range a.Keys {
			names[i] = widget.KeyName(l, k)
		}
		lines = append(lines, widget.Fit(l.Paint(theme.Key, widget.Fit(strings.Join(names, " "), keys))+"  "+a.Title, width))
	}
	return lines
}
