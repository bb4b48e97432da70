package live_test

import (
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
)

// pump runs commands as a program does, also those that wait across many messages, such as the one for the next
// frame. It belongs into a screentest.Test.
type pump struct {
	t        testing.TB
	update   func(tea.Msg) tea.Cmd
	messages chan tea.Msg
	handled  int
}

func newPump(t testing.TB, update func(tea.Msg) tea.Cmd) *pump {
	return &pump{t: t, update: update, messages: make(chan tea.Msg)}
}

func (p *pump) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		select {
		case p.messages <- cmd():
		case <-p.t.Context().Done():
		}
	}()
}

// run starts a command and handles what comes until nothing came for a moment.
func (p *pump) run(cmd tea.Cmd) {
	p.start(cmd)
	for {
		select {
		case msg := <-p.messages:
			p.handle(msg)
		case <-time.After(150 * time.Millisecond):
			synctest.Wait() // whatever still runs waits for something
			return
		}
	}
}

func (p *pump) handle(msg tea.Msg) {
	switch msg := msg.(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			p.start(c)
		}
	default:
		p.handled++
		p.start(p.update(msg))
	}
}
