package connect

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.connect.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	all := []screen.Action{
		{ID: "connect.open", Title: t("tui.connect.open"), Short: t("tui.connect.open_short"), Keys: []string{"enter"}, Run: s.open},
		{ID: "connect.demo", Title: t("tui.connect.demo"), Short: t("tui.connect.demo_short"), Keys: []string{"d"}, Run: s.demo},
		{ID: "connect.demos", Title: t("tui.connect.demos"), Keys: []string{"D"}, Run: s.demos},
		{ID: "connect.address", Title: t("tui.connect.address"), Short: t("tui.connect.address_short"), Keys: []string{"a"}, Run: s.address},
		{ID: "connect.examine", Title: t("tui.connect.examine"), Short: t("tui.connect.examine_short"), Keys: []string{"p"}, Run: func() tea.Cmd {
			if c, ok := s.chosen(); ok {
				return s.examine(c.Address)
			}
			return nil
		}},
	}
	switch {
	case s.trying != "":
		all = append(all, screen.Action{ID: "connect.stop", Title: t("tui.connect.stop"), Short: t("tui.connect.stop_short"), Keys: []string{"esc"}, Run: func() tea.Cmd {
			s.stop()
			return nil
		}})
	case s.link.State != screen.Unplugged && s.link.State != screen.Failed:
		all = append(all, screen.Action{ID: "connect.leave", Title: t("tui.connect.leave"), Short: t("tui.connect.leave_short"), Keys: []string{"x"}, Run: func() tea.Cmd {
			return func() tea.Msg {
				if fail := screen.Fail(s.adapters.Disconnect(s.ctx)); fail != nil {
					return fail()
				}
				return nil
			}
		}})
	}
	return all
}

func (s *Screen) demo() tea.Cmd {
	if d := s.adapters.Demos(); len(d) > 0 {
		return s.connect(d[0].Address)
	}
	return nil
}

// demos lets a person choose one of the simulated cars.
func (s *Screen) demos() tea.Cmd {
	var choices []widget.Choice
	for _, d := range s.adapters.Demos() {
		choices = append(choices, widget.Choice{Text: d.Title, Note: d.Address, Run: func() tea.Cmd { return s.connect(d.Address) }})
	}
	return screen.Open(widget.NewPicker(s.look.T("tui.connect.demos"), s.look.T("tui.connect.demos_prompt"), choices))
}

// address lets a person type where the adapter is.
func (s *Screen) address() tea.Cmd {
	return screen.Open(widget.NewPrompt(s.look.T("tui.connect.address"), s.look.T("tui.connect.address_hint"), "", s.adapters.Check, s.connect))
}
