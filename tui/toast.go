package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// toast is the line above the foot.
type toast struct {
	screen.ToastMsg
	id int
}

type fadeMsg struct{ id int }

// How long a toast stays: longer when there is something to do.
const (
	toastTime = 4 * time.Second
	hintTime  = 12 * time.Second
)

// pop shows a toast in place of the one before.
func (m *Model) pop(msg screen.ToastMsg) tea.Cmd {
	m.toast = toast{msg, m.toast.id + 1}
	stay, id := toastTime, m.toast.id
	if msg.Hint != "" || msg.Undo != nil {
		stay = hintTime
	}
	return tea.Tick(stay, func(time.Time) tea.Msg { return fadeMsg{id} })
}

func (m *Model) fade(f fadeMsg) {
	if f.id == m.toast.id {
		m.toast = toast{id: f.id}
	}
}

func (m *Model) toastLine(width int) string {
	t := m.toast
	if m.quits {
		return m.look.Paint(theme.Faint, m.look.T("tui.shell.quitting"))
	}
	if t.Text == "" {
		return ""
	}
	line := widget.Mark(m.look, t.Severity, widget.Clean(t.Text))
	switch {
	case t.Undo != nil:
		line += "   " + m.look.Paint(theme.Key, "u") + " " + m.look.Paint(theme.Faint, m.look.T("tui.shell.undo"))
	case t.Hint != "":
		line += m.look.Paint(theme.Faint, "  "+widget.Clean(t.Hint))
	}
	return widget.Fit(line, width)
}
