package history

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

type (
	loadedMsg struct {
		vehicle string
		kept    kept
		err     error
	}
	openedMsg   struct{ err error }
	comparedMsg struct {
		result compare.Result
		err    error
	}
	deletedMsg struct{ err error }
)

// Update takes what was kept and what became of a wish.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Vehicle:
		other := msg.ID != s.vehicle.ID
		s.vehicle = msg
		if other && s.here() {
			return s.load()
		}
	case screen.Scan:
		if msg.SavedAs != "" && !msg.Past && s.here() {
			return s.load()
		}
	case loadedMsg:
		s.take(msg)
	case openedMsg:
		if msg.err != nil {
			return screen.Fail(msg.err)
		}
		return screen.Go("overview")
	case comparedMsg:
		if msg.err != nil {
			return screen.Fail(msg.err)
		}
		s.result, s.top = &msg.result, 0
	case deletedMsg:
		if msg.err != nil {
			return screen.Fail(msg.err)
		}
		return tea.Batch(screen.Toast(theme.Fine, s.look.T("tui.history.deleted")), s.load())
	case tea.KeyPressMsg, tea.MouseMsg:
		return s.input(msg)
	}
	return nil
}

// take shows what was read, unless another vehicle is asked for by now.
func (s *Screen) take(msg loadedMsg) {
	if msg.vehicle != s.which() {
		return
	}
	under, had := s.chosen()
	if had && msg.vehicle == s.of {
		if i := slices.IndexFunc(msg.kept.scans, func(x Scan) bool { return x.ID == under.ID }); i >= 0 {
			s.list.Cursor = i
		}
	}
	if msg.vehicle != s.of {
		s.list.Cursor, s.course.Cursor, s.marked, s.result = 0, 0, nil, nil
	}
	s.loaded, s.failure, s.of = true, msg.err, msg.vehicle
	s.scans, s.codes = msg.kept.scans, msg.kept.codes
	s.marked = slices.DeleteFunc(s.marked, func(id string) bool {
		return !slices.ContainsFunc(s.scans, func(x Scan) bool { return x.ID.String() == id })
	})
	s.rows()
}

func (s *Screen) input(msg tea.Msg) tea.Cmd {
	if s.result != nil {
		s.top.Input(msg, s.look.Height)
		return nil
	}
	if _, isKey := msg.(tea.KeyPressMsg); isKey {
		if s.inCodes {
			s.course.Update(msg)
		} else {
			s.list.Update(msg)
		}
		return nil
	}
	if taken, entered := s.list.Update(msg); taken && s.showsScans() {
		s.inCodes = false
		s.rows()
		if entered {
			return s.open()
		}
		return nil
	}
	if taken, _ := s.course.Update(msg); taken && s.showsCodes() {
		s.inCodes = true
		s.rows()
	}
	return nil
}

func (s *Screen) open() tea.Cmd {
	c, ok := s.chosen()
	if !ok {
		return nil
	}
	return func() tea.Msg { return openedMsg{s.keeper.OpenScan(s.ctx, c.ID.String())} }
}

func (s *Screen) compare() tea.Cmd {
	p := s.pair()
	if p == nil {
		return nil
	}
	return screen.Do(s.visit, func(ctx context.Context) (compare.Result, error) { return s.keeper.CompareScans(ctx, p[0], p[1]) },
		func(r compare.Result, err error) tea.Msg { return comparedMsg{r, err} })
}

// mark marks the scan under the cursor, or takes its mark away; a third mark takes the place of the first.
func (s *Screen) mark() tea.Cmd {
	c, ok := s.chosen()
	if !ok {
		return nil
	}
	id := c.ID.String()
	if i := slices.Index(s.marked, id); i >= 0 {
		s.marked = slices.Delete(s.marked, i, i+1)
	} else {
		s.marked = append(s.marked, id)
	}
	if len(s.marked) > 2 {
		s.marked = s.marked[1:]
	}
	s.rows()
	return nil
}

func (s *Screen) remove() tea.Cmd {
	c, ok := s.chosen()
	if !ok {
		return nil
	}
	t := s.look.T
	return screen.Ask(screen.AskMsg{
		Title: t("tui.history.delete"), Text: t("tui.history.delete_text", "when", s.look.When(c.Started), "vehicle", c.Vehicle),
		Points: []string{t("tui.history.delete_codes"), t("tui.history.delete_forever")},
		Yes:    t("tui.history.delete_yes"), Danger: true,
		Run: func() tea.Cmd {
			return func() tea.Msg { return deletedMsg{s.keeper.DeleteScan(s.ctx, c.ID.String())} }
		},
	})
}
