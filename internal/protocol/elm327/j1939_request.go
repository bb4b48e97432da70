package elm327

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

const (
	// truckWait in steps of AT ST is 262 ms: above Tr of SAE J1939-21 (200 ms), within which a node begins to
	// answer, and above the longest pause between two packets of a broadcast (200 ms). Five times it (AT JTM5)
	// is above T3 (1.25 s), for nodes that may be slow.
	truckWait = 0x40
	// busyTries is how often a node is asked that cannot answer now.
	busyTries = 3
	// mute is how many requests a node may leave unanswered before it is left alone: it refuses nothing, so that
	// every further group that it lacks would cost the whole wait.
	mute = 2
	// settle is how long the adapter gets to acknowledge a transfer before its wait for more is broken off: a
	// node without the acknowledgement takes no other transfer for T3.
	settle = 60 * time.Millisecond
)

// inquiry is one request under way.
type inquiry struct {
	link.Query
	found    []link.ParameterGroup
	cut      bool // a transfer to this node did not go on
	transfer bool // the answer came by one
	busy     bool // the node cannot answer now
	repeated bool // a broadcast came a second time, which ends the wait of a request to all
	trouble  text.Condition
}

// inquire asks one query. What changes something is sent once; a node that is busy did not take it.
func (n *Network) inquire(ctx context.Context, q link.Query) ([]link.ParameterGroup, error) {
	t, alone := n.truck, q.Destination != j1939.Global
	reads := link.ReadOnly().CheckPGN(q.PGN) == nil
	if alone && reads && t.silent[q.Destination] >= mute {
		return nil, link.ErrNoReply
	}
	to := q.Destination
	if t.global && reads {
		to = j1939.Global
	}
	for try := 1; ; try++ {
		a := &inquiry{Query: q}
		err := n.ask(ctx, to, a, !reads)
		switch {
		case err != nil && (ctx.Err() != nil || link.IsLost(err) || try >= busyTries || !reads):
			return a.found, err
		case err != nil:
			continue
		case a.busy && try < busyTries:
			if err := pause(ctx, j1939.Tr); err != nil {
				return nil, err
			}
			continue
		case a.cut && alone && reads && to != j1939.Global && len(a.found) == 0:
			// Told once: adapters that do not clear transfers to themselves never do.
			t.global, to = true, j1939.Global
			n.notify(EventFallback, "the adapter does not take transfers to itself; asking all nodes at once")
			continue
		}
		n.heardOf(q, to, len(a.found) > 0)
		if len(a.found) == 0 {
			return nil, link.ErrNoReply
		}
		return a.found, nil
	}
}

// heardOf keeps count of the requests that a node left unanswered.
func (n *Network) heardOf(q link.Query, to uint8, answered bool) {
	switch {
	case to == j1939.Global:
	case answered:
		n.truck.silent[q.Destination] = 0
	default:
		n.truck.silent[q.Destination]++
	}
}

// ask sends the request once and takes what comes until the adapter stops waiting or the answer is there.
func (n *Network) ask(ctx context.Context, to uint8, a *inquiry, slow bool) error {
	set := settings{header: fmt.Sprintf("18EA%02X%02X", to, j1939.Tool), wait: truckWait}
	set.patient = slow || to != j1939.Global && n.truck.silent[to] == 0
	if err := n.apply(ctx, set); err != nil {
		return err
	}
	if err := n.begin(ctx, fmt.Sprintf("%06X", a.PGN)); err != nil {
		return err
	}
	n.truck.machine.Messages() // what is left from before answers nothing
	ended, err := n.follow(ctx, patience{quiet: 2500 * time.Millisecond, total: 20 * time.Second}, func(line string) bool {
		return !a.done(n.take(line, &a.trouble))
	})
	n.touched = n.o.Now()
	if err != nil && !errors.Is(err, errSilent) {
		if ctx.Err() != nil {
			return errors.Join(ctx.Err(), n.breakOff(ctx))
		}
		return err
	}
	if !ended && a.transfer {
		ended, err = n.follow(ctx, patience{quiet: settle, total: settle}, func(string) bool { return true })
	}
	if !ended && !link.IsLost(err) {
		if err := n.breakOff(ctx); err != nil {
			return err
		}
	}
	if link.IsLost(err) {
		return err
	}
	// A transfer that stands still when the adapter has stopped waiting is over.
	n.truck.machine.Advance(n.o.Now().Add(2 * j1939.T2))
	a.done(n.truck.messages())
	return n.troubled(a)
}

// take reads one printed line and returns the messages that it completes.
func (n *Network) take(line string, trouble *text.Condition) []link.ParameterGroup {
	f, ok := printedFrame(line)
	if !ok {
		answer := text.Clean([]byte(line), "")
		if c := answer.Condition(); c != text.None {
			*trouble = c
		}
		if isRestart(answer) {
			n.restarted, *trouble = true, text.LVReset
		}
		return nil
	}
	n.truck.machine.Handle(n.o.Now(), &f)
	return n.truck.messages()
}

// troubled turns the adapter's complaint into an error; NO DATA is none.
func (n *Network) troubled(a *inquiry) error {
	switch a.trouble {
	case text.None, text.NoData, text.Stopped:
		return nil
	case text.BufferFull:
		if len(a.found) > 0 {
			return nil
		}
	}
	n.dirty = n.dirty || a.trouble.Internal()
	return a.trouble.Err()
}

// done sorts messages into the inquiry and tells whether its answer is there.
func (a *inquiry) done(groups []link.ParameterGroup) bool {
	over := false
	for _, g := range groups {
		switch {
		case g.Destination != j1939.Global && g.Destination != j1939.Tool:
		case g.PGN == j1939.PGNAcknowledge:
			over = a.acknowledged(g) || over
		case g.PGN == a.PGN && (a.Destination == j1939.Global || g.Source == a.Destination):
			over = a.answered(g) || over
		}
	}
	return over
}

func (a *inquiry) answered(g link.ParameterGroup) bool {
	if g.Err != nil && g.Destination == j1939.Tool {
		a.cut = true
		return false
	}
	i := slices.IndexFunc(a.found, func(old link.ParameterGroup) bool { return old.Source == g.Source && old.Err == nil })
	if i >= 0 {
		a.repeated = g.Err == nil
		return a.repeated
	}
	a.found = slices.DeleteFunc(a.found, func(old link.ParameterGroup) bool { return old.Source == g.Source })
	a.found = append(a.found, g)
	a.transfer = a.transfer || len(g.Data) > 8 && g.Destination == j1939.Tool
	return a.Destination != j1939.Global && g.Err == nil
}

// acknowledged takes PGN 59392: see SAE J1939-21, 5.4.4.
func (a *inquiry) acknowledged(g link.ParameterGroup) bool {
	k, err := j1939.ParseAcknowledgement(g.Data)
	alone := a.Destination != j1939.Global
	if err != nil || k.PGN != a.PGN || k.Address != j1939.Tool && k.Address != j1939.Global || alone && g.Source != a.Destination {
		return false
	}
	if a.busy = k.Control == link.AckCannotRespond && alone; a.busy {
		return true
	}
	out := link.ParameterGroup{PGN: k.PGN, Source: g.Source, Destination: j1939.Tool, Priority: g.Priority, At: g.At}
	if k.Control != link.AckPositive {
		out.Err = &link.Refusal{PGN: k.PGN, Source: g.Source, Code: k.Control}
	}
	a.found = append(a.found, out)
	return alone
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
