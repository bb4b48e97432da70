package main

import (
	"context"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
)

// bay is where the workstation's car stands. One goroutine owns the connection and does one job after the other;
// between jobs it attends to the car: it polls what is being watched, or just asks now and then whether the car is
// still there. Whatever happens is told to the screens as messages. The connection comes back by itself.
type bay struct {
	app  *app
	tell func(tea.Msg) // to the screens; never waits for long
	ctx  context.Context
	end  context.CancelFunc
	jobs chan *job
	book func() *dtc.Book // read at the first use
	over chan struct{}    // closed when the goroutine has ended

	mu    sync.Mutex
	state screen.Link

	confirmed link.Latch // open while codes are cleared

	// Owned by the goroutine.
	session *session
	tape    *tape
	said    func(connectSaid)           // takes the dialogue while someone listens; may be nil
	attend  func(context.Context) error // what is watched between jobs; nil for nothing

	watching  *watching   // what attend reads for the live page; may be nil
	recording *liveKeeper // keeps what is watched; may be nil
}

// job is something that the goroutine is asked to do.
type job struct {
	ctx  context.Context
	work func(context.Context) error
	done chan error
}

// newBay makes the bay and starts its goroutine, which ends with [bay.close].
func newBay(ctx context.Context, a *app, tell func(tea.Msg)) *bay {
	b := &bay{app: a, tell: tell, jobs: make(chan *job), over: make(chan struct{})}
	b.ctx, b.end = context.WithCancel(ctx)
	b.book = sync.OnceValue(b.readBook)
	go b.run()
	return b
}

// close ends what runs, finishes it and waits for that.
func (b *bay) close() {
	b.end()
	<-b.over
}

func (b *bay) run() {
	defer close(b.over)
	defer b.leave()
	for {
		j := b.next()
		if j == nil {
			return
		}
		j.done <- j.work(j.ctx)
	}
}

// next waits for a job and attends to the car meanwhile; nil says that the bay is closed.
func (b *bay) next() *job {
	for {
		if b.session == nil {
			select {
			case j := <-b.jobs:
				return j
			case <-b.ctx.Done():
				return nil
			}
		}
		meanwhile, stop := context.WithCancel(b.ctx)
		got := make(chan *job, 1)
		go func() {
			defer close(got)
			select {
			case j := <-b.jobs:
				got <- j
				stop()
			case <-meanwhile.Done():
			}
		}()
		b.stayWith(meanwhile)
		stop()
		if j := <-got; j != nil {
			return j
		}
		if b.ctx.Err() != nil {
			return nil
		}
	}
}

// do hands work to the goroutine and waits until it is done. The work's context ends with ctx and with the bay.
func (b *bay) do(ctx context.Context, work func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(b.ctx, cancel)()
	j := &job{ctx, work, make(chan error, 1)}
	select {
	case b.jobs <- j:
		return <-j.done
	case <-ctx.Done():
		return errs.New(errs.Cancelled, "interrupted")
	}
}

// ask is do for work that needs a car.
func (b *bay) ask(ctx context.Context, work func(context.Context, *session) error) error {
	return b.do(ctx, func(ctx context.Context) error {
		if b.session == nil {
			return errs.New(errs.NoAdapter, "no car is connected").WithHint("connect first")
		}
		return work(ctx, b.session)
	})
}

// beat is how often an idle car is asked whether it is still there.
const beat = 2 * time.Second

// stayWith attends to the car until ctx ends or something about it is new.
func (b *bay) stayWith(ctx context.Context) {
	if b.attend != nil {
		if err := b.attend(ctx); ctx.Err() == nil && err != nil {
			b.attend = nil
			b.attended(err)
		}
		return
	}
	if pause(ctx, beat) != nil {
		return
	}
	if r, ok := b.session.link.(interface{ IsReplay() bool }); ok && r.IsReplay() {
		return
	}
	if latency, ok := b.knock(ctx); ok {
		b.change(func(l *screen.Link) { l.Latency = latency })
	}
	if v, _, err := b.session.tester.Voltage(ctx); err == nil && v != nil {
		b.change(func(l *screen.Link) { l.Volts = v.Volts })
	}
}

// knock asks the car whether it is still there, by the request that every car answers that has PIDs. Whatever was
// pulled shows by it, and the link brings itself back meanwhile. A truck sends by itself: the voltage is listened for.
func (b *bay) knock(ctx context.Context) (time.Duration, bool) {
	if b.session.tester.Dialect() == obd.DialectJ1939 {
		return 0, false
	}
	began := time.Now()
	_, err := b.session.link.Exchange(ctx, link.Request{Target: obd.Functional, Data: []byte{byte(obd.ServiceCurrentData), 0}})
	return time.Since(began), err == nil
}

// change changes what is told of the connection, and tells it when it is new.
func (b *bay) change(f func(*screen.Link)) {
	b.mu.Lock()
	before := b.state
	f(&b.state)
	if b.state.State != before.State {
		b.state.Since = time.Now()
	}
	now := b.state
	b.mu.Unlock()
	b.tell(now)
}

func (b *bay) now() screen.Link {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.state
}
