package diag

import (
	"context"
	"errors"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// question is one request and the step that it is asked for.
type question struct {
	step   obd.Step
	target obd.Address
	header obd.Address
	data   []byte
	slow   bool
	// frames is how many frames all replies take if everyone sends what it claims, 0 where that cannot be told.
	frames int
}

// ask sends one request and sorts what came back: whole positive replies in order of address, and what
// could not be read. A fault is tried once more; an ECU whose part of a functional answer came
// incomplete is asked once alone. The error is set only when the conversation ended.
func (t *Tester) ask(ctx context.Context, q question) ([]link.Reply, []obd.Unread, error) {
	replies, err := t.send(ctx, q)
	if errors.Is(err, link.ErrLockedUp) {
		t.batch, t.together = 1, false // long answers are too much for this adapter
	} else if retryable(ctx, err) && len(replies) == 0 {
		replies, err = t.send(ctx, q)
	}
	replies = t.name(ctx, q, replies)
	var good []link.Reply
	var missed []obd.Unread
	for _, r := range replies {
		t.heard(r.ECU)
		r, rerr := t.whole(ctx, q, r)
		if rerr != nil {
			missed = append(missed, unread(q.step, r.ECU, q.data, rerr))
			continue
		}
		good = append(good, r)
	}
	if err != nil && (len(replies) == 0 || !errors.Is(err, link.ErrNoReply)) {
		missed = append(missed, unread(q.step, q.target, q.data, err))
	}
	byECU(good, func(r link.Reply) obd.Address { return r.ECU })
	byECU(missed, func(u obd.Unread) obd.Address { return u.ECU })
	return good, missed, ended(ctx, err)
}

// askAny is ask for a service that the car may not have. On CAN an ECU keeps silent when all are asked for
// what it does not know; asked alone it says so (ISO 14229-1 clause 8.7). So after silence the engine's ECU
// is asked alone, which tells "not supported" from a reply that was lost.
func (t *Tester) askAny(ctx context.Context, q question) ([]link.Reply, []obd.Unread, error) {
	replies, missed, err := t.ask(ctx, q)
	if err != nil || len(replies) > 0 || !onlySilence(missed) || !t.isCAN() || q.target != obd.Functional ||
		len(t.ecus) == 0 || isUnknown(t.ecus[0]) {
		return replies, missed, err
	}
	q.target, q.frames = t.ecus[0], 0
	alone, why, err := t.ask(ctx, q)
	if len(alone) == 0 && onlySilence(why) && err == nil {
		why = missed
	}
	return alone, why, err
}

// retryable tells an error of the moment: the adapter or the line stumbled, and both are still there.
func retryable(ctx context.Context, err error) bool {
	_, fault := errors.AsType[*link.Fault](err)
	return fault && !link.IsLost(err) && ctx.Err() == nil
}

func (t *Tester) send(ctx context.Context, q question) ([]link.Reply, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	key := frameKey(q.target, q.data)
	expected := t.frames.expect(key)
	if expected == 0 {
		expected = t.foresee(q)
	}
	replies, err := t.exchange(ctx, link.Request{
		Target: q.target, Header: q.header, Data: q.data, Slow: q.slow, Frames: expected,
	})
	t.frames.learn(key, replies, err)
	t.review(q, replies, err)
	return replies, err
}

// whole returns one ECU's reply, asked again alone where it came incomplete, or why there is none.
func (t *Tester) whole(ctx context.Context, q question, r link.Reply) (link.Reply, error) {
	if r.Err != nil && q.target == obd.Functional && r.ECU != obd.Functional && t.isCAN() && ctx.Err() == nil {
		q.target, q.frames = r.ECU, 0
		again, err := t.send(ctx, q)
		if len(again) > 0 && err == nil {
			r = again[0]
		}
	}
	if r.Err != nil {
		return r, r.Err
	}
	if n, ok := r.Negative(); ok {
		return r, n
	}
	if len(r.Data) == 0 || r.Data[0] != q.data[0]+0x40 {
		return r, malformed(errors.New("not an answer to this request"))
	}
	return r, nil
}
