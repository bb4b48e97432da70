package connect

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

type (
	connectedMsg struct {
		address string
		err     error
	}
	cardMsg struct {
		address string
		card    *Card
		err     error
		made    bool // examined just now
	}
	spinMsg struct{}
)

// Update takes what came into sight, the dialogue and the outcome.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Item[Sight]:
		s.take(msg.Value)
		return tea.Batch(msg.Next, s.readCard())
	case screen.Item[Said]:
		s.hear(msg.Value)
		return msg.Next
	case connectedMsg:
		return s.connected(msg)
	case cardMsg:
		return s.gotCard(msg)
	case screen.Link:
		s.link = msg
	case spinMsg:
		if s.trying != "" {
			s.spin++
			return s.turn()
		}
	case tea.KeyPressMsg, tea.MouseMsg:
		if _, entered := s.table.Update(msg); entered {
			return s.open()
		}
		return s.readCard()
	}
	return nil
}

const longest = 200 // lines of the dialogue that are kept

func (s *Screen) hear(line Said) {
	s.said = append(s.said, line)
	if len(s.said) > longest {
		s.said = s.said[len(s.said)-longest:]
	}
}

func (s *Screen) turn() tea.Cmd {
	if s.look.Linear {
		return nil
	}
	return tea.Tick(120*time.Millisecond, func(time.Time) tea.Msg { return spinMsg{} })
}

// open opens what is under the cursor.
func (s *Screen) open() tea.Cmd {
	if c, ok := s.chosen(); ok {
		return s.connect(c.Address)
	}
	return nil
}

// connect opens an address. The dialogue comes as items, the outcome behind the last of them.
func (s *Screen) connect(address string) tea.Cmd {
	ctx := s.begin(address)
	return tea.Batch(s.turn(), s.dialogue(ctx, func(ctx context.Context, emit func(Said)) tea.Msg {
		return connectedMsg{address, s.adapters.Connect(ctx, address, emit)}
	}))
}

// examine makes a report card.
func (s *Screen) examine(address string) tea.Cmd {
	ctx := s.begin(address)
	return tea.Batch(s.turn(), s.dialogue(ctx, func(ctx context.Context, emit func(Said)) tea.Msg {
		card, err := s.adapters.Examine(ctx, address, emit)
		return cardMsg{address, card, err, true}
	}))
}

func (s *Screen) begin(address string) context.Context {
	if s.stop != nil {
		s.stop()
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(s.ctx)
	s.trying, s.failure, s.said = address, nil, nil
	return ctx
}

// dialogue runs work beside its lines; the outcome comes when the work is done, whatever is still being shown.
func (s *Screen) dialogue(ctx context.Context, work func(context.Context, func(Said)) tea.Msg) tea.Cmd {
	outcome := make(chan tea.Msg, 1)
	lines := screen.Start(ctx, func(ctx context.Context, emit func(Said)) error {
		outcome <- work(ctx, emit)
		return nil
	})
	return tea.Batch(lines, func() tea.Msg { return <-outcome })
}

func (s *Screen) connected(msg connectedMsg) tea.Cmd {
	if msg.address != s.trying {
		return nil // another one was chosen meanwhile
	}
	s.trying, s.failure = "", msg.err
	if msg.err != nil {
		if errs.KindOf(msg.err) == errs.Cancelled {
			s.failure = nil
		}
		if !s.inFront() {
			return screen.Fail(msg.err) // else the page itself says it
		}
		return nil
	}
	s.cardOf = ""
	if !s.inFront() {
		return s.readCard() // who is elsewhere stays there
	}
	return tea.Batch(screen.Go("overview"), s.readCard())
}

// readCard reads the report card of what is under the cursor, once.
func (s *Screen) readCard() tea.Cmd {
	c, ok := s.chosen()
	if !ok || c.Address == s.cardOf {
		return nil
	}
	s.card, s.cardOf = nil, c.Address
	return screen.Do(s.ctx, func(ctx context.Context) (*Card, error) { return s.adapters.Card(ctx, c.Address) },
		func(card *Card, err error) tea.Msg { return cardMsg{c.Address, card, err, false} })
}

func (s *Screen) gotCard(msg cardMsg) tea.Cmd {
	if msg.made && msg.address == s.trying {
		s.trying, s.failure = "", msg.err
		if errs.KindOf(msg.err) == errs.Cancelled {
			s.failure = nil
		}
	}
	if msg.address == s.cardOf && msg.card != nil {
		s.card = msg.card
	}
	if msg.made && msg.err == nil {
		return screen.Toast(theme.Fine, s.look.T("tui.connect.examined"))
	}
	return nil
}
