// Package info is the page of what the car is: its VIN decoded, how it was reached, and each control unit with software,
// verification numbers, type approval and the counters of in-use performance tracking (SAE J1979 service 09).
package info

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// Screen is the page.
type Screen struct {
	look  screen.Look
	link  screen.Link
	state screen.Scan
	top   widget.Scroll // first line shown
}

// New makes the page.
func New() *Screen { return &Screen{} }

// Name is the folder.
func (s *Screen) Name() string { return "info" }

// Resize lays the page out anew.
func (s *Screen) Resize(l screen.Look) { s.look = l }

// Enter has nothing to begin: what there is to see came with the scan.
func (s *Screen) Enter(context.Context) tea.Cmd { return nil }

// Update takes what is read of the car, and scrolls.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Scan:
		s.state = msg
	case screen.Link:
		s.link = msg
	case tea.KeyPressMsg, tea.MouseWheelMsg:
		s.top.Input(msg, s.look.Height)
	}
	return nil
}

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.info.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	number := screen.Action{ID: "info.copy", Title: t("tui.info.copy"), Short: t("tui.info.copy_short"), Keys: []string{"y"}, Run: s.copyVIN}
	if s.state.Scan == nil || s.state.Scan.Vehicle.VIN == "" {
		number.Not = t("tui.info.no_vin")
	}
	return []screen.Action{number}
}

// copyVIN hands the VIN to the terminal, which has the clipboard, also over ssh.
func (s *Screen) copyVIN() tea.Cmd {
	return tea.Batch(tea.SetClipboard(s.state.Scan.Vehicle.VIN), screen.Toast(theme.Fine, s.look.T("tui.info.copied")))
}
