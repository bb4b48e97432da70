package elm327

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

const (
	// maxPending bounds how often an ECU may ask for more time, each for P2*.
	maxPending = 20
	// maxBusy bounds how often a request is repeated on NRC 21.
	maxBusy = 5
	// busyWait is the first pause before a repeat, doubled each time.
	busyWait = 100 * time.Millisecond
)

// finish brings what is open to an end: response-pending, busy, and answers with missing frames.
func (l *Link) finish(ctx context.Context, req link.Request, replies []link.Reply) ([]link.Reply, error) {
	replies, err := l.awaitPending(ctx, req, replies)
	if err != nil {
		return replies, err
	}
	if replies, err = l.repeatBusy(ctx, req, replies); err != nil {
		return replies, err
	}
	if replies, err = l.untangle(ctx, req, replies); err != nil {
		return replies, err
	}
	return l.askBroken(ctx, req, replies)
}

// awaitPending handles NRC 78. An ELM327 stops listening when its own wait is over, though the ECU may take
// up to P2* (5 s); what is left is:
//
//  1. slow requests, and services that once brought NRC 78, are asked with a longer wait from the start, so
//     that pending and final reply come in one answer;
//  2. a request that only reads is sent again with the longest wait, and then with five times that
//     (AT CTM5, all of P2*). The ECU's answer to the first one is taken as well;
//  3. any other request is never repeated. On CAN the adapter is made to listen (AT MA behind a filter):
//     the short final reply of a clearing or a routine is heard without sending anything;
//  4. otherwise the reply carries link.ErrPending.
func (l *Link) awaitPending(ctx context.Context, req link.Request, replies []link.Reply) ([]link.Reply, error) {
	var err error
	for try := 0; try < 2 && err == nil && slices.ContainsFunc(replies, isPending); try++ {
		l.notify(EventWaiting, "a control unit asked for more time")
		waited := l.slow[req.Service()].wait
		if req.Slow {
			waited = max(waited, longWait)
		}
		l.slow[req.Service()] = l.slow[req.Service()].tooShort(waited)
		if !repeatable(req.Service()) {
			replies, err = l.overhear(ctx, req, replies)
			break
		}
		var got []link.Reply
		got, _, err = l.once(ctx, l.toPending(req, replies))
		replies = merge(replies, got, l.protocol.IsCAN())
		if !link.IsLost(err) && ctx.Err() == nil {
			err = nil // what there is stands
		}
	}
	for i := range replies {
		if isPending(replies[i]) {
			replies[i].Err = link.ErrPending
		}
	}
	return replies, err
}

// toPending addresses the one ECU whose answer is open, or all when there are several.
func (l *Link) toPending(req link.Request, replies []link.Reply) link.Request {
	req.Frames = 0
	if req.Target != obd.Functional {
		return req
	}
	var open []obd.Address
	for _, r := range replies {
		if isPending(r) {
			open = append(open, r.ECU)
		}
	}
	if len(open) == 1 && l.protocol.IsCAN() && open[0] != obd.Functional {
		req.Target = open[0]
	}
	return req
}

// overhear listens on the bus for the final reply of one ECU. A long one would need a flow control frame,
// which nobody sends while monitoring.
func (l *Link) overhear(ctx context.Context, req link.Request, replies []link.Reply) ([]link.Reply, error) {
	i := slices.IndexFunc(replies, isPending)
	if !l.protocol.IsCAN() || !l.headers || replies[i].ECU == obd.Functional || l.caps.refuses("ATMA") {
		return replies, nil
	}
	ecu := replies[i].ECU
	want := l.is
	want.filter = plainAddress(ecu)
	if err := l.apply(ctx, want); err != nil {
		return replies, err
	}
	if l.caps.refuses("ATCRA") && l.caps.refuses("ATCF") {
		return replies, nil // unfiltered, a busy bus would flood the line
	}
	final := func(raw []byte) (link.Reply, bool) {
		own := from(text.Replies(text.Clean(raw, "ATMA"), l.format(), req.Data), ecu)
		j := slices.IndexFunc(own, func(r link.Reply) bool { return r.Err == nil && !isPending(r) })
		if j < 0 {
			return link.Reply{}, false
		}
		return own[j], true
	}
	raw, err := l.monitor(ctx, func(raw []byte) bool { _, ok := final(raw); return ok })
	if r, ok := final(raw); ok {
		r.At = l.o.Now()
		replies = merge(replies, []link.Reply{r}, true)
	}
	return replies, err
}

// monitor listens with AT MA until until holds or P2* has passed, and ends it with a blank.
func (l *Link) monitor(ctx context.Context, until func([]byte) bool) ([]byte, error) {
	l.unsettled = true
	if err := l.w.send(ctx, "ATMA"); err != nil {
		return nil, err
	}
	raw, err := l.w.receive(ctx, patience{quiet: patienceP2, total: patienceP2, until: func(raw []byte) bool {
		return len(raw) > 0 && raw[len(raw)-1] == '\r' && until(raw)
	}})
	if errors.Is(err, errSilent) || errors.Is(err, errFlood) || err == nil {
		err = nil
		if text.Clean(raw, "ATMA").Condition() == text.Rejected {
			l.caps.Commands["ATMA"] = false
			l.unsettled = false
			return raw, nil
		}
	}
	if err != nil {
		return raw, err
	}
	if err := l.w.write(ctx, " "); err != nil {
		return raw, err
	}
	_, err = l.w.receive(ctx, patience{quiet: commandWait, total: 2 * commandWait})
	if err == nil {
		l.unsettled = false
	}
	if errors.Is(err, errSilent) || errors.Is(err, errFlood) {
		err = nil // the next command brings both sides into step
	}
	return raw, err
}

// repeatBusy repeats the request while an ECU answers NRC 21, with growing pauses; the last NRC 21
// stays the reply.
func (l *Link) repeatBusy(ctx context.Context, req link.Request, replies []link.Reply) ([]link.Reply, error) {
	pause := busyWait
	for range maxBusy {
		i := slices.IndexFunc(replies, isBusy)
		if i < 0 {
			return replies, nil
		}
		l.notify(EventWaiting, fmt.Sprintf("control unit %s is busy", replies[i].ECU))
		if err := rest(ctx, pause); err != nil {
			return replies, err
		}
		pause *= 2
		single := req
		single.Frames = 0
		if single.Target == obd.Functional && replies[i].ECU != obd.Functional && l.protocol.IsCAN() {
			single.Target = replies[i].ECU
		}
		got, _, err := l.once(ctx, single)
		replies = merge(replies, got, l.protocol.IsCAN())
		if link.IsLost(err) || ctx.Err() != nil {
			return replies, err
		}
	}
	return replies, nil
}

// rest waits, or returns early with ctx.
func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// askBroken asks an ECU whose answer has missing frames once more, alone and without a count digit.
func (l *Link) askBroken(ctx context.Context, req link.Request, replies []link.Reply) ([]link.Reply, error) {
	if !repeatable(req.Service()) {
		return replies, nil
	}
	for _, broken := range slices.Clone(replies) {
		if broken.Err == nil || errors.Is(broken.Err, link.ErrPending) {
			continue
		}
		single := link.Request{Target: broken.ECU, Data: req.Data, Slow: req.Slow, Header: req.Header}
		if broken.ECU == obd.Functional {
			single.Target = req.Target
		}
		got, _, err := l.once(ctx, single)
		replies = merge(replies, got, l.protocol.IsCAN())
		if link.IsLost(err) || ctx.Err() != nil {
			return replies, err
		}
		if isNameless(broken) {
			break // all were asked again
		}
	}
	return replies, nil
}
