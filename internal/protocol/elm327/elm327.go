// Package elm327 holds the dialogue with ELM327-class adapters (ELM327, STN11xx/STN21xx, vLinker and
// their many clones): it turns a [link.Port] into a [link.Link].
//
// What an adapter says of itself is not believed: a command counts as honoured when it was accepted,
// and headers when they are seen in a reply. What was set is remembered and sent again only when it is
// to change; after a restart, a resync or a console command everything is set anew.
//
// Terms and commands follow the ELM327 data sheet v2.3 and the OBDLink family reference manual.
package elm327

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Options say how to open the dialogue. The zero value resets the adapter and searches the protocol.
type Options struct {
	Protocol  obd.Protocol     // the protocol to try first; unknown lets the adapter search
	Now       func() time.Time // stamps replies and measures; default time.Now
	Notify    func(Event)      // told what happens meanwhile, from the caller's goroutine; may be nil
	SkipReset bool             // no ATZ: some Bluetooth clones drop the connection on it
	Baud      int              // raise the line to this speed if port and adapter can; 0 stays
	Known     *Capabilities    // what was probed on this adapter before; believed while it claims the same version
}

// EventKind sorts the events.
type EventKind string

// The kinds of event.
const (
	EventSearching EventKind = "searching" // the adapter tries the protocols
	EventBusInit   EventKind = "bus_init"  // the K-line is being initialised, 2 to 3 s
	EventReset     EventKind = "reset"     // the adapter restarted and was set up again
	EventResync    EventKind = "resync"    // commands and answers were brought back into step
	EventSpeed     EventKind = "speed"     // the line speed was raised, or went back
	EventFallback  EventKind = "fallback"  // something was refused and is done another way
	EventWaiting   EventKind = "waiting"   // an ECU asked for more time (NRC 78 or 21)
)

// Event is something worth telling while a call is under way.
type Event struct {
	Kind EventKind
	Text string // for people, one sentence without a period
}

// Dial greets the adapter, learns what it can, finds the protocol by a first request (service 01 PID 00)
// and returns the link. On error the port is left open and belongs to the caller.
//
// Errors: kind [errs.NoAdapter] when nothing there speaks like an adapter, [errs.NoVehicle] when the
// adapter works and no vehicle answers, a [*link.Fault] with Lost when the port fell away
// (around [ErrResetDropped] when it did so on the reset), ctx.Err().
func Dial(ctx context.Context, port link.Port, o Options) (*Link, error) {
	l := newLink(port, o)
	if err := l.connect(ctx); err != nil {
		return nil, err
	}
	if err := l.search(ctx); err != nil {
		return nil, err
	}
	if err := l.probeDigit(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

var (
	_ link.Link      = (*Link)(nil)
	_ link.Voltmeter = (*Link)(nil)
	_ link.Console   = (*Link)(nil)
)
