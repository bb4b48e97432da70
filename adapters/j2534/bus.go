package j2534

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// The bounds of a bus: frames that wait to be received, and messages that are read at once.
const (
	inboxFrames = 4096
	readAtOnce  = 32
)

// Bus is a raw CAN channel; it implements [link.Bus], [link.BusMonitor], [link.BusFilter] and
// [link.Voltmeter]. One goroutine makes all calls into the driver, because drivers are seldom safe for more.
type Bus struct {
	lib     Library
	name    string
	device  uint32
	channel uint32
	opened  bool
	joined  bool
	filters []uint32

	calls  chan func()
	in     chan can.Frame
	done   chan struct{} // closed by Close
	ended  chan struct{} // closed when no call into the driver is made any more
	gone   chan struct{} // closed when the device is lost
	once   sync.Once
	losing sync.Once
	closed error

	mu     sync.Mutex
	lost   error
	health link.BusHealth
}

func newBus(lib Library, o Options) *Bus {
	return &Bus{
		lib: lib, name: o.Name, calls: make(chan func()), in: make(chan can.Frame, inboxFrames),
		done: make(chan struct{}), ended: make(chan struct{}), gone: make(chan struct{}),
	}
}

// Name is the address by which the bus was opened.
func (b *Bus) Name() string { return b.name }

// work makes all calls: those that others ask for, and between them it reads.
func (b *Bus) work() {
	defer close(b.ended)
	messages := make([]Message, readAtOnce)
	failures := 0
	for {
		idle := time.Duration(0)
		if b.joined {
			began := time.Now()
			n, s := b.read(messages)
			if n <= 0 && time.Since(began) < leastWait {
				idle = leastWait
			}
			if s == OK || s == Timeout || s == BufferEmpty || s == BufferOverflow {
				failures = 0
			} else if failures++; failures >= maxFailures || s == NotConnected || s == InvalidDevice || s == InvalidChannel {
				b.lose(b.explain("read", s))
				b.joined = false
			} else {
				idle = readWait
			}
		} else {
			idle = time.Hour
		}
		if !b.serve(idle) {
			b.finish()
			return
		}
	}
}

// maxFailures is how many reads in a row may fail before the device counts as lost.
const maxFailures = 10

// serve makes the calls that wait, for the idle time at least until one comes; false when the bus is closed.
func (b *Bus) serve(idle time.Duration) bool {
	timer := time.NewTimer(idle)
	defer timer.Stop()
	for {
		select {
		case <-b.done:
			return false
		case call := <-b.calls:
			call()
			return true
		default:
		}
		if idle == 0 {
			return true
		}
		select {
		case <-b.done:
			return false
		case call := <-b.calls:
			call()
			return true
		case <-timer.C:
			return true
		}
	}
}

// read takes what came. Where nobody receives, the oldest frames go.
func (b *Bus) read(messages []Message) (int, Status) {
	n, s := b.lib.Read(b.channel, messages, readWait)
	if s == BufferOverflow {
		b.mu.Lock()
		b.health.Overruns++
		b.mu.Unlock()
	}
	now := time.Now()
	for i := range messages[:max(0, min(n, len(messages)))] {
		f, ok := toFrame(&messages[i])
		if !ok {
			continue
		}
		f.At = now
		for full := true; full; {
			select {
			case b.in <- f:
				full = false
			default:
				select {
				case <-b.in:
				default: // somebody took one meanwhile
				}
			}
		}
	}
	return n, s
}

// do lets the working goroutine make calls.
func (b *Bus) do(ctx context.Context, f func() error) error {
	result := make(chan error, 1)
	select {
	case b.calls <- func() { result <- f() }:
	case <-ctx.Done():
		return ctx.Err()
	case <-b.done:
		return b.permanent()
	}
	select {
	case err := <-result:
		return err
	case <-b.done:
		return b.permanent()
	}
}

