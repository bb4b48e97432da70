package diag

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Want is one command to poll.
type Want struct {
	Command *catalog.Command
	Signals []string    // ids to report; empty for all of the command
	ECU     obd.Address // who shall answer; zero for the engine's ECU, or the first that has it
	Rate    float64     // wanted samples per second; 0 for as many as the link carries
	// Priority moves the command ahead when the link cannot carry everything: each step counts as if it
	// were due 100 ms earlier. Nothing starves.
	Priority int
}

// Wants finds the commands of signals by their canonical ids, one for all signals of a command. An
// unknown id is an errs.Usage error.
func (t *Tester) Wants(rate float64, signals ...string) ([]Want, error) {
	var wants []Want
	at := map[*catalog.Command]int{}
	own, _ := t.spoken().(finder)
	for _, id := range signals {
		if own != nil {
			if want, ok := own.find(id); ok {
				want.Rate = rate
				wants = append(wants, want)
				continue
			}
		}
		command, signal := t.catalog.Find(id)
		if command == nil {
			return nil, errs.New(errs.Usage, "signal %q is not in the catalogue", id).
				WithHint("'obdctl pid list' shows every signal; --signals adds your own")
		}
		i, ok := at[command]
		if !ok {
			i = len(wants)
			at[command] = i
			wants = append(wants, Want{Command: command, Rate: rate, ECU: command.Reply})
		}
		wants[i].Signals = append(wants[i].Signals, signal.ID)
	}
	return wants, nil
}

// Sample is what one request brought.
type Sample struct {
	At       time.Time     // when the last byte came
	Latency  time.Duration // from sending the request
	Readings []obd.Reading // reused: copy what shall last beyond the call
}

// PollerOptions are what a [Poller] is made from.
type PollerOptions struct {
	Wants []Want
	// Emit takes every sample; it is called by the goroutine of Run and should return soon.
	Emit func(Sample)
	// Notify, if set, is told what happened to the link, when the car is back (nil), and once for each
	// batch what keeps it from being read, such as a service that is not permitted.
	Notify func(error)
	// Reopen, if set, makes a new link once the old one is lost. A link that comes back by itself needs none.
	Reopen func(context.Context) (link.Link, error)
	// GiveUp ends Run with an errs.NoVehicle error after so many requests in a row without any answer;
	// 0 means never: the ignition may come back.
	GiveUp int
	// Patience is how long a lost link is tried again before Run gives up; 0 means 30 s, less than 0 for ever.
	Patience time.Duration
}

// Poller keeps asking one car for live values: several PIDs of an ECU per request on CAN, the one that is
// due first next, without any fixed pause in between.
type Poller struct {
	tester  *Tester
	options PollerOptions
	items   []*pollItem
	batches []*pollBatch
	// functional is set when ECUs do not answer when they are asked alone.
	functional bool
	silent     int // requests in a row without any answer

	readings []obd.Reading
	values   []catalog.Value

	mu sync.Mutex // guards the rates in items
}

// Poller plans the polling of what is wanted. Supported(01) should have been called before, so that each
// command goes to the ECU that has it.
func (t *Tester) Poller(o PollerOptions) (*Poller, error) {
	if len(o.Wants) == 0 {
		return nil, errs.New(errs.Usage, "nothing to poll").WithHint("name at least one signal, such as RPM")
	}
	if o.Patience == 0 {
		o.Patience = 30 * time.Second
	}
	p := &Poller{tester: t, options: o}
	for _, w := range o.Wants {
		p.items = append(p.items, newItem(t, w))
	}
	p.plan(t.now())
	return p, nil
}

// Run polls until ctx ends (it then returns ctx.Err() at once) or a lost link does not come back.
func (p *Poller) Run(ctx context.Context) error {
	if s, ok := p.tester.spoken().(streamer); ok {
		return s.stream(ctx, p)
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := p.next()
		if err := rest(ctx, b.due.Sub(p.tester.now())); err != nil {
			return err
		}
		err := p.poll(ctx, b)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if link.IsLost(err) {
			err = p.recover(ctx, err)
			if err != nil {
				return err
			}
			continue
		}
		if err != nil && !b.told && !errors.Is(err, link.ErrNoReply) {
			b.told = true
			p.notify(err)
		}
		if p.options.GiveUp > 0 && p.silent >= p.options.GiveUp {
			return errs.New(errs.NoVehicle, "nothing answers any more")
		}
		if err := rest(ctx, p.breath()); err != nil {
			return err
		}
	}
}

// rest waits until something is due; nothing is polled sooner than it is wanted.
func rest(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// The waiting times while a car is silent or a link is lost: doubled from the first to the last.
const (
	firstBackOff = 250 * time.Millisecond
	lastBackOff  = 4 * time.Second
)

// breath is how long to leave a car alone that does not answer anything, as with the ignition off.
func (p *Poller) breath() time.Duration {
	over := p.silent - 3*len(p.batches)
	if over < 0 {
		return 0
	}
	return min(firstBackOff<<min(over, 10), lastBackOff)
}

// recover tries a lost link again until it is back or patience ends.
func (p *Poller) recover(ctx context.Context, lost error) error {
	p.notify(lost)
	until := p.tester.now().Add(p.options.Patience)
	for wait := firstBackOff; ; wait = min(2*wait, lastBackOff) {
		if p.options.Patience > 0 && p.tester.now().After(until) {
			return lost
		}
		if err := rest(ctx, wait); err != nil {
			return err
		}
		if err := p.reopen(ctx); err != nil {
			lost = err
			continue
		}
		p.plan(p.tester.now())
		err := p.poll(ctx, p.next())
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case !link.IsLost(err):
			p.notify(nil)
			return nil
		}
		lost = err
	}
}

func (p *Poller) reopen(ctx context.Context) error {
	if p.options.Reopen == nil {
		return nil
	}
	l, err := p.options.Reopen(ctx)
	if err != nil {
		return err
	}
	_ = p.tester.link.Close() // it is lost already
	p.tester.link = l
	return nil
}

func (p *Poller) notify(err error) {
	if p.options.Notify != nil {
		p.options.Notify(err)
	}
}

// keeps tells whether a want reports the signal.
func (w Want) keeps(id string) bool {
	for _, s := range w.Signals {
		if strings.EqualFold(s, id) {
			return true
		}
	}
	return len(w.Signals) == 0
}
