package history

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
)

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.history.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	if s.result != nil {
		return []screen.Action{{ID: "history.lists", Title: t("tui.history.lists"), Short: t("tui.history.lists_short"), Keys: []string{"esc"}, Run: func() tea.Cmd {
			s.result = nil
			return nil
		}}}
	}
	none, single := "", ""
	if len(s.scans) == 0 || s.inCodes {
		none, single = t("tui.history.choose"), t("tui.history.choose")
	} else if s.pair() == nil {
		single = t("tui.history.choose_two")
	}
	scope, scopeShort := t("tui.history.all"), t("tui.history.all_short")
	if s.all {
		scope, scopeShort = t("tui.history.one"), t("tui.history.one_short")
	}
	other, otherShort := t("tui.history.to_codes"), t("tui.history.to_codes_short")
	if s.inCodes {
		other, otherShort = t("tui.history.to_scans"), t("tui.history.to_scans_short")
	}
	one := screen.Action{ID: "history.scope", Title: scope, Short: scopeShort, Keys: []string{"a"}, Run: func() tea.Cmd {
		s.all = !s.all
		return s.load()
	}}
	if s.vehicle.ID == "" {
		one.Not = t("tui.history.is_all")
	}
	return []screen.Action{
		{ID: "history.open", Title: t("tui.history.open"), Short: t("tui.history.open_short"), Keys: []string{"enter"}, Not: none, Run: s.open},
		{ID: "history.compare", Title: t("tui.history.compare"), Short: t("tui.history.compare_short"), Keys: []string{"c"}, Not: single, Run: s.compare},
		{ID: "history.codes", Title: other, Short: otherShort, Keys: []string{"o"}, Run: func() tea.Cmd {
			s.inCodes = !s.inCodes
			s.rows()
			return nil
		}},
		{ID: "history.mark", Title: t("tui.history.mark"), Short: t("tui.history.mark_short"), Keys: []string{"space"}, Not: none, Run: s.mark},
		one,
		{ID: "history.delete", Title: t("tui.history.delete"), Short: t("tui.history.delete_short"), Keys: []string{"x", "delete"}, Not: none, Run: s.remove},
	}
}
