package isotp

import (
	"context"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// outgoing is a message of several frames being sent.
type outgoing struct {
	destination
	sender *Sender
	due    time.Time // when the next frame may go, or flow control must have come
	held   bool      // flow control is awaited
}

// start sends the first frame to one destination.
func (d *dialog) start(ctx context.Context, dest destination) error {
	s, err := NewSender(d.req.Data, d.l.format(dest.to))
	if err != nil {
		return err
	}
	if err := d.l.send(ctx, dest.to, s.First()); err != nil {
		return err
	}
	if s.Done() {
		d.await()
		return nil
	}
	d.out = append(d.out, &outgoing{destination: dest, sender: s, held: true, due: d.l.now().Add(flowTime)})
	return nil
}

// await begins the wait for answers.
func (d *dialog) await() {
	d.sent = d.l.now()
	wait := silenceTime
	if d.req.Slow {
		wait = slowTime
	}
	d.until = later(d.until, d.sent.Add(wait))
}

// control takes flow control of an ECU that we are sending to.
func (d *dialog) control(ctx context.Context, from obd.Address, fc FlowControl) error {
	i := slices.IndexFunc(d.out, func(o *outgoing) bool { return o.from == from })
	if i < 0 || !d.out[i].held {
		return nil
	}
	o := d.out[i]
	if err := o.sender.Control(fc); err != nil {
		d.fail(o, err)
		return nil
	}
	now := d.l.now()
	if fc.Status == Wait {
		o.due = now.Add(flowTime)
		return nil
	}
	o.held, o.due = false, now
	return d.proceed(ctx, now)
}

// proceed sends the frames that are due and ends transfers without flow control.
func (d *dialog) proceed(ctx context.Context, now time.Time) error {
	for _, o := range slices.Clone(d.out) {
		if now.Before(o.due) {
			continue
		}
		if o.held {
			d.fail(o, errNoFlow)
			continue
		}
		if err := d.sendDue(ctx, o, now); err != nil {
			return err
		}
	}
	return nil
}

// errNoFlow is N_TIMEOUT_Bs.
var errNoFlow error = errs.New(errs.NoVehicle, "send request: no flow control within a second: %w", link.ErrNoReply)

// sendDue sends frames until the receiver wants a gap or its leave is used up.
func (d *dialog) sendDue(ctx context.Context, o *outgoing, now time.Time) error {
	for {
		frame, gap := o.sender.Next()
		if frame == nil { // the block is full
			o.held, o.due = true, now.Add(flowTime)
			return nil
		}
		if err := d.l.send(ctx, o.to, frame); err != nil {
			return err
		}
		if o.sender.Done() {
			d.drop(o)
			d.await()
			return nil
		}
		if gap > 0 {
			o.due = d.l.now().Add(gap)
			return nil
		}
	}
}

// fail ends a transfer that the ECU does not take; among several the error is that ECU's reply.
func (d *dialog) fail(o *outgoing, err error) {
	d.drop(o)
	if d.req.Target != obd.Functional {
		d.failure = err
		return
	}
	d.keep(link.Reply{ECU: o.from, At: d.l.o.Now(), Err: err})
	d.until = later(d.until, d.l.now())
}

func (d *dialog) drop(o *outgoing) {
	d.out = slices.DeleteFunc(d.out, func(x *outgoing) bool { return x == o })
}
