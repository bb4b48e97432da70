package isotp

import (
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// dialog is one request with its answers under way.
type dialog struct {
	l        *Link
	req      link.Request
	expected []obd.Address // whose answers end the wait
	replies  []link.Reply

	out     []*outgoing // transfers being sent
	waiting []*waiting  // ECUs that asked for time
	sent    time.Time   // when the last frame of the request went out
	until   time.Time   // when the wait for answers that nothing announced ends
	failure error       // the only transfer was not taken
}

// waiting is an ECU that asked for time.
type waiting struct {
	ecu   obd.Address
	count int
	busy  bool      // the request is repeated at until; otherwise the answer is given up then
	until time.Time // zero: nothing is due
}

// run sends the request and gathers the answers until no more can come.
func (d *dialog) run(ctx context.Context) error {
	to, err := d.destinations()
	if err != nil {
		return err
	}
	for _, dest := range to {
		if err := d.start(ctx, dest); err != nil {
			return err
		}
	}
	for !d.complete() && d.failure == nil {
		next, open := d.next()
		f, ok, err := d.l.receive(ctx, next)
		switch {
		case err != nil:
			d.giveUp()
			return err
		case ok:
			err = d.take(ctx, &f)
		case !open:
			return nil // all was quiet
		}
		if err == nil {
			err = d.tick(ctx, ok)
		}
		if err != nil {
			d.giveUp()
			return err
		}
	}
	return d.failure
}

// complete tells that every answer that is known to come has come.
func (d *dialog) complete() bool {
	if len(d.expected) == 0 || len(d.out) > 0 || len(d.l.plain.open)+len(d.l.extended.open) > 0 {
		return false
	}
	if slices.ContainsFunc(d.waiting, func(w *waiting) bool { return !w.until.IsZero() }) {
		return false
	}
	for _, ecu := range d.expected {
		if !slices.ContainsFunc(d.replies, func(r link.Reply) bool { return r.ECU == ecu && d.over(r) }) {
			return false
		}
	}
	return true
}

// over tells that nothing more comes behind the reply.
func (d *dialog) over(r link.Reply) bool {
	return isFinal(r) || r.Err != nil || d.wait(r.ECU).count >= maxBusy
}

// next returns when something is due, and whether that is more than the end of the wait.
func (d *dialog) next() (due time.Time, open bool) {
	sooner := func(t time.Time) {
		if due.IsZero() || t.Before(due) {
			due = t
		}
		open = true
	}
	for _, o := range d.out {
		sooner(o.due)
	}
	for _, w := range d.waiting {
		if !w.until.IsZero() {
			sooner(w.until)
		}
	}
	for _, r := range []*Reassembler{&d.l.plain, &d.l.extended} {
		if t, ok := r.Deadline(); ok {
			sooner(t)
		}
	}
	if open {
		return due, true
	}
	return d.until, false
}

// tick does what is due.
func (d *dialog) tick(ctx context.Context, received bool) error {
	now := d.l.now()
	if err := d.proceed(ctx, now); err != nil {
		return err
	}
	if received {
		return nil // the bus decides first; what is overdue is seen when it is quiet
	}
	for _, r := range []*Reassembler{&d.l.plain, &d.l.extended} {
		for _, m := range r.Expire(now) {
			d.message(m, d.l.o.Now(), now)
		}
	}
	for _, w := range d.waiting {
		if w.until.IsZero() || now.Before(w.until) {
			continue
		}
		w.until = time.Time{}
		if !w.busy {
			d.mark(w.ecu, link.ErrPending)
			continue
		}
		single := destination{d.requestTo(w.ecu), w.ecu}
		if err := d.start(ctx, single); err != nil {
			return err
		}
	}
	return nil
}

// requestTo is where a request to the ECU alone goes.
func (d *dialog) requestTo(ecu obd.Address) obd.Address {
	if d.req.Target == ecu && d.req.Header != obd.Functional {
		return d.req.Header
	}
	return ecu.Request()
}

// giveUp keeps what is certain of answers that were under way.
func (d *dialog) giveUp() {
	for _, w := range d.waiting {
		if !w.until.IsZero() && !w.busy {
			d.mark(w.ecu, link.ErrPending)
		}
	}
}

func (d *dialog) mark(ecu obd.Address, err error) {
	for i := range d.replies {
		if d.replies[i].ECU == ecu {
			d.replies[i].Err = err
		}
	}
}

// take reads one frame of the bus.
func (d *dialog) take(ctx context.Context, f *can.Frame) error {
	from := addressOf(f.ID)
	r := &d.l.plain
	if d.req.Target.ID() == from.ID() {
		if _, extended := d.req.Target.Extension(); extended {
			r = &d.l.extended
		}
	}
	if f.Remote || !isReply(from) && !d.concerns(from) {
		return nil
	}
	frame, err := Parse(f.Payload(), r.Addressing)
	if err != nil {
		return nil // other traffic on the same identifiers
	}
	source := from
	if r.Addressing == Extended {
		if source = from.WithExtension(frame.Extension); source != d.req.Target {
			return nil
		}
	}
	switch frame.Kind {
	case Flow:
		return d.control(ctx, source, frame.Flow)
	case Single, First:
		if !answers(frame.Data, d.req.Data) || !d.concerns(source) && d.req.Target != obd.Functional {
			return nil // a stale answer, or one to another tester
		}
	}
	return d.push(ctx, r, from, f)
}

// push puts the frame to the message that it belongs to.
func (d *dialog) push(ctx context.Context, r *Reassembler, from obd.Address, f *can.Frame) error {
	now := d.l.now()
	res, err := r.Push(from, f.Payload(), now)
	if err != nil {
		return nil
	}
	if res.Reply {
		ecu := from
		if b, ok := d.req.Target.Extension(); ok && r.Addressing == Extended {
			ecu = from.WithExtension(b)
		}
		to := d.requestTo(ecu)
		if err := d.l.send(ctx, to, AppendFlow(make([]byte, 0, 8), res.Flow, d.l.format(to))); err != nil {
			return err
		}
	}
	if !res.Done {
		return nil
	}
	at := f.At
	if at.IsZero() {
		at = d.l.o.Now()
	}
	d.message(res.Message, at, now)
	return nil
}

// concerns tells the addresses of which an answer is awaited.
func (d *dialog) concerns(from obd.Address) bool {
	if d.req.Target.ID() == from.ID() && d.req.Target != obd.Functional {
		return true
	}
	return slices.Contains(d.expected, from) || slices.ContainsFunc(d.out, func(o *outgoing) bool { return o.from == from })
}

// message takes one answer.
func (d *dialog) message(m Message, at, now time.Time) {
	r := link.Reply{ECU: m.From, Data: m.Data, Frames: m.Frames, At: at, Err: m.Err}
	d.until = later(d.sent.Add(quietTime), now.Add(quietTime))
	n, negative := r.Negative()
	w := d.wait(m.From)
	switch {
	case negative && n.Code == link.NRCResponsePending:
		if w.count++; w.count > maxPending {
			w.until = time.Time{}
			r.Err = link.ErrPending
			break
		}
		w.busy, w.until = false, now.Add(pendingTime)
		d.l.notify(EventWaiting, "control unit "+m.From.String()+" asked for more time")
	case negative && n.Code == link.NRCBusyRepeat && w.count < maxBusy:
		w.busy, w.until = true, now.Add(busyWait<<w.count)
		w.count++
		d.l.notify(EventWaiting, "control unit "+m.From.String()+" is busy")
	default:
		w.until = time.Time{}
	}
	d.keep(r)
}

// keep puts the reply in place of an earlier one of the same ECU that was not final.
func (d *dialog) keep(r link.Reply) {
	i := slices.IndexFunc(d.replies, func(have link.Reply) bool { return have.ECU == r.ECU })
	switch {
	case i < 0:
		if len(d.replies) < maxTransfers {
			d.replies = append(d.replies, r)
		}
	case isFinal(d.replies[i]) && d.replies[i].Err == nil: // the same ECU answers twice
	default:
		d.replies[i] = r
	}
}

// isFinal tells a reply behind which nothing more comes.
func isFinal(r link.Reply) bool {
	n, negative := r.Negative()
	return !negative || n.Code != link.NRCResponsePending && n.Code != link.NRCBusyRepeat
}

// wait finds or makes the state of an ECU.
func (d *dialog) wait(ecu obd.Address) *waiting {
	for _, w := range d.waiting {
		if w.ecu == ecu {
			return w
		}
	}
	w := &waiting{ecu: ecu}
	d.waiting = append(d.waiting, w)
	return w
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
