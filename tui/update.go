package tui

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// Update carries a message to where it belongs.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.relook()
		return m, nil
	case tea.BackgroundColorMsg:
		if m.dark != msg.IsDark() {
			m.dark = msg.IsDark()
			m.relook()
		}
		return m, nil
	case tea.InterruptMsg:
		return m, m.quit()
	case quitMsg:
		return m, tea.Quit
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case tea.MouseMsg:
		return m, m.mouse(msg)
	case tea.PasteMsg:
		return m, m.input(msg)
	case screen.GoMsg:
		return m, m.turn(m.find(msg.Name))
	case screen.BackMsg:
		return m, m.back()
	case screen.ToastMsg:
		return m, m.pop(msg)
	case screen.AskMsg:
		m.overlay = widget.NewConfirm(msg)
		return m, nil
	case screen.OverlayMsg:
		m.overlay = msg.Overlay
		return m, nil
	case SetMsg:
		m.set(msg)
		return m, nil
	case fadeMsg:
		m.fade(msg)
		return m, nil
	}
	return m, m.tell(msg)
}

// tell hands a message to every screen, after the frame took what it shows itself.
func (m *Model) tell(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	switch msg := msg.(type) {
	case screen.Link:
		cmds = append(cmds, m.linked(msg))
	case screen.Vehicle:
		m.vehicle = msg
	case screen.Scan:
		m.scan = msg
	}
	if m.overlay != nil {
		cmds = append(cmds, m.toOverlay(msg))
	}
	for _, p := range m.pages {
		cmds = append(cmds, p.Screen.Update(msg))
	}
	return tea.Batch(cmds...)
}

// linked takes how the connection is, and tells when it came back: a loss may be shorter than a glance.
func (m *Model) linked(now screen.Link) tea.Cmd {
	isAway := func(l screen.Link) bool { return l.State == screen.Lost || l.State == screen.Silent }
	before := m.car
	m.car = now
	switch {
	case isAway(now):
		if !isAway(before) {
			m.awaySince = now.Since
		}
	case isAway(before) && now.Up():
		away := m.look.Words.Number(now.Since.Sub(m.awaySince).Seconds(), 1) + " s"
		return m.pop(screen.ToastMsg{Severity: theme.Fine, Text: m.look.T("tui.shell.link_back", "time", away)})
	}
	return nil
}

// input hands a key, a click or pasted text to whatever is in front.
func (m *Model) input(msg tea.Msg) tea.Cmd {
	if m.overlay != nil {
		return m.toOverlay(msg)
	}
	if len(m.pages) == 0 {
		return nil
	}
	return m.pages[m.front].Screen.Update(msg)
}

func (m *Model) toOverlay(msg tea.Msg) tea.Cmd {
	asked := m.overlay
	done, cmd := asked.Update(msg)
	if done && m.overlay == asked {
		m.overlay = nil
	}
	return cmd
}

type quitMsg struct{}

// quit ends everything in a command, so that the screen says so meanwhile; a second time it ends at once.
func (m *Model) quit() tea.Cmd {
	if m.quits {
		return tea.Quit
	}
	m.quits = true
	m.leave()
	return func() tea.Msg {
		if m.o.Quit != nil {
			m.o.Quit()
		}
		return quitMsg{}
	}
}

// SetMsg changes how everything looks; nil leaves a thing as it is.
type SetMsg struct {
	Theme *string
	Look  func(*screen.Look) // units, words, zone
}

func (m *Model) set(s SetMsg) {
	if s.Theme != nil {
		m.theme = *s.Theme
	}
	if s.Look != nil {
		s.Look(&m.look)
	}
	m.relook()
}
