package console

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
)

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.console.about") }

// Actions are what a person can do here. While the field is in focus the page itself binds their keys.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	wipe := screen.Action{ID: "console.wipe", Title: t("tui.console.wipe"), Short: t("tui.console.wipe_short"), Keys: []string{"ctrl+l"}, Run: s.wipe}
	older := screen.Action{ID: "console.older", Title: t("tui.console.older"), Short: t("tui.console.older_short"), Keys: []string{"pgup"}, Run: func() tea.Cmd {
		s.scroll(max(s.logHeight()-1, 1))
		return nil
	}}
	if !s.Typing() {
		return []screen.Action{
			{ID: "console.type", Title: t("tui.console.type"), Short: t("tui.console.type_short"), Keys: []string{"enter", "i"}, Run: func() tea.Cmd {
				s.input.Focus()
				return nil
			}},
			older, wipe,
		}
	}
	send := screen.Action{ID: "console.send", Title: t("tui.console.send"), Short: t("tui.console.send_short"), Keys: []string{"enter"}, Run: s.send}
	if !s.link.Up() {
		send.Not = t("tui.console.no_car")
	}
	return []screen.Action{
		send,
		{ID: "console.recall", Title: t("tui.console.recall"), Short: t("tui.console.recall_short"), Keys: []string{"up"}, Run: func() tea.Cmd {
			s.remember(-1)
			return nil
		}},
		{ID: "console.leave", Title: t("tui.console.leave"), Short: t("tui.console.leave_short"), Keys: []string{"esc"}, Run: func() tea.Cmd {
			s.input.Blur()
			return nil
		}},
		older, wipe,
	}
}
