// Package reconnect makes a link come back by itself after a pulled plug, a dropped connection or an
// ignition cycle.
package reconnect

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Kind sorts the events.
type Kind string

// The kinds of event.
const (
	Lost   Kind = "lost"    // the adapter fell away; Err says how
	Silent Kind = "silent"  // the adapter is there, the vehicle does not answer any more
	Retry  Kind = "retry"   // an attempt is made
	Failed Kind = "failed"  // an attempt did not help; Err says why, Wait when the next one comes
	Back   Kind = "back"    // the link works again
	GaveUp Kind = "gave_up" // no more attempts
)

// Event tells what happens while a link is being brought back.
type Event struct {
	Kind  Kind
	Try   int           // number of the attempt, from 1
	Wait  time.Duration // until the next attempt
	After time.Duration // since the link was lost
	Err   error
}

// Options say how a link comes back.
type Options struct {
	// Open opens the link anew.
	Open func(ctx context.Context) (link.Link, error)
	// Total bounds the time of one recovery, 0 for no end but ctx's.
	Total time.Duration
	// Tries bounds the attempts of one recovery, 0 for any number.
	Tries int
	// Final, when set, tells further errors that no attempt can cure.
	Final func(error) bool
	// Notify, when set, is told what happens, from the goroutine that uses the link.
	Notify func(Event)
	// Now is the clock that tells how long the vehicle has been quiet; nil for time.Now.
	Now func() time.Time
	// Rand returns numbers in [0,1) for the jitter; nil for a random source.
	Rand func() float64
}

// Waiting doubles from firstWait up to longestWait; each wait is a random part of that (full jitter), so
// that several tools do not hammer one adapter in step.
const (
	firstWait   = 500 * time.Millisecond
	longestWait = 10 * time.Second
)

// A vehicle counts as gone quiet after this many exchanges in a row and this much time without any answer.
const (
	quietExchanges = 3
	quietTime      = 5 * time.Second
)

// maxLosses is how often one request may cost the link: some clones lock up on a reply that is too long
// for them, and would do so for ever.
const maxLosses = 3

// Link is a link that comes back.
type Link struct {
	o Options

	mu     sync.Mutex
	link   link.Link
	closed bool

	quiet    int          // exchanges in a row without an answer
	heard    time.Time    // when the last answer came
	answered bool         // any answer came so far
	dead     error        // recovery was given up
	proof    link.Request // the last reading request that was answered
}

// New returns l with recovery.
func New(l link.Link, o Options) *Link {
	if o.Rand == nil {
		o.Rand = rand.Float64
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Link{o: o, link: l, heard: o.Now()}
}

// Exchange is that of the link below. When the link is lost it is brought back and the request sent
// again, unless the request could change the vehicle: nobody knows whether the first one arrived, so
// then the fault is returned and the link is ready for whatever the caller decides. The same holds for a
// request that costs the link again and again.
func (l *Link) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	for losses := 1; ; losses++ {
		if l.dead != nil {
			return nil, l.dead
		}
		replies, err := l.current().Exchange(ctx, req)
		if ctx.Err() != nil || l.isClosed() || l.isFinal(err) {
			return replies, err
		}
		if !link.IsLost(err) {
			l.prove(req, replies)
			if !l.goneQuiet(ctx, replies, err) {
				return replies, err
			}
			l.tell(Event{Kind: Silent, Err: err})
		} else {
			l.tell(Event{Kind: Lost, Err: err})
		}
		if err := l.recover(ctx, err); err != nil {
			return nil, err
		}
		if !link.ReadOnly().Permits(req.Data) {
			return replies, &link.Fault{Err: errs.New(errs.Adapter, "the link was lost during the request and is back: %w", cause(err)).
				WithHint("check whether the request took effect before it is sent again")}
		}
		if losses == maxLosses {
			return replies, lostAgain(err)
		}
	}
}

// lostAgain is the error of a request that cost the link as often as it may; the link is back.
func lostAgain(err error) error {
	return &link.Fault{Err: errs.New(errs.Adapter, "the link was lost %d times during this request and is back: %w (%w)", maxLosses, link.ErrLockedUp, cause(err)).
		WithHint("everything else can be read; another adapter reads this too")}
}

// cause takes the mark of a lost link off: the link is back.
func cause(err error) error {
	if f, ok := errors.AsType[*link.Fault](err); ok && f.Err != nil {
		return f.Err
	}
	return errors.New(err.Error())
}

// goneQuiet tells that the vehicle answered before and answers nothing now, neither the request that
// most vehicles answer (service 01 PID 00) nor the last one that it did answer: the ignition was switched off.
func (l *Link) goneQuiet(ctx context.Context, replies []link.Reply, err error) bool {
	if len(replies) > 0 || err == nil {
		l.hear()
		return false
	}
	if !isQuiet(err) {
		return false
	}
	l.quiet++
	if !l.answered || l.quiet < quietExchanges || l.o.Now().Sub(l.heard) < quietTime {
		return false
	}
	for _, request := range []link.Request{{Target: obd.Functional, Data: []byte{0x01, 0x00}}, l.proof} {
		if len(request.Data) == 0 {
			continue
		}
		replies, err = l.current().Exchange(ctx, request)
		if ctx.Err() != nil {
			return false
		}
		if len(replies) > 0 || err == nil {
			l.hear()
			return false
		}
	}
	return true
}

// prove keeps a request that was answered: vehicles without service 01, such as electric ones, answer it again
// while they are awake.
func (l *Link) prove(req link.Request, replies []link.Reply) {
	isPID := req.Service() == obd.ServiceCurrentData // PID 00 is asked anyway
	if len(replies) > 0 && !isPID && link.ReadOnly().Permits(req.Data) && string(req.Data) != string(l.proof.Data) {
		l.proof = link.Request{Target: req.Target, Header: req.Header, Data: slices.Clone(req.Data)}
	}
}

// isQuiet tells the errors of a vehicle that does not answer from those of one that does.
func isQuiet(err error) bool {
	if errors.Is(err, link.ErrNoReply) || errs.KindOf(err) == errs.NoVehicle {
		return true
	}
	_, fault := errors.AsType[*link.Fault](err)
	return fault
}

func (l *Link) hear() { l.quiet, l.heard, l.answered = 0, l.o.Now(), true }

// Describe says what is at the other end.
func (l *Link) Describe() link.Description { return l.current().Describe() }

// SupplyVoltage is that of the link below.
func (l *Link) SupplyVoltage(ctx context.Context) (float64, error) {
	for losses := 1; ; losses++ {
		if l.dead != nil {
			return 0, l.dead
		}
		meter, ok := l.current().(link.Voltmeter)
		if !ok {
			return 0, errs.New(errs.Unsupported, "this adapter cannot measure the supply voltage")
		}
		volts, err := meter.SupplyVoltage(ctx)
		if !link.IsLost(err) || ctx.Err() != nil || l.isClosed() || l.isFinal(err) {
			return volts, err
		}
		l.tell(Event{Kind: Lost, Err: err})
		if err := l.recover(ctx, err); err != nil {
			return 0, err
		}
		if losses == maxLosses {
			return 0, lostAgain(err)
		}
	}
}

// Close closes the link that is open now; it may be called while a recovery is under way.
func (l *Link) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	return l.link.Close()
}

func (l *Link) current() link.Link {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.link
}

func (l *Link) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

func (l *Link) tell(e Event) {
	if l.o.Notify != nil {
		l.o.Notify(e)
	}
}

var (
	_ link.Link      = (*Link)(nil)
	_ link.Voltmeter = (*Link)(nil)
)
