package codes

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

type (
	pastMsg struct {
		vehicle, code string
		history       []fleet.CodeHistory
		err           error
	}
	standsMsg struct {
		known bool
		err   error
	}
	clearedMsg struct {
		done Cleared
		err  error
	}
)

// Update takes what is read of the car, and moves the cursor.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Scan:
		s.state = msg
		if !msg.Running {
			s.forget()
		}
		s.arrange()
		return s.remember()
	case screen.Link:
		s.link = msg
	case screen.Vehicle:
		if msg.ID != s.vehicle.ID {
			s.forget()
		}
		s.vehicle = msg
		return s.remember()
	case pastMsg:
		if msg.vehicle == s.vehicle.ID && msg.err == nil {
			s.past[msg.code] = msg.history
		}
		return screen.Fail(msg.err)
	case standsMsg:
		return s.stands(msg)
	case clearedMsg:
		return s.cleared(msg)
	case tea.KeyPressMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		return s.move(msg)
	}
	return nil
}

func (s *Screen) move(msg tea.Msg) tea.Cmd {
	if s.open {
		s.top.Input(msg, s.look.Height)
		return nil
	}
	if _, entered := s.table.Update(msg); entered {
		return s.unfold()
	}
	return s.remember()
}

// remember reads the past of the code under the cursor once.
func (s *Screen) remember() tea.Cmd {
	f, ok := s.chosen()
	if !ok || s.vehicle.ID == "" || s.asked[f.Code] || s.state.Running {
		return nil
	}
	s.asked[f.Code] = true
	vehicle, code := s.vehicle.ID, f.Code
	return screen.Do(s.ctx, func(ctx context.Context) ([]fleet.CodeHistory, error) {
		return s.shop.Past(ctx, vehicle, code)
	}, func(h []fleet.CodeHistory, err error) tea.Msg { return pastMsg{vehicle, code, h, err} })
}

func (s *Screen) unfold() tea.Cmd {
	if _, ok := s.chosen(); ok {
		s.open, s.top = true, 0
	}
	return nil
}

// turn goes to the next or previous code.
func (s *Screen) turn(by int) tea.Cmd {
	s.table.Move(by)
	s.top = 0
	return s.remember()
}

// clear asks the car whether its engine stands, and then the person.
func (s *Screen) clear() tea.Cmd {
	return screen.Do(s.ctx, s.shop.Standstill, func(known bool, err error) tea.Msg { return standsMsg{known, err} })
}

func (s *Screen) stands(msg standsMsg) tea.Cmd {
	if msg.err != nil {
		return screen.Fail(msg.err)
	}
	t := s.look.T
	ask := screen.AskMsg{
		Title: t("tui.codes.clear"), Text: t("tui.codes.clear_ask"), Danger: true,
		Yes: s.look.N("tui.codes.clear_yes", len(s.faults)),
		Points: []string{
			t("tui.codes.lose_codes"), t("tui.codes.lose_frames", "n", len(s.state.Scan.FreezeFrames)), t("tui.codes.lose_ready"),
			t("tui.codes.lose_learned"), t("tui.codes.keeps_permanent"),
		},
		Run: func() tea.Cmd { return s.erase(!msg.known) },
	}
	if !msg.known {
		ask.Points = append(ask.Points, t("tui.codes.engine_unknown"))
		ask.Word = t("tui.codes.engine_word")
	}
	return screen.Ask(ask)
}

func (s *Screen) erase(anyway bool) tea.Cmd {
	s.clearing = true
	return screen.Do(s.ctx, func(ctx context.Context) (Cleared, error) {
		return s.shop.Clear(ctx, anyway)
	}, func(c Cleared, err error) tea.Msg { return clearedMsg{c, err} })
}

func (s *Screen) cleared(msg clearedMsg) tea.Cmd {
	s.clearing = false
	var done tea.Cmd
	if msg.done.Done > 0 {
		text := s.look.N("tui.codes.cleared", msg.done.Done)
		done = func() tea.Msg {
			return screen.ToastMsg{Severity: theme.Fine, Text: text, Hint: s.look.T("tui.codes.saved", "path", msg.done.Saved)}
		}
	}
	return tea.Sequence(done, screen.Fail(msg.err))
}
