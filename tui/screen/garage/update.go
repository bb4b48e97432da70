package garage

import (
	"errors"

	tea "charm.land/bubbletea/v2"
	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/tui/screen"
)

type (
	loadedMsg struct {
		all []Vehicle
		err error
	}
	openedMsg struct{ err error }
	addedMsg  struct {
		vehicle fleet.Vehicle
		err     error
	}
)

// Update takes what is known and what became of a wish.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Link:
		if msg.Address != s.link.Address {
			s.atPlug = screen.Vehicle{} // another car comes
		}
		s.link = msg
		s.fill()
	case screen.Vehicle:
		if msg.Here {
			s.atPlug = msg
			s.fill()
		}
	case screen.Scan:
		s.busy = msg.Running
		if msg.SavedAs != "" && !msg.Past && s.here() {
			return s.load()
		}
	case loadedMsg:
		return s.take(msg)
	case openedMsg:
		if msg.err != nil {
			return screen.Fail(msg.err)
		}
		return screen.Go("overview")
	case addedMsg:
		return s.added(msg)
	case tea.KeyPressMsg, tea.MouseMsg, tea.PasteMsg:
		return s.input(msg)
	}
	return nil
}

func (s *Screen) take(msg loadedMsg) tea.Cmd {
	if msg.err != nil && !s.here() {
		return nil // it was left while the list was read
	}
	s.loaded, s.failure = true, msg.err
	if msg.err == nil {
		s.all = msg.all
	}
	s.sift()
	s.want = uuid.Nil
	return nil
}

// input moves the cursor, or types into the search while it has the keys.
func (s *Screen) input(msg tea.Msg) tea.Cmd {
	if key, isKey := msg.(tea.KeyPressMsg); isKey && s.Typing() {
		switch key.String() {
		case "esc":
			s.search.SetValue("")
			return s.leaveSearch()
		case "enter":
			return tea.Batch(s.leaveSearch(), s.open())
		case "tab":
			return s.leaveSearch()
		case "up", "down", "pgup", "pgdown":
			s.table.Update(msg)
			return nil
		}
	}
	if _, isMouse := msg.(tea.MouseMsg); !isMouse && s.Typing() {
		return s.write(msg)
	}
	if _, entered := s.table.Update(msg); entered {
		return s.open()
	}
	return nil
}

// write types; what is found follows every letter.
func (s *Screen) write(msg tea.Msg) tea.Cmd {
	before := s.search.Value()
	var cmd tea.Cmd
	s.search, cmd = s.search.Update(msg)
	if s.search.Value() != before {
		s.sift()
	}
	return cmd
}

func (s *Screen) find() tea.Cmd {
	cmd := s.search.Focus()
	s.fill()
	if s.look.Linear {
		return nil // a cursor that blinks is noise
	}
	return cmd
}

func (s *Screen) leaveSearch() tea.Cmd {
	s.search.Blur()
	s.sift()
	return nil
}

func (s *Screen) open() tea.Cmd {
	v, ok := s.chosen()
	if !ok {
		return nil
	}
	if s.busy {
		return screen.Fail(errors.New(s.look.T("tui.garage.busy")))
	}
	return func() tea.Msg { return openedMsg{s.keeper.OpenVehicle(s.ctx, v.ID)} }
}
