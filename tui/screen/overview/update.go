package overview

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
)

type (
	scannedMsg struct{ err error }
	spinMsg    struct{}
)

// Update takes what is read of the car.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Scan:
		s.state = msg
	case screen.Link:
		if !msg.Up() && msg.State != screen.Lost && msg.State != screen.Silent || msg.Address != s.link.Address {
			s.asked = false // another car comes
		}
		s.link = msg
	case scannedMsg:
		s.stop = nil
		return screen.Fail(msg.err)
	case spinMsg:
		if s.stop != nil {
			s.spin++
			return s.turn()
		}
	case tea.KeyPressMsg, tea.MouseWheelMsg:
		s.top.Input(msg, s.look.Height)
	}
	return nil
}

func (s *Screen) turn() tea.Cmd {
	if s.look.Linear {
		return nil
	}
	return tea.Tick(120*time.Millisecond, func(time.Time) tea.Msg { return spinMsg{} })
}

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.overview.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	again := screen.Action{ID: "overview.scan", Title: t("tui.overview.scan"), Short: t("tui.overview.scan_short"), Keys: []string{"s"}, Run: s.scan}
	switch {
	case s.stop != nil:
		again.Not = t("tui.overview.runs")
	case !s.link.Up():
		again.Not = t("tui.overview.no_car")
	}
	all := []screen.Action{again}
	if s.stop != nil {
		all = append(all, screen.Action{ID: "overview.stop", Title: t("tui.overview.stop"), Short: t("tui.overview.stop_short"), Keys: []string{"esc"}, Run: func() tea.Cmd {
			s.stop()
			return nil
		}})
	}
	for _, to := range []struct{ key, page, title, short string }{
		{"c", "codes", "tui.overview.to_codes", "tui.overview.to_codes_short"},
		{"l", "live", "tui.overview.to_live", "tui.overview.to_live_short"},
		{"f", "freeze", "tui.overview.to_freeze", "tui.overview.to_freeze_short"},
	} {
		all = append(all, screen.Action{ID: "overview." + to.page, Title: t(to.title), Short: t(to.short), Keys: []string{to.key}, Run: func() tea.Cmd { return screen.Go(to.page) }})
	}
	return all
}
