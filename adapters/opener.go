package adapters

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/adapters/reconnect"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
)

// opener opens one adapter, the first time and again after it was lost.
type opener struct {
	o        Options
	address  Address
	identity string // of the hardware, "" when it has none
	way      way
	ready    link.Port // open already, from a search
	clock    Clock
	player   *replay.Player // only for a replay
	instant  bool           // a replay without waiting
	card     card.Card
	known    *elm327.Capabilities
	last     *elm327.Link // the one before, for what it learned
	remember bool         // what is learned goes to the card
}

// settings is what a recording keeps of how the dialogue was opened.
type settings struct {
	Protocol  obd.Protocol         `json:"protocol"`
	Baud      int                  `json:"baud,omitempty"`
	SkipReset bool                 `json:"skip_reset,omitempty"`
	Known     *elm327.Capabilities `json:"known,omitempty"`
}

// takeSettings opens the dialogue as it was opened while recording, where the caller does not say otherwise.
func (op *opener) takeSettings(recorded json.RawMessage) {
	var s settings
	if len(recorded) == 0 || json.Unmarshal(recorded, &s) != nil {
		return
	}
	if op.o.Protocol == obd.ProtocolUnknown {
		op.o.Protocol = s.Protocol
	}
	if op.o.Baud == 0 {
		op.o.Baud = s.Baud
	}
	op.o.SkipReset = op.o.SkipReset || s.SkipReset
	op.known = s.Known
}

// openPort opens the port with recorder and guard.
func (op *opener) openPort(ctx context.Context) (link.Port, error) {
	p, err := op.way.port(ctx)
	if err != nil {
		return nil, err
	}
	if op.o.Record != nil {
		p = op.o.Record.Wrap(p, p.Name(), op.settings())
	}
	return op.way.guardPort(p, op.o.Allow), nil
}

func (op *opener) settings() settings {
	return settings{op.o.Protocol, op.o.Baud, op.o.SkipReset, op.known}
}

// dial opens the way and starts the dialogue over it.
func (op *opener) dial(ctx context.Context) (link.Link, error) {
	switch {
	case op.way.bus != nil:
		return op.dialBus(ctx)
	case op.way.link != nil:
		return op.way.link(ctx)
	case op.way.talk != nil:
		return op.dialTalk(ctx)
	}
	return op.dialText(ctx)
}

// dialTalk starts a protocol of the way's own over its port.
func (op *opener) dialTalk(ctx context.Context) (link.Link, error) {
	port, err := op.openPort(ctx)
	if err != nil {
		return nil, err
	}
	l, err := op.way.talk(ctx, port)
	if err != nil {
		_ = port.Close() // the dialogue's error is the one to tell
		return nil, err
	}
	return l, nil
}

// dialText opens the port and starts the dialogue with an ELM327. An adapter that drops the connection on its reset gets
// none the next time; knowledge that does not help is dropped.
func (op *opener) dialText(ctx context.Context) (link.Link, error) {
	if op.last != nil { // what cost the link is not tried again
		caps := op.last.Capabilities()
		op.known = &caps
	}
	l, err := op.dialOnce(ctx)
	if err != nil && ctx.Err() == nil && errors.Is(err, elm327.ErrResetDropped) && !op.o.SkipReset {
		op.o.SkipReset = true
		op.o.notify(EventReset, "the adapter drops the connection on a reset; connecting again without one")
		l, err = op.dialOnce(ctx)
	}
	if err != nil && ctx.Err() == nil && op.known != nil && errs.KindOf(err) != errs.Denied {
		op.known = nil
		op.forget()
		// A silent vehicle says nothing about the adapter: the next connect asks anew, this one is over.
		if errs.KindOf(err) != errs.NoVehicle {
			l, err = op.dialOnce(ctx)
		}
	}
	if err != nil {
		return nil, err
	}
	caps := l.Capabilities()
	op.known, op.last = &caps, l
	op.save(caps)
	return l.Line(), nil
}

func (op *opener) dialOnce(ctx context.Context) (*elm327.Link, error) {
	port, err := op.openPort(ctx)
	if err != nil {
		return nil, err
	}
	l, err := elm327.Dial(ctx, port, elm327.Options{
		Protocol: op.o.Protocol, Now: op.clock.Now, SkipReset: op.o.SkipReset, Baud: op.o.Baud, Known: op.known,
		Notify: func(e elm327.Event) { op.o.notify(string(e.Kind), e.Text) },
	})
	if err != nil {
		_ = port.Close() // the dialogue's error is the one to tell
		return nil, err
	}
	return l, nil
}

// recovery says how the link comes back.
func (op *opener) recovery() reconnect.Options {
	r := reconnect.Options{
		Open:   op.dial,
		Total:  op.o.RecoverFor,
		Now:    op.clock.Now,
		Final:  func(err error) bool { return errors.Is(err, replay.ErrEnd) },
		Notify: func(e reconnect.Event) { op.o.notify(string(e.Kind), recoveryText(e)) },
	}
	if op.instant {
		r.Rand = func() float64 { return 0 } // nobody waits in a replay at once
	}
	return r
}

// recoveryText says what happens in a sentence.
func recoveryText(e reconnect.Event) string {
	switch e.Kind {
	case reconnect.Lost:
		return fmt.Sprintf("%s; trying to get it back", e.Err)
	case reconnect.Silent:
		return "the vehicle does not answer any more (ignition off?); waiting for it"
	case reconnect.Retry:
		return fmt.Sprintf("attempt %d", e.Try)
	case reconnect.Failed:
		return fmt.Sprintf("attempt %d: %s; next one in %.1f s", e.Try, e.Err, e.Wait.Seconds())
	case reconnect.Back:
		return fmt.Sprintf("connected again after %.1f s", e.After.Seconds())
	}
	return fmt.Sprintf("given up after %.1f s: %s", e.After.Seconds(), e.Err)
}
