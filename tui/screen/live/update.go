package live

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Update takes frames, what happens to the connection, and the keys that move.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case frameMsg:
		return s.framed(msg)
	case screen.Link:
		return s.linked(msg)
	case screen.Scan:
		s.busy = msg.Running
	case offeredMsg:
		return s.offered(msg)
	case watchedMsg:
		s.watched(msg)
	case recordedMsg:
		return s.recorded(msg)
	case keptMsg:
		return s.kept(msg)
	case tea.KeyPressMsg:
		return s.key(msg)
	case tea.MouseMsg:
		s.table.Update(msg)
		s.fill()
	}
	return nil
}

// framed shows what is new, unless it shall stand still, and tells of alarms in either case.
func (s *Screen) framed(msg frameMsg) tea.Cmd {
	if msg.visit != s.visits {
		return nil
	}
	s.drawn = time.Now()
	if first := len(s.rows) == 0; !s.paused && (!s.look.Linear || first) {
		s.refresh()
	}
	cmds := []tea.Cmd{s.frame()}
	for _, a := range s.board.Alarms() {
		cmds = append(cmds, screen.Toast(theme.High, s.alarm(a.Row)))
	}
	return tea.Batch(cmds...)
}

// linked begins anew with another car, and goes on with the same one.
func (s *Screen) linked(msg screen.Link) tea.Cmd {
	before := s.link
	s.link = msg
	if !msg.Keeping {
		s.began = time.Time{}
	}
	if msg.State == screen.Connecting && before.State != screen.Connecting {
		s.forget()
	}
	if msg.Up() && !before.Up() && !s.watching {
		return s.watch()
	}
	return nil
}

// watched says why nothing is read any more, unless something else is read instead.
func (s *Screen) watched(msg watchedMsg) {
	if msg.watch != s.watches {
		return
	}
	s.watching = false
	if msg.err != nil && errs.KindOf(msg.err) != errs.Cancelled {
		s.failure = msg.err
	}
}

// key moves the cursor of whatever is shown.
func (s *Screen) key(msg tea.KeyPressMsg) tea.Cmd {
	k := msg.String()
	switch {
	case s.face == plots && !s.look.Linear:
		s.aim(k)
	case s.face == gauges && !s.look.Linear:
		s.walk(k)
	default:
		s.table.Update(msg)
		s.fill()
	}
	return nil
}

// aim moves the cursor of the plots. It pauses them, and at the left edge it goes further into the past.
func (s *Screen) aim(k string) {
	last := s.parts() - 1
	by := map[string]int{"left": -1, "right": 1, "shift+left": -10, "shift+right": 10, "h": -1, "l": 1}[k]
	switch {
	case k == "home":
		by = -last
	case k == "end":
		by = last
	case by == 0:
		return
	}
	if !s.paused {
		s.pause()
	}
	if s.cursor < 0 {
		s.cursor = last + 1
	}
	s.cursor += by
	part := spans()[s.span] / time.Duration(last+1)
	if s.cursor < 0 {
		s.past += part * time.Duration(-s.cursor)
	}
	if s.cursor > last {
		s.past = max(0, s.past-part*time.Duration(s.cursor-last))
	}
	s.past = min(s.past, time.Hour)
	s.cursor = max(0, min(s.cursor, last))
}

// pause holds everything still; once more, and it goes on with what came meanwhile.
func (s *Screen) pause() {
	s.paused = !s.paused
	s.cursor, s.past = -1, 0
	s.refresh()
}
