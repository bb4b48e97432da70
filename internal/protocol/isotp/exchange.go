package isotp

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Times of ISO 15765-2 table 16, ISO 15765-4 table 20 and ISO 14229-2.
const (
	silenceTime = 100 * time.Millisecond // P2 with what gateways add, when nobody answered yet
	quietTime   = 50 * time.Millisecond  // P2: how long further ECUs may take
	slowTime    = time.Second            // for a request that is known to be slow
	pendingTime = 5 * time.Second        // P2*: after response pending
	flowTime    = time.Second            // N_Bs: until flow control comes
)

const (
	maxPending = 20 // how often an ECU may ask for more time
	maxBusy    = 5  // how often a request is repeated for a busy ECU
	busyWait   = 100 * time.Millisecond
)

// Exchange implements [link.Link]. Besides its errors, a request whose frames cannot be handed to the bus
// gives the bus's own.
//
// A request of more than a single frame cannot go to all ECUs (ISO 15765-2 clause 8.2): it is sent to
// each that is known, to all of them at once.
func (l *Link) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	if err := l.check(req); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := errors.Join(l.watch(req.Target), l.drain(ctx)); err != nil {
		return nil, lone(err)
	}
	clear(l.plain.open)
	clear(l.extended.open)
	if l.channeled(req) {
		return l.overChannel(ctx, req)
	}
	d := &dialog{l: l, req: req, expected: l.expected(req)}
	err := d.run(ctx)
	if err == nil {
		err = l.askBroken(ctx, req, d)
	}
	l.learn(req, d.replies)
	if err == nil && len(d.replies) == 0 {
		err = link.ErrNoReply
	}
	return d.replies, lone(err)
}

// lone takes a joined error apart when it holds only one: callers look at its kind and text.
func lone(err error) error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		if all := j.Unwrap(); len(all) == 1 {
			return all[0]
		}
	}
	return err
}

// askBroken asks ECUs whose answer has missing frames once more, each alone.
func (l *Link) askBroken(ctx context.Context, req link.Request, d *dialog) error {
	if !link.ReadOnly().Permits(req.Data) {
		return nil
	}
	for i := range d.replies {
		broken := &d.replies[i]
		if broken.Err == nil || errors.Is(broken.Err, link.ErrPending) {
			continue
		}
		single := req
		if req.Target == obd.Functional {
			single.Target, single.Header = broken.ECU, obd.Functional
		}
		again := &dialog{l: l, req: single, expected: []obd.Address{single.Target}}
		err := again.run(ctx)
		if len(again.replies) == 1 && again.replies[0].Err == nil {
			*broken = again.replies[0]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// keyOf names what decides who answers a request.
func keyOf(req link.Request) answerKey {
	k := answerKey{header: req.Header, length: len(req.Data)}
	copy(k.data[:], req.Data)
	return k
}

// expected lists the ECUs whose answers end the wait; none when that is not known.
func (l *Link) expected(req link.Request) []obd.Address {
	if req.Target != obd.Functional {
		return []obd.Address{req.Target}
	}
	return l.answers[keyOf(req)]
}

// learn remembers who answered a request to all.
func (l *Link) learn(req link.Request, replies []link.Reply) {
	if req.Target != obd.Functional || len(replies) == 0 {
		return
	}
	key := keyOf(req)
	known := l.answers[key]
	for _, r := range replies {
		if !slices.Contains(known, r.ECU) {
			known = append(known, r.ECU)
		}
		if !slices.Contains(l.ecus, r.ECU) && len(l.ecus) < maxTransfers {
			l.ecus = append(l.ecus, r.ECU)
		}
	}
	if len(l.answers) >= maxKeys {
		clear(l.answers)
	}
	l.answers[key] = known
}

// destinations lists where the request goes first: each with the address that its answer comes from.
func (d *dialog) destinations() ([]destination, error) {
	req := d.req
	if req.Target != obd.Functional {
		to := req.Header
		if to == obd.Functional {
			to = req.Target.Request()
		}
		return []destination{{to, req.Target}}, nil
	}
	to := req.Header
	if to == obd.Functional {
		to = functionalID(d.l.protocol.Is29Bit())
	}
	if _, long := d.l.format(to).singleRoom(); len(req.Data) <= long {
		return []destination{{to, obd.Functional}}, nil
	}
	if len(d.l.ecus) == 0 {
		return nil, errs.New(errs.Unsupported, "exchange: a request of %d bytes cannot go to all control units", len(req.Data)).
			WithHint("address one of them")
	}
	all := make([]destination, 0, len(d.l.ecus))
	for _, ecu := range d.l.ecus {
		all = append(all, destination{ecu.Request(), ecu})
	}
	d.expected = d.l.ecus
	return all, nil
}

// destination is a request address with the address of the answer, Functional for any.
type destination struct{ to, from obd.Address }
