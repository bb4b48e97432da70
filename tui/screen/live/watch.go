package live

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
)

type (
	offeredMsg struct {
		menu Menu
		err  error
	}
	watchedMsg struct {
		watch int
		err   error
	}
	frameMsg struct{ visit int }
)

// between is the least time between two frames: twenty a second, whatever the car sends.
const between = 50 * time.Millisecond

// frame waits until there is something new to show, and for as long as a frame lasts.
func (s *Screen) frame() tea.Cmd {
	visit, n, last := s.visit, s.visits, s.drawn
	return func() tea.Msg {
		select {
		case <-visit.Done():
			return nil
		case <-s.board.Changed():
		}
		rest := time.NewTimer(between - time.Since(last))
		defer rest.Stop()
		select {
		case <-visit.Done():
			return nil
		case <-rest.C:
			return frameMsg{n}
		}
	}
}

// watch begins to read what was chosen, in place of what was read before.
func (s *Screen) watch() tea.Cmd {
	switch {
	case s.visit == nil || s.visit.Err() != nil || !s.link.Up():
		return nil
	case s.menu == nil:
		return s.offer()
	case len(s.chosen) == 0:
		return nil
	}
	if s.stop != nil {
		s.stop()
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(s.visit)
	s.watches++
	s.failure, s.watching = nil, true
	n, signals := s.watches, slices.Clone(s.chosen)
	return func() tea.Msg { return watchedMsg{n, s.car.Watch(ctx, signals, s.board)} }
}

// offer asks what there is, once for a car.
func (s *Screen) offer() tea.Cmd {
	if s.asked {
		return nil
	}
	s.asked = true
	return func() tea.Msg {
		menu, err := s.car.Offer(s.ctx)
		return offeredMsg{menu, err}
	}
}

func (s *Screen) offered(msg offeredMsg) tea.Cmd {
	s.asked = false
	if msg.err != nil {
		if errs.KindOf(msg.err) != errs.Cancelled {
			s.failure = msg.err
		}
		return nil
	}
	s.menu = &msg.menu
	if len(s.chosen) == 0 {
		s.choose(s.usual())
	}
	return s.watch()
}

// usual is what is shown until someone chooses: the first preset of which the car has more than a trace, as cars with
// PIDs do, or what comes first.
func (s *Screen) usual() (signals []string, preset string) {
	const few, least = 12, 5
	if p := s.menu.Presets; len(p) > 0 && (len(p[0].Signals) >= least || len(p[0].Signals) == len(s.menu.Signals)) {
		return p[0].Signals, p[0].Name
	}
	for _, x := range s.menu.Signals[:min(few, len(s.menu.Signals))] {
		signals = append(signals, x.ID)
	}
	return signals, ""
}

// choose takes signals instead of those before; what is watched further keeps its past.
func (s *Screen) choose(signals []string, preset string) {
	s.chosen, s.preset = signals, preset
	s.board.Keep(func(k trace.Key) bool { return slices.Contains(signals, k.Signal) })
	s.plotted = slices.DeleteFunc(s.plotted, func(k trace.Key) bool { return !slices.Contains(signals, k.Signal) })
	if len(s.plotted) == 0 {
		s.plotted = nil
	}
	s.refresh()
}

// forget makes room for another car.
func (s *Screen) forget() {
	s.menu, s.chosen, s.preset, s.failure, s.asked = nil, nil, "", nil, false
	s.plotted, s.markers, s.paused, s.cursor, s.past = nil, nil, false, -1, 0
	s.board.Keep(func(trace.Key) bool { return false })
	s.refresh()
}

// refresh takes over what is on the board.
func (s *Screen) refresh() {
	s.rows = s.board.Rows(s.rows[:0])
	s.newest = s.board.Newest()
	s.fill()
}
