package freeze

import (
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
)

// Update takes what is read of the car, and moves the cursor.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Scan:
		s.state = msg
		s.arrange()
	case screen.Link:
		s.link = msg
	case tea.KeyPressMsg:
		if !s.scroll(msg.String()) {
			s.move(msg)
		}
	case tea.MouseClickMsg:
		s.move(msg)
	case tea.MouseWheelMsg:
		if taken := s.move(msg); !taken {
			s.wheel(msg)
		}
	}
	return nil
}

// move takes the cursor to another frame, whose values are then seen from the first on.
func (s *Screen) move(msg tea.Msg) bool {
	before := s.table.Cursor
	taken, _ := s.table.Update(msg)
	if s.table.Cursor != before {
		s.top = 0
	}
	return taken
}

func (s *Screen) wheel(msg tea.MouseWheelMsg) {
	switch msg.Button {
	case tea.MouseWheelUp:
		s.top = max(0, s.top-1)
	case tea.MouseWheelDown:
		s.top++ // View keeps it off the end
	}
}

// scroll moves the values; arrows and home belong to the list of frames.
func (s *Screen) scroll(key string) bool {
	page := max(1, s.look.Height/2)
	switch key {
	case "pgup":
		s.top = max(0, s.top-page)
	case "pgdown", "space":
		s.top += page
	default:
		return false
	}
	return true
}

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.freeze.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	t := s.look.T
	turn := func(by int) func() tea.Cmd {
		return func() tea.Cmd {
			s.table.Move(by)
			s.top = 0
			return nil
		}
	}
	previous := screen.Action{ID: "freeze.previous", Title: t("tui.freeze.previous"), Short: t("tui.freeze.previous_short"), Keys: []string{"left", "h"}, Run: turn(-1)}
	next := screen.Action{ID: "freeze.next", Title: t("tui.freeze.next"), Short: t("tui.freeze.next_short"), Keys: []string{"right", "l"}, Run: turn(1)}
	if len(s.frames) < 2 {
		previous.Not, next.Not = t("tui.freeze.no_other"), t("tui.freeze.no_other")
	}
	return []screen.Action{
		previous, next,
		{ID: "freeze.codes", Title: t("tui.freeze.to_codes"), Short: t("tui.freeze.to_codes_short"), Keys: []string{"c"}, Run: func() tea.Cmd { return screen.Go("codes") }},
	}
}
