package garage

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/catalog/vin"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.garage.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	open := screen.Action{ID: "garage.open", Title: t("tui.garage.open"), Short: t("tui.garage.open_short"), Keys: []string{"enter"}, Run: s.open}
	if _, ok := s.chosen(); !ok {
		open.Not = t("tui.garage.nothing_chosen")
	} else if s.busy {
		open.Not = t("tui.garage.busy")
	}
	leave := screen.Action{ID: "garage.all", Title: t("tui.garage.all"), Short: t("tui.garage.all_short"), Keys: []string{"esc"}, Run: func() tea.Cmd {
		s.search.SetValue("")
		return s.leaveSearch()
	}}
	if s.Typing() {
		return []screen.Action{open, leave}
	}
	all := []screen.Action{
		open,
		{ID: "garage.find", Title: t("tui.garage.find"), Short: t("tui.garage.find_short"), Keys: []string{"/"}, Run: s.find},
		{ID: "garage.add", Title: t("tui.garage.add"), Short: t("tui.garage.add_short"), Keys: []string{"a"}, Run: s.ask},
	}
	if s.search.Value() != "" {
		all = append(all, leave)
	}
	return all
}

// ask asks for a VIN. What cannot be one is refused while it can still be put right.
func (s *Screen) ask() tea.Cmd {
	t := s.look.T
	return screen.Open(widget.NewPrompt(t("tui.garage.add"), t("tui.garage.add_hint"), "", s.check, func(text string) tea.Cmd {
		return screen.Do(s.ctx, func(ctx context.Context) (fleet.Vehicle, error) { return s.keeper.AddVehicle(ctx, text) },
			func(v fleet.Vehicle, err error) tea.Msg { return addedMsg{v, err} })
	}))
}

func (s *Screen) check(text string) error {
	told := s.keeper.DecodeVIN(text)
	if !told.Plausible {
		return errors.New(s.look.T("tui.garage.no_vin", "why", told.Explanation))
	}
	if i := slices.IndexFunc(s.all, func(v Vehicle) bool { return v.VIN == told.VIN }); i >= 0 {
		return errors.New(s.look.T("tui.garage.exists", "title", s.all[i].Title()))
	}
	return nil
}

// added shows the new vehicle. A check digit that does not fit may be a slip of the pen or a market that has none.
func (s *Screen) added(msg addedMsg) tea.Cmd {
	if msg.err != nil {
		return screen.Fail(msg.err)
	}
	s.search.SetValue("")
	s.want = msg.vehicle.ID
	told := screen.ToastMsg{Severity: theme.Fine, Text: s.look.T("tui.garage.added", "title", msg.vehicle.Title())}
	if s.keeper.DecodeVIN(msg.vehicle.VIN).CheckDigit == vin.Invalid {
		told.Severity, told.Hint = theme.Medium, s.look.T("tui.garage.check_digit")
	}
	toast := func() tea.Msg { return told }
	if !s.here() {
		return toast
	}
	return tea.Batch(toast, s.load())
}
