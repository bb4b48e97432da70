package simulator

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Bounds of the simulated controller, in frames: what it keeps for a client that does not receive, and what
// it takes from one that sends faster than the line.
const (
	inboxRoom  = 8192
	outboxTime = 40 * time.Millisecond
)

// errOff is below the fault of a bus that is gone.
var errOff = errors.New("the simulated controller is gone")

// bus is a CAN controller on the line of a simulated car. It is a link.Bus, a link.BusMonitor and a
// link.BusFilter.
type bus struct {
	name  string
	opt   options
	clock clock
	wire  *wire
	rnd   *rand.Rand // of disturbed and lost frames

	mu      sync.Mutex
	at      time.Duration // where it is in time when nobody waits
	last    time.Time     // the deadline that stands for limit
	limit   time.Duration
	inbox   []can.Frame
	masks   []link.Mask
	health  link.BusHealth
	sent    int
	off     error
	resting time.Time     // since when only the usual traffic comes, while nobody waits
	changed chan struct{} // closes when anything above changes; nil while nobody waits
}

// OpenBus returns the CAN line of a simulated car, with a controller of its own. The address is that of
// [Open]; the options of the adapter and its serial line mean nothing here. Two are added: bitrate is that of
// the controller, and frames of another than the line's are destroyed; lose is the chance that a frame does not
// arrive. drop counts frames, garbage is the chance that a frame is disturbed and sent again. A car of an
// older line has no frames: errs.Unsupported.
//
// With pace 0 a wait ends as soon as nothing can come before the deadline of its context, and the car's
// time goes on by the wait.
func OpenBus(ctx context.Context, address string) (link.Bus, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	o, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	c, err := loadCar(o)
	if err != nil {
		return nil, err
	}
	if !c.line.IsCAN() {
		return nil, errs.New(errs.Unsupported, "%s: this car has no CAN line: %s", address, c.line.Name()).
			WithHint("open it as a simulated ELM327, without via=bus")
	}
	b := &bus{
		name: address, opt: o, clock: newClock(o.pace), wire: newWire(c, rand.New(rand.NewPCG(o.seed, 0xCA0))),
		rnd: rand.New(rand.NewPCG(o.seed, 0xB05)),
	}
	return b, nil
}

// Name is the address by which the bus was opened.
func (b *bus) Name() string { return b.name }

// Send puts a frame on the line; it waits when the controller's queue is full.
func (b *bus) Send(ctx context.Context, f can.Frame) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for {
		wait, changed, err := b.send(f)
		if err != nil || wait == 0 {
			return err
		}
		if err := sleep(ctx, wait, changed); err != nil {
			return err
		}
	}
}

// send hands over the frame, or says how long to wait for room.
func (b *bus) send(f can.Frame) (wait time.Duration, changed <-chan struct{}, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.off != nil {
		return 0, nil, b.off
	}
	now := b.now()
	b.settle(now)
	if !b.clock.instant() && b.wire.free > now+outboxTime {
		return b.clock.until(b.wire.free - outboxTime), b.news(), nil
	}
	if b.sent++; b.opt.dropAfter > 0 && b.sent > b.opt.dropAfter {
		b.shut()
		return 0, nil, b.off
	}
	b.put(now+b.opt.slow, f)
	b.resting = time.Time{}
	b.tell()
	return 0, nil, nil
}

// put gives the frame its time on the line and to those who listen there.
func (b *bus) put(t time.Duration, f can.Frame) {
	car := b.wire.car
	switch {
	case car.asleep(): // nobody acknowledges
		b.health.NoAck++
		b.wire.transmit(t, frame{data: f.Payload()})
	case f.FD || b.opt.bitrate > 0 && b.opt.bitrate != bitrateOf(car.line): // destroyed by error frames
		b.health.Errors++
		b.wire.transmit(t, frame{data: f.Payload()})
	case f.Remote || f.ID.IsExtended() != car.line.Is29Bit():
		b.wire.transmit(t, frame{data: f.Payload()})
	default:
		b.wire.raw(t, f.ID.Raw(), append([]byte{}, f.Payload()...))
	}
}

// Receive returns the next frame; see link.Bus.
func (b *bus) Receive(ctx context.Context) (can.Frame, error) {
	for {
		f, wait, changed, err := b.receive(ctx)
		if wait == 0 {
			return f, err
		}
		_ = sleep(ctx, wait, changed) // a frame that is there goes before the end of the context
	}
}

// receive takes a frame that is there, or says how long to wait for one.
func (b *bus) receive(ctx context.Context) (f can.Frame, wait time.Duration, changed <-chan struct{}, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settle(b.now())
	if f, ok := b.pop(); ok {
		return f, 0, nil, nil
	}
	switch {
	case b.off != nil:
		return f, 0, nil, b.off
	case ctx.Err() != nil:
		return f, 0, nil, ctx.Err()
	case b.clock.instant():
		return b.hurry(ctx)
	}
	wait = forever
	if _, end := b.wire.pick(forever); end < forever-time.Hour {
		wait = max(b.clock.until(end+b.opt.slow), 1)
	}
	if b.opt.dropEvery > 0 {
		wait = min(wait, max(b.clock.until(b.opt.dropEvery), 1))
	}
	return f, wait, b.news(), nil
}

