package codes

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
)

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.codes.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	var all []screen.Action
	if s.open {
		all = append(all,
			screen.Action{ID: "codes.fold", Title: t("tui.codes.fold"), Short: t("tui.codes.fold_short"), Keys: []string{"esc", "enter", "backspace"}, Run: func() tea.Cmd {
				s.open = false
				return nil
			}},
			screen.Action{ID: "codes.previous", Title: t("tui.codes.previous"), Short: t("tui.codes.previous_short"), Keys: []string{"left", "h"}, Run: func() tea.Cmd { return s.turn(-1) }},
			screen.Action{ID: "codes.next", Title: t("tui.codes.next"), Short: t("tui.codes.next_short"), Keys: []string{"right", "l"}, Run: func() tea.Cmd { return s.turn(1) }},
		)
	} else {
		open := screen.Action{ID: "codes.open", Title: t("tui.codes.open"), Short: t("tui.codes.open_short"), Keys: []string{"enter"}, Run: s.unfold}
		if _, ok := s.chosen(); !ok {
			open.Not = t("tui.codes.none")
		}
		all = append(all, open)
	}
	return append(all,
		screen.Action{ID: "codes.clear", Title: t("tui.codes.clear"), Short: t("tui.codes.clear_short"), Keys: []string{"x"}, Not: s.whyNot(), Run: s.clear},
		screen.Action{ID: "codes.freeze", Title: t("tui.codes.to_freeze"), Short: t("tui.codes.to_freeze_short"), Keys: []string{"f"}, Run: func() tea.Cmd { return screen.Go("freeze") }},
	)
}

// whyNot says why codes cannot be cleared now.
func (s *Screen) whyNot() string {
	t := s.look.T
	switch {
	case s.clearing || s.state.Running:
		return t("tui.codes.busy")
	case !s.link.Up():
		return t("tui.codes.no_car")
	case s.link.Replay:
		return t("tui.codes.replay")
	case s.state.Past:
		return t("tui.codes.past")
	case s.state.Scan == nil:
		return t("tui.codes.not_scanned")
	}
	return ""
}
