package doip

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// Exchange implements [link.Link]. Functional requests go to the functional address, or to every target
// that was named. A request that changes something is never sent twice, except when a control unit asks
// for it (NRC 21) or the entity had no memory for it.
func (l *Link) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	if len(req.Data) == 0 {
		return nil, errs.New(errs.Usage, "exchange: the request is empty")
	}
	if len(req.Data) > maxRequest {
		return nil, errs.New(errs.Unsupported, "exchange: the request has %d bytes, %d are possible", len(req.Data), maxRequest)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := l.idle.pause(); err != nil {
		return nil, err
	}
	defer l.idle.begin()
	stop := l.w.awake(ctx)
	defer stop()
	return l.ask(ctx, req)
}

// ask sends the request and collects the replies.
func (l *Link) ask(ctx context.Context, req link.Request) ([]link.Reply, error) {
	targets, err := l.targets(req)
	if err != nil {
		return nil, err
	}
	r := newRound(req, targets, l.expected(req), l.quiet())
	for _, a := range r.asked {
		if err := l.w.send(iso13400.Diagnostic{Source: l.w.source, Target: a.at, Data: req.Data}); err != nil {
			return nil, err
		}
	}
	for heard := 0; !r.isOver(); heard++ {
		p, err := l.w.next(ctx, r.deadline())
		switch {
		case err == nil && heard >= floodLimit:
			err = flooded()
		case errors.Is(err, errSilent):
			err = l.late(r, r.deadline()) // a replay says so before the time has passed
		case err == nil:
			if err = r.hear(p, l.w.source, l.o.Now); err == nil {
				err = l.late(r, time.Now())
			}
		}
		if err != nil {
			return r.replies(), err
		}
	}
	replies, err := r.replies(), r.failure()
	l.remember(r, replies)
	return replies, err
}

// floodLimit is how many messages one exchange takes: 256 control units that each ask for more time twenty times
// send fewer. Without it a peer that never stops would draw out every request of a scan to its end.
const floodLimit = 8192

// flooded is the error of a peer that sends without end.
func flooded() error {
	return &link.Fault{Text: "FLOOD", Lost: true, Err: errs.New(errs.Adapter, "the vehicle sent %d messages to one request", floodLimit).
		WithHint("something else on this network answers as a vehicle, or the gateway is broken; connect to the vehicle alone")}
}

// late does what is due: a repeat after a pause, or the end of somebody's time.
func (l *Link) late(r *round, now time.Time) error {
	for _, a := range r.all() {
		if a.over || now.Before(a.until) {
			continue
		}
		if !a.repeat {
			a.timeOut()
			continue
		}
		a.repeat, a.acked, a.until = false, false, time.Now().Add(acknowledgeLimit)
		l.o.Notify("control unit " + a.at.String() + " was busy; asking again")
		if err := l.w.send(iso13400.Diagnostic{Source: l.w.source, Target: a.at, Data: r.req.Data}); err != nil {
			return err
		}
	}
	return nil
}

// targets returns where the request goes.
func (l *Link) targets(req link.Request) ([]iso13400.Address, error) {
	to := req.Target
	if req.Header != obd.Functional {
		to = req.Header
	}
	switch {
	case to == obd.Functional:
		return l.group, nil
	case to.IsLogical():
		return []iso13400.Address{iso13400.Address(to.ID())}, nil
	}
	return nil, errs.New(errs.Usage, "%s is no logical address", to).WithHint("control units on DoIP have addresses of four hexadecimal digits, such as 0010")
}

// knownLimit bounds how many requests' answering control units are remembered.
const knownLimit = 512

// expected are those after whose answers a functional request is over: who answered it the last time, or
// else everyone who ever answered one. The first request of a family has time for everyone: units that
// answer one may keep silent on another.
func (l *Link) expected(req link.Request) []obd.Address {
	if known := l.known[string(req.Data)]; known != nil {
		return known
	}
	if !l.met[familyOf(req.Data[0])] {
		return nil
	}
	return l.members
}

// family is a kind of service whose functional requests the same control units answer.
type family int

const (
	legislated1979 family = iota // services 01 to 0A of SAE J1979
	presence                     // TesterPresent
	unified                      // the rest of ISO 14229-1
)

func familyOf(service byte) family {
	switch {
	case service < 0x10:
		return legislated1979
	case service == 0x3E:
		return presence
	}
	return unified
}

// quiet is how long a functional request waits for one more answer: less where the vehicle answers fast.
func (l *Link) quiet() time.Duration {
	if l.answers < enoughAnswers {
		return groupLimit
	}
	return min(max(4*l.slowest, leastGroupLimit), groupLimit)
}

// enoughAnswers is how many functional requests tell how fast a vehicle is.
const enoughAnswers = 3

// remember keeps who answered a functional request and how fast, so that the same request ends as soon as
// they have answered again. When somebody does not, the next time waits in full again.
func (l *Link) remember(r *round, replies []link.Reply) {
	if r.group == nil {
		return
	}
	l.met[familyOf(r.req.Data[0])] = true
	key := string(r.req.Data)
	var from []obd.Address
	for _, reply := range replies {
		from = append(from, reply.ECU)
		if !slices.Contains(l.members, reply.ECU) && len(l.members) < maxReplies {
			l.members = append(l.members, reply.ECU)
		}
	}
	if len(from) > 0 {
		l.answers++
		l.slowest = max(l.slowest, r.took)
	}
	if len(from) == 0 || len(l.known) >= knownLimit && l.known[key] == nil {
		delete(l.known, key)
		return
	}
	l.known[key] = from
}