// hurry lets the car's time go to the next frame, or to the end of the wait.
func (b *bus) hurry(ctx context.Context) (f can.Frame, wait time.Duration, changed <-chan struct{}, err error) {
	limit := b.until(ctx)
	for range 64 { // then lets go of the lock, as all that comes may be filtered out
		_, end := b.wire.pick(limit)
		if end == forever && limit == forever {
			return f, forever, b.news(), nil
		}
		if limit == forever && !b.wire.answers() {
			if left := end - b.at - b.rested(); left > 0 {
				return f, left, b.news(), nil
			}
		}
		b.resting = time.Time{}
		if end > limit-b.opt.slow {
			b.at = max(b.at, limit)
			return f, 0, nil, context.DeadlineExceeded
		}
		b.at = max(b.at, end+b.opt.slow)
		b.settle(b.at)
		if b.off != nil {
			return f, 0, nil, b.off
		}
		if f, ok := b.pop(); ok {
			return f, 0, nil, nil
		}
	}
	return f, 1, b.news(), nil
}

// rested is for how long nothing but the usual traffic could come. Who waits without a limit gets that in
// real time also when nobody waits otherwise, or the car's time would run away from the dialogue.
func (b *bus) rested() time.Duration {
	if b.resting.IsZero() {
		b.resting = time.Now()
	}
	return time.Since(b.resting)
}

// until is the end of a wait in the car's time, in whole milliseconds so that the same waits give the same
// frames. Waits with one deadline end at one time, because the clock of who waits stands still meanwhile.
func (b *bus) until(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return forever
	}
	if !deadline.Equal(b.last) {
		left := max(time.Until(deadline), 0) + time.Millisecond - 1
		b.last, b.limit = deadline, b.at+left.Truncate(time.Millisecond)
	}
	return b.limit
}

// now is the car's time.
func (b *bus) now() time.Duration {
	if b.clock.instant() {
		return b.at
	}
	return b.clock.now()
}

// settle takes every frame that has come by now into the inbox.
func (b *bus) settle(now time.Duration) {
	if b.opt.dropEvery > 0 && now >= b.opt.dropEvery {
		b.shut()
	}
	if b.off != nil {
		return
	}
	if long := now - 10*time.Second; long > b.wire.free { // nobody has listened for long
		b.wire.miss(long)
	}
	for {
		f, ok := b.wire.next(now - b.opt.slow)
		if !ok {
			return
		}
		b.accept(f)
	}
}

// accept keeps a frame unless the line or a filter takes it away.
func (b *bus) accept(f frame) {
	if b.opt.garbage > 0 && b.rnd.Float64() < b.opt.garbage { // disturbed, and sent once more
		b.health.Errors++
		b.wire.free += b.wire.took(f)
	}
	if b.opt.lose > 0 && b.rnd.Float64() < b.opt.lose {
		return
	}
	if b.opt.bitrate > 0 && b.opt.bitrate != bitrateOf(b.wire.car.line) {
		b.health.Errors++
		return
	}
	id := can.ID(f.id)
	if b.wire.car.line.Is29Bit() {
		id |= can.Extended
	}
	frame := can.New(id, f.data...)
	frame.At = b.clock.moment(f.at + b.opt.slow)
	b.keep(frame)
}

// keep puts a frame that passes the filter into the inbox; the oldest goes when there is no room.
func (b *bus) keep(f can.Frame) {
	if !b.wanted(f.ID) {
		return
	}
	if len(b.inbox) >= inboxRoom {
		b.health.Overruns++
		b.inbox = b.inbox[1:]
	}
	b.inbox = append(b.inbox, f)
}

func (b *bus) wanted(id can.ID) bool {
	for _, m := range b.masks {
		if m.Match(id) {
			return true
		}
	}
	return len(b.masks) == 0
}

// pop takes the oldest frame of the inbox.
func (b *bus) pop() (can.Frame, bool) {
	if len(b.inbox) == 0 {
		return can.Frame{}, false
	}
	f := b.inbox[0]
	b.inbox = b.inbox[1:]
	return f, true
}

// Filter lets only matching frames into the inbox.
func (b *bus) Filter(masks ...link.Mask) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.masks = append([]link.Mask(nil), masks...)
	return nil
}

// Health is what the controller has seen of the line.
func (b *bus) Health() link.BusHealth {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.health
	h.Passive = h.Errors+h.NoAck > 15
	return h
}

// Close ends every call under way.
func (b *bus) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inbox = nil
	b.shut()
	return nil
}

// shut makes the bus fail from now on; the caller holds the lock.
func (b *bus) shut() {
	if b.off == nil {
		b.off = &link.Fault{Lost: true, Err: errOff}
	}
	b.tell()
}

// tell wakes everyone who waits; the caller holds the lock.
func (b *bus) tell() {
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// news returns a channel that closes at the next change; the caller holds the lock.
func (b *bus) news() <-chan struct{} {
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.changed
}

// sleep waits for a time, a change or the end of the context.
func sleep(ctx context.Context, wait time.Duration, changed <-chan struct{}) error {
	if wait == forever {
		select {
		case <-changed:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

var (
	_ link.Bus        = (*bus)(nil)
	_ link.BusMonitor = (*bus)(nil)
	_ link.BusFilter  = (*bus)(nil)
)
