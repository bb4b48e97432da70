package elm327

import (
	"context"
	"errors"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// crowdedPause is the separation time in milliseconds that lets a line of 9,600 baud keep up: a frame is
// printed in 20 characters.
const crowdedPause = 25

// oneByOne asks the known ECUs one after the other after a request to all of them brought more than the
// adapter's buffer holds, or more than can be told apart.
func (l *Link) oneByOne(ctx context.Context, req link.Request, have []link.Reply, cause error) ([]link.Reply, error) {
	if !repeatable(req.Service()) {
		return have, cause
	}
	ecus, err := l.apart(ctx, req)
	if err != nil || len(ecus) == 0 {
		return have, errors.Join(err, cause)
	}
	for _, ecu := range ecus {
		single := link.Request{Target: ecu, Data: req.Data, Slow: req.Slow}
		if ecu == req.Target {
			single.Header = req.Header
		}
		got, err := l.alone(ctx, single)
		if ctx.Err() != nil {
			return have, ctx.Err()
		}
		if link.IsLost(err) {
			return have, err
		}
		if err != nil && !errors.Is(err, link.ErrNoReply) && len(got) == 0 {
			got = []link.Reply{{ECU: ecu, Err: err, At: l.o.Now()}}
		}
		if req.Target == obd.Functional {
			got = slices.DeleteFunc(got, isDeclined)
		}
		have = merge(have, got, l.protocol.IsCAN())
	}
	return have, nil
}

// separately tells that a request to all ECUs is better sent to each of them.
func (l *Link) separately(req link.Request) bool {
	return (l.tangled || l.crowded[req.Service()]) && l.protocol.IsCAN() && req.Target == obd.Functional &&
		req.Header == obd.Functional && repeatable(req.Service())
}

// apart returns the ECUs to ask.
func (l *Link) apart(ctx context.Context, req link.Request) ([]obd.Address, error) {
	if req.Target != obd.Functional {
		return []obd.Address{req.Target}, nil
	}
	if service := req.Service(); !l.crowded[service] && !l.tangled {
		l.crowded[service] = true
		l.notify(EventFallback, "too much comes at once; asking one control unit after the other")
	}
	err := l.discover(ctx)
	return l.ecus, err
}

// isDeclined tells the negative responses that an ECU keeps to itself when all are asked (ISO 14229-1
// clause 7.5): not supported, out of range.
func isDeclined(r link.Reply) bool {
	n, ok := r.Negative()
	return ok && n.Reason() == obd.NotSupported
}

// alone asks one ECU, a second time when that went wrong, and with pauses between its frames when it
// alone overruns the adapter's buffer.
func (l *Link) alone(ctx context.Context, req link.Request) ([]link.Reply, error) {
	got, outcome, err := l.once(ctx, req)
	if outcome == done || link.IsLost(err) {
		return got, err
	}
	if outcome == narrow && l.protocol.IsCAN() && !l.paced {
		l.paced = true
		l.notify(EventFallback, "the adapter's buffer overran; asking control units to pause between frames")
	}
	again, _, err := l.once(ctx, req)
	return merge(got, again, l.protocol.IsCAN()), err
}

// discover finds the addresses that the first request did not show, behind an adapter without headers or
// with too small a buffer, by asking each usual one for its supported PIDs (ISO 15765-4: 7E0 to 7E7; with
// 29 bits those of engine, gearbox and hybrid).
func (l *Link) discover(ctx context.Context) error {
	if l.discovered || !l.protocol.IsCAN() {
		return nil
	}
	l.discovered = true
	l.notify(EventFallback, "looking for the control units' addresses one by one")
	for i := range uint32(8) {
		ecu := obd.CAN11(0x7E8 + i)
		if l.protocol.Is29Bit() {
			ecu = obd.CAN29(0x18DAF100 | [...]uint32{0x10, 0x11, 0x18, 0x1A, 0x1C, 0x1D, 0x28, 0x47}[i])
		}
		if slices.Contains(l.ecus, ecu) {
			continue
		}
		got, _, err := l.once(ctx, link.Request{Target: ecu, Data: firstRequest})
		if link.IsLost(err) || ctx.Err() != nil {
			return err
		}
		if l.caps.refuses("ATSH") {
			return nil
		}
		if len(got) > 1 { // the adapter took the header and still asks all
			l.ecus = nil
			return nil
		}
		if len(got) > 0 {
			l.meet(ecu)
		}
	}
	return nil
}

// untangle asks the ECUs one by one when replies without headers ran into each other.
func (l *Link) untangle(ctx context.Context, req link.Request, replies []link.Reply) ([]link.Reply, error) {
	broken := 0
	for _, r := range replies {
		if isNameless(r) && r.Err != nil && !isPending(r) {
			broken++
		}
	}
	if broken == 0 || len(replies) < 2 || req.Target != obd.Functional || !l.protocol.IsCAN() || !repeatable(req.Service()) {
		return replies, nil
	}
	apart, err := l.oneByOne(ctx, req, nil, nil)
	if quality(apart) > quality(replies) {
		return apart, err
	}
	return replies, err
}
