package isotp

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Channel carries whole messages between one pair of identifiers, by a transport protocol that is not ours: the
// kernel's. It sends flow control by itself and keeps the gaps that an ECU asks for.
type Channel interface {
	// Send hands a message over.
	Send(ctx context.Context, message []byte) error
	// Receive returns the next message. Errors: [link.ErrIncomplete] for one that was cut short, ctx's, and a
	// [*link.Fault] of a channel that is lost.
	Receive(ctx context.Context) ([]byte, error)
	Close() error
}

// GuardChannel returns the channel with every message checked before it is sent.
func GuardChannel(c Channel, allow link.Allow) Channel { return &guardedChannel{c, allow} }

type guardedChannel struct {
	channel Channel
	allow   link.Allow
}

func (g *guardedChannel) Send(ctx context.Context, message []byte) error {
	if err := g.allow.Check(message); err != nil {
		return err
	}
	return g.channel.Send(ctx, message)
}

func (g *guardedChannel) Receive(ctx context.Context) ([]byte, error) { return g.channel.Receive(ctx) }
func (g *guardedChannel) Close() error                                { return g.channel.Close() }

// channeled tells the requests that go over a channel: those to one ECU without an address byte. Who answers a
// request to all is not known before, so it stays with frames.
func (l *Link) channeled(req link.Request) bool {
	if l.o.Channel == nil || req.Target == obd.Functional {
		return false
	}
	_, extended := req.Target.Extension()
	_, sent := req.Header.Extension()
	return !extended && !sent
}

// wholeTime is how long a message may take whose first frame was seen: the channel ends it a second after
// the last frame. Of 4,095 bytes with the longest gap (127 ms) the last frame comes after 75 s.
const wholeTime = 90 * time.Second

// overChannel is [Link.Exchange] over a channel. It is open for this exchange only: two transport protocols on
// one pair would both send flow control. The bus beside it hears the frames too, and so tells when an answer
// has begun.
func (l *Link) overChannel(ctx context.Context, req link.Request) ([]link.Reply, error) {
	to := req.Header
	if to == obd.Functional {
		to = req.Target.Request()
	}
	c, err := l.o.Channel(ctx, canID(to), canID(req.Target))
	if err != nil {
		return nil, err
	}
	x := &channelExchange{l: l, c: c, req: req, wait: silenceTime}
	if req.Slow {
		x.wait = slowTime
	}
	reply, err := x.run(ctx)
	if cerr := c.Close(); err == nil && cerr != nil {
		err = cerr
	}
	if reply.Data == nil && reply.Err == nil {
		if err == nil {
			err = link.ErrNoReply
		}
		return nil, err
	}
	return []link.Reply{reply}, err
}

// channelExchange is one exchange over a channel.
type channelExchange struct {
	l             *Link
	c             Channel
	req           link.Request
	wait          time.Duration // for the first frame of the next answer
	pending, busy int
	last          link.Reply // that asked for more time
}

func (x *channelExchange) run(ctx context.Context) (link.Reply, error) {
	if err := x.c.Send(ctx, x.req.Data); err != nil {
		return link.Reply{}, err
	}
	for {
		begun, err := x.begun(ctx)
		if err != nil || !begun {
			if x.last.Data != nil {
				x.last.Err = link.ErrPending
			}
			return x.last, err
		}
		r, err := x.message(ctx)
		if err != nil || r.Data == nil {
			return r, err
		}
		again, err := x.again(ctx, r)
		if err != nil || !again {
			return r, err
		}
		if x.last = r; x.pending > maxPending {
			x.last.Err = link.ErrPending
			return x.last, nil
		}
	}
}

// begun waits on the bus for the first frame of an answer.
func (x *channelExchange) begun(ctx context.Context) (bool, error) {
	until := x.l.now().Add(x.wait)
	for {
		f, ok, err := x.l.receive(ctx, until)
		if err != nil || !ok {
			return false, err
		}
		if addressOf(f.ID) != x.req.Target || f.Remote {
			continue
		}
		if p, err := Parse(f.Payload(), Normal); err == nil && (p.Kind == Single || p.Kind == First) && answers(p.Data, x.req.Data) {
			return true, nil
		}
	}
}

// message takes the answer that has begun; one to another request is passed over.
func (x *channelExchange) message(ctx context.Context) (link.Reply, error) {
	limited, cancel := context.WithTimeout(ctx, wholeTime)
	defer cancel()
	for {
		data, err := x.c.Receive(limited)
		switch {
		case errors.Is(err, link.ErrIncomplete):
			return link.Reply{ECU: x.req.Target, At: x.l.o.Now(), Err: err}, nil
		case err != nil && ctx.Err() == nil && limited.Err() != nil:
			return link.Reply{ECU: x.req.Target, At: x.l.o.Now(), Err: link.ErrIncomplete}, nil
		case err != nil:
			return link.Reply{}, err
		case answers(data, x.req.Data):
			return link.Reply{ECU: x.req.Target, Data: data, Frames: framesOf(len(data), x.l.fd), At: x.l.o.Now()}, nil
		}
	}
}

// again tells whether another answer follows: one is pending, or the request was repeated for a busy ECU.
func (x *channelExchange) again(ctx context.Context, r link.Reply) (bool, error) {
	n, negative := r.Negative()
	switch {
	case negative && n.Code == link.NRCResponsePending:
		x.pending++
		x.wait = pendingTime
		x.l.notify(EventWaiting, "control unit "+r.ECU.String()+" asked for more time")
		return true, nil
	case negative && n.Code == link.NRCBusyRepeat && x.busy < maxBusy:
		x.l.notify(EventWaiting, "control unit "+r.ECU.String()+" is busy")
		if _, err := x.quiet(ctx, busyWait<<x.busy); err != nil {
			return false, err
		}
		x.busy++
		return true, x.c.Send(ctx, x.req.Data)
	}
	return false, nil
}

// quiet lets time pass while the bus is taken.
func (x *channelExchange) quiet(ctx context.Context, d time.Duration) (heard int, err error) {
	for until := x.l.now().Add(d); ; heard++ {
		_, ok, err := x.l.receive(ctx, until)
		if err != nil || !ok {
			return heard, err
		}
	}
}

// framesOf is how many frames a message takes.
func framesOf(n int, fd bool) int {
	size := 8
	if fd {
		size = 64
	}
	if n <= size-1 {
		return 1
	}
	return 1 + (n-(size-2)+size-2)/(size-1)
}
