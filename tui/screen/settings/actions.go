package settings

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.settings.about") }

// Actions are what a person can do here. The looks stand in the palette of every page; they are actions of this one and not
// of the frame, so that their titles follow the language.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	change := screen.Action{ID: "settings.change", Title: t("tui.settings.change"), Short: t("tui.settings.change_short"), Keys: []string{"enter"}, Run: s.change}
	if _, ok := s.chosen(); !ok {
		change.Not = t("tui.settings.reading")
	}
	all := []screen.Action{change}
	for _, group := range []struct {
		name   string
		values []string
	}{{"theme", theme.Names()}, {"units", []string{"metric", "imperial"}}, {"language", lang.Tags()}} {
		for _, v := range group.values {
			all = append(all, screen.Action{
				ID: "settings." + group.name + "." + v, Title: s.label(group.name) + ": " + s.value(group.name, v),
				Run: func() tea.Cmd { return s.save(group.name, v) },
			})
		}
	}
	return all
}
