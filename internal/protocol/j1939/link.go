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
	// Idle is how long after a call the link begins to receive by itself; 0 means 250 ms, less than 0 never, as
	// a recording wants it that must be played as it was made.
	Idle time.Duration
	// Adapter is told by Describe.
	Adapter obd.Adapter
}

// Link is one node on a network. It is a [link.Link] and a [link.Network]. It claims an address before its
// first request and sends nothing until then. Who waits receives for everyone; while nobody does, the link
// receives by itself.
type Link struct {
	bus     link.Bus
	now     func() time.Time
	allow   link.Allow
	adapter obd.Adapter

	ctx       context.Context
	stop      context.CancelFunc
	receiving chan struct{} // held by who receives
	idle      idle

	mu       sync.Mutex
	machine  *Machine
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
		receiving: make(chan struct{}, 1), changed: make(chan struct{}), silent: map[uint8]int{}, recent: map[recentKey]link.ParameterGroup{}}
	if f, ok := bus.(link.BusFilter); ok {
		if err := f.Filter(); err != nil { // what another dialogue left set
			return nil, errors.Join(err, bus.Close())
		}
	}
	l.ctx, l.stop = context.WithCancel(context.Background())
	l.idle = idle{link: l, after: o.Idle}
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
	err := l.bus.Close()
	l.idle.end()
	return err
}

// Address returns the node's own address and whether it is claimed.
func (l *Link) Address() (uint8, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.machine.Claimed()
}

// flush sends what the machine wants sent and hands messages out. The lock is held.
func (l *Link) flush(tell bool) {
	for _, f := range l.machine.Frames() {
		if err := l.bus.Send(l.ctx, f); link.IsLost(err) || errs.KindOf(err) == errs.BadInput {
			l.fail(err) // the bus has ended, or the recording of one has another dialogue
		}
	}
	for _, g := range l.machine.Messages() {
		tell = true
		l.remember(&g)
		for _, in := range l.inboxes {
			in.put(g)
		}
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
