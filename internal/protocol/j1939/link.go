package j1939

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Options of [Dial]; the zero value is tool 249 with the system's clock.
type Options struct {
	// Now is the clock; nil means time.Now.
	Now func() time.Time
	// Settings of the node. A NAME without a function gets that of an off-board service tool.
	Settings
	// Allow says which groups may be requested; the zero list means link.ReadOnly.
	Allow *link.Allow
	// Wait is how long to listen for a first frame; 0 means one second, less than 0 not at all.
	Wait time.Duration
	// Adapter is told by Describe.
	Adapter obd.Adapter
}

// Link is one node on a network. It is a [link.Link] and a [link.Network]. It claims an address before its
// first request and sends nothing until then.
type Link struct {
	bus     link.Bus
	now     func() time.Time
	allow   link.Allow
	adapter obd.Adapter

	ctx  context.Context
	stop context.CancelFunc
	over chan struct{} // closed when the reader has ended

	mu       sync.Mutex
	machine  *Machine
	timer    *time.Timer
	due      time.Time
	inboxes  []*inbox
	frames   uint64        // of SAE J1939 heard
	silent   map[uint8]int // requests that a node neither answered nor refused, since it last refused one
	recent   map[recentKey]link.ParameterGroup
	err      error
	changed  chan struct{} // closed and renewed when something was heard or ended
	surveyed bool
}

// serviceTool is the NAME of this program: function 129 (off-board diagnostic service tool), industry group 0.
var serviceTool = Name{Function: 129, Arbitrary: true, Identity: 0x0BD, Manufacturer: 0x7FF}

// Dial makes a node of the bus and listens for a first frame of SAE J1939. Where none comes the
// address is claimed and everyone asked for theirs; where nobody answers the error is NoVehicle. The link
// owns the bus from then on, also when Dial fails.
func Dial(ctx context.Context, bus link.Bus, o Options) (*Link, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Name == (Name{}) {
		o.Name = serviceTool
	}
	allow := link.ReadOnly()
	if o.Allow != nil {
		allow = *o.Allow
	}
	l := &Link{bus: Guard(bus, allow), now: o.Now, allow: allow, adapter: o.Adapter, machine: NewMachine(o.Settings),
		over: make(chan struct{}), changed: make(chan struct{}), silent: map[uint8]int{}, recent: map[recentKey]link.ParameterGroup{}}
	if f, ok := bus.(link.BusFilter); ok {
		if err := f.Filter(); err != nil { // what another dialogue left set
			return nil, errors.Join(err, bus.Close())
		}
	}
	l.ctx, l.stop = context.WithCancel(context.Background())
	l.timer = time.AfterFunc(time.Hour, l.advance)
	go l.read()
	if err := l.greet(ctx, o); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// greet waits for a sign of life.
func (l *Link) greet(ctx context.Context, o Options) error {
	wait := o.Wait
	if wait == 0 {
		wait = time.Second
	}
	if wait < 0 || l.await(ctx, wait, func() bool { return l.frames > 0 }) || o.Passive {
		return l.ended(ctx)
	}
	if err := l.ended(ctx); err != nil {
		return err
	}
	if _, err := l.Request(ctx, PGNAddressClaim, Global); err != nil && !errors.Is(err, link.ErrNoReply) {
		return err
	}
	if len(l.known()) == 0 {
		return errs.New(errs.NoVehicle, "no SAE J1939 node answers on %s", l.bus.Name()).
			WithHint("switch the ignition on and check the bit rate: 250000, or 500000 on trucks from about 2016 on")
	}
	return nil
}

// Exchange answers Unsupported: J1939 has parameter groups instead of services.
func (l *Link) Exchange(ctx context.Context, _ link.Request) ([]link.Reply, error) {
	if err := l.ended(ctx); err != nil {
		return nil, err
	}
	return nil, errs.New(errs.Unsupported, "SAE J1939 has no services: its parameter groups are requested instead")
}

// Describe says what is at the other end.
func (l *Link) Describe() link.Description {
	return link.Description{Adapter: l.adapter, Protocol: obd.J1939}
}

// Close ends the node and closes its bus.
func (l *Link) Close() error {
	l.stop()
	l.timer.Stop()
	err := l.bus.Close()
	<-l.over
	return err
}

// Address returns the node's own address and whether it is claimed.
func (l *Link) Address() (uint8, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.machine.Claimed()
}

// read takes frames until the bus ends.
func (l *Link) read() {
	defer close(l.over)
	for {
		f, err := l.bus.Receive(l.ctx)
		l.mu.Lock()
		if err != nil {
			l.fail(err)
			l.mu.Unlock()
			return
		}
		if _, ok := ParseID(f.ID); ok {
			l.frames++
		}
		at := f.At
		if at.IsZero() {
			at = l.now()
		}
		l.machine.Handle(at, &f)
		l.flush(l.frames == 1)
		l.mu.Unlock()
	}
}

// advance runs at the machine's deadline.
func (l *Link) advance() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.machine.Advance(l.now())
		l.due = time.Time{}
		l.flush(true)
	}
}

// flush sends what the machine wants sent, hands messages out and sets the timer. The lock is held.
func (l *Link) flush(tell bool) {
	for _, f := range l.machine.Frames() {
		if err := l.bus.Send(l.ctx, f); err != nil && link.IsLost(err) {
			l.fail(err)
		}
	}
	for _, g := range l.machine.Messages() {
		tell = true
		l.remember(&g)
		for _, in := range l.inboxes {
			in.put(g)
		}
	}
	if due, ok := l.machine.Deadline(); ok && (l.due.IsZero() || !due.Equal(l.due)) {
		l.due = due
		l.timer.Reset(max(0, due.Sub(l.now())))
	}
	if tell {
		l.tell()
	}
}

func (l *Link) tell() {
	close(l.changed)
	l.changed = make(chan struct{})
}

func (l *Link) fail(err error) {
	if l.err == nil {
		l.err = err
		l.tell()
	}
}

// ended returns why nothing more can be asked, nil while it can.
func (l *Link) ended(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil && !link.IsLost(l.err) {
		return &link.Fault{Lost: true, Err: l.err}
	}
	return l.err
}

// await waits until done holds, which is asked under the lock; false when the time, ctx or the bus ended.
func (l *Link) await(ctx context.Context, limit time.Duration, done func() bool) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		l.mu.Lock()
		ready, over, changed := done(), l.err != nil, l.changed
		l.mu.Unlock()
		if ready || over {
			return ready
		}
		select {
		case <-changed:
		case <-timer.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}