// Send hands the frame to the driver.
func (b *Bus) Send(ctx context.Context, f can.Frame) error {
	if f.FD || f.Remote || f.Len > 8 {
		return errs.New(errs.Unsupported, "%s: CAN FD and remote frames cannot be sent by API 04.04", b.name)
	}
	select {
	case <-b.gone:
		return b.permanent()
	case <-b.done:
		return b.permanent()
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.do(ctx, func() error {
		n, s := b.lib.Write(b.channel, []Message{toMessage(f)}, writeWait)
		switch {
		case s == OK && n == 1:
			return nil
		case s == Timeout, s == BufferFull, s == OK:
			b.mu.Lock()
			b.health.NoAck++
			b.mu.Unlock()
			return &link.Fault{Text: "NO ACK", Err: errs.New(errs.Adapter, "%s: nobody on the line acknowledged the frame", b.name).
				WithHint("is the ignition on, and %s the right bit rate?", "bitrate=500000")}
		case s == NotConnected, s == InvalidDevice, s == InvalidChannel:
			b.lose(b.explain("send", s))
			return b.permanent()
		}
		return &link.Fault{Text: "CAN ERROR", Err: b.explain("send", s)}
	})
}

// Receive returns the next frame, one that is there already even when ctx has ended.
func (b *Bus) Receive(ctx context.Context) (can.Frame, error) {
	select {
	case <-b.done:
		return can.Frame{}, b.permanent()
	default:
	}
	select {
	case f := <-b.in:
		return f, nil
	default:
	}
	select {
	case f := <-b.in:
		return f, nil
	case <-ctx.Done():
		return can.Frame{}, ctx.Err()
	case <-b.gone:
	case <-b.done:
	}
	return can.Frame{}, b.permanent()
}

// lose ends the bus for good.
func (b *Bus) lose(why error) {
	b.losing.Do(func() {
		b.mu.Lock()
		b.lost = &link.Fault{Lost: true, Err: why}
		b.mu.Unlock()
		close(b.gone)
	})
}

// permanent is the error of a bus that is closed or lost.
func (b *Bus) permanent() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lost != nil {
		return b.lost
	}
	return &link.Fault{Lost: true, Err: fmt.Errorf("%s: %w", b.name, os.ErrClosed)}
}

// Health counts what the driver told.
func (b *Bus) Health() link.BusHealth {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.health
}

// SupplyVoltage measures at pin 16 of the vehicle's connector, in volts.
func (b *Bus) SupplyVoltage(ctx context.Context) (float64, error) {
	var volts float64
	err := b.do(ctx, func() error {
		mv, s := b.lib.Battery(b.device)
		if s != OK {
			return errs.New(errs.Unsupported, "%s: the device does not measure the supply voltage: %s", b.name, s)
		}
		volts = float64(mv) / 1000
		return nil
	})
	return volts, err
}

// Version asks the device what it is.
func (b *Bus) Version(ctx context.Context) (Version, error) {
	var v Version
	err := b.do(ctx, func() error {
		var s Status
		if v, s = b.lib.Version(b.device); s != OK {
			return b.explain("ask for the version", s)
		}
		v = Version{clean(v.Firmware), clean(v.Library), clean(v.API)}
		return nil
	})
	return v, err
}

// Close leaves the line. A driver that does not come back is left alone after a few seconds.
func (b *Bus) Close() error {
	b.once.Do(func() {
		close(b.done)
		timer := time.NewTimer(closeWait)
		defer timer.Stop()
		select {
		case <-b.ended:
		case <-timer.C:
			b.closed = errs.New(errs.Adapter, "%s: the driver does not come back", b.name)
		}
	})
	return b.closed
}

// finish makes the last calls. What fails now is gone already.
func (b *Bus) finish() {
	if b.joined {
		_ = b.lib.Disconnect(b.channel)
	}
	if b.opened {
		_ = b.lib.Close(b.device)
	}
	_ = b.lib.Unload()
}

var (
	_ link.Bus        = (*Bus)(nil)
	_ link.BusMonitor = (*Bus)(nil)
	_ link.BusFilter  = (*Bus)(nil)
	_ link.Voltmeter  = (*Bus)(nil)
)
