// Package serial is the way to an adapter on a serial line: a USB cable, a Bluetooth serial port or a
// plain RS-232 line.
package serial

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"go.bug.st/serial"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// look is how often the receiver looks whether the port was closed. The device must not be closed under a
// read: its number may be given to another file at once, and the read would take that one's bytes.
const look = 25 * time.Millisecond

// writeLimit is how long the line may take to accept a command; a dead Bluetooth port accepts nothing.
const writeLimit = 5 * time.Second

// Options say how a line is opened.
type Options struct {
	// Baud fixes the speed in bits per second; 0 finds it by asking the adapter.
	Baud int
	// Remembered is the speed that worked last time, tried first; 0 when there is none.
	Remembered int
	// Name is the address for messages; the device's path when empty.
	Name string
	// Quick gives each speed one short try only, for a search over many ports.
	Quick bool
	// Notify, when set, is told which speed is being tried.
	Notify func(baud int)
}

// Port is a serial line; it implements [link.Port] and [link.SpeedSetter].
type Port struct {
	device string
	name   string
	line   serial.Port
	in     *inbox
	writes chan writing
	done   chan struct{}
	users  sync.WaitGroup // of line
	baud   atomic.Int64

	closing sync.Once
	closed  error
}

type writing struct {
	data   []byte
	result chan error
}

// Open opens the device, such as "/dev/ttyUSB0" or "COM3", and finds its speed unless that is fixed.
// Errors are of kind [errs.NoAdapter] with a hint: no such port, busy, not permitted, no adapter behind it.
func Open(ctx context.Context, device string, o Options) (*Port, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	first := o.Baud
	if first == 0 {
		first = speeds(o.Remembered)[0]
	}
	limit := openLimit
	if o.Quick {
		limit = quickOpenLimit
	}
	line, err := openLine(ctx, limit, func() (serial.Port, error) {
		return serial.Open(device, &serial.Mode{BaudRate: first, DataBits: 8})
	})
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, errs.New(errs.NoAdapter, "open %s: it does not open within %s", device, limit).
			WithHint("a Bluetooth adapter may be out of reach, without power or in use by a telephone")
	case err != nil:
		return nil, openError(device, err)
	}
	if err := line.SetReadTimeout(look); err != nil {
		_ = line.Close() // the first error is the one to tell
		return nil, openError(device, err)
	}
	p := newPort(device, o.Name, line, first)
	if o.Baud != 0 {
		return p, nil
	}
	if err := p.findSpeed(ctx, o); err != nil {
		_ = p.Close()
		return nil, err
	}
	return p, nil
}

// The time that opening may take. Windows connects a Bluetooth port while it opens it, which takes seconds
// with the adapter there and half a minute without.
const (
	openLimit      = 30 * time.Second
	quickOpenLimit = 5 * time.Second
)

// openLine opens within a limit and ctx. Opening cannot be broken off: a line that opens too late is closed.
func openLine(ctx context.Context, limit time.Duration, open func() (serial.Port, error)) (serial.Port, error) {
	type opened struct {
		line serial.Port
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		line, err := open()
		done <- opened{line, err}
	}()
	closeLate := func() {
		if late := <-done; late.err == nil {
			_ = late.line.Close() // nobody is left to be told
		}
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case o := <-done:
		return o.line, o.err
	case <-ctx.Done():
		go closeLate()
		return nil, ctx.Err()
	case <-timer.C:
		go closeLate()
		return nil, os.ErrDeadlineExceeded
	}
}

func newPort(device, name string, line serial.Port, baud int) *Port {
	if name == "" {
		name = device
	}
	p := &Port{device: device, name: name, line: line, in: newInbox(), writes: make(chan writing), done: make(chan struct{})}
	p.baud.Store(int64(baud))
	p.users.Go(p.receive)
	p.users.Go(p.transmit)
	return p
}

// receive moves bytes from the line to the inbox until the line ends. The library's read time limit
// cannot be changed while a read is under way, so the caller's deadline is the inbox's business.
func (p *Port) receive() {
	buf := make([]byte, 4096)
	for !p.isClosed() {
		n, err := p.line.Read(buf) // 0, nil when nothing came in time
		if n > 0 {
			p.in.put(buf[:n])
		}
		if err != nil {
			p.in.end(p.gone(err))
			return
		}
	}
}

// transmit writes to the line on its own goroutine, because a blocked write cannot be interrupted.
func (p *Port) transmit() {
	for {
		select {
		case <-p.done:
			return
		case w := <-p.writes:
			w.result <- p.writeAll(w.data)
		}
	}
}

func (p *Port) isClosed() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *Port) writeAll(data []byte) error {
	for len(data) > 0 {
		if p.isClosed() {
			return errClosed
		}
		n, err := p.line.Write(data)
		if err != nil {
			return err
		}
		if n == 0 {
			return io.ErrShortWrite
		}
		data = data[n:]
	}
	return nil
}

func (p *Port) Read(b []byte) (int, error) { return p.in.Read(b) }

// Write delivers all of b, or fails within a few seconds.
func (p *Port) Write(b []byte) (int, error) {
	limit := time.NewTimer(writeLimit)
	defer limit.Stop()
	w := writing{data: append([]byte(nil), b...), result: make(chan error, 1)}
	select {
	case p.writes <- w:
	case <-p.done:
		return 0, errClosed
	case <-limit.C:
		return 0, p.stuck()
	}
	select {
	case err := <-w.result:
		if err != nil {
			return 0, p.gone(err)
		}
		return len(b), nil
	case <-p.done:
		return 0, errClosed
	case <-limit.C:
		return 0, p.stuck()
	}
}

// SetReadDeadline works like that of [net.Conn].
func (p *Port) SetReadDeadline(t time.Time) error { return p.in.setDeadline(t) }

// Name returns the address by which the port was opened.
func (p *Port) Name() string { return p.name }

// Speed returns the speed in bits per second.
func (p *Port) Speed() int { return int(p.baud.Load()) }

// SetSpeed changes the speed and drops what was received and not read.
func (p *Port) SetSpeed(baud int) error {
	if err := p.line.SetMode(&serial.Mode{BaudRate: baud, DataBits: 8}); err != nil {
		return errs.New(errs.Adapter, "set %s to %d baud: %w", p.device, baud, err).
			WithHint("this port cannot run at %d baud; leave the speed as it is", baud)
	}
	p.baud.Store(int64(baud))
	// Bytes that still wait in the driver were sampled at the old speed. A failure only leaves junk,
	// which the dialogue strips.
	_ = p.line.ResetInputBuffer()
	p.in.drop()
	return nil
}

// Close ends every Read and Write that is under way.
func (p *Port) Close() error {
	p.closing.Do(func() {
		close(p.done)
		p.in.end(errClosed)
		p.awaitUsers()
		if err := p.line.Close(); err != nil {
			p.closed = fmt.Errorf("close %s: %w", p.device, err)
		}
	})
	return p.closed
}

// awaitUsers waits until nobody reads or writes the line any more, except a write that the line has
// blocked: that one only ends with the line itself.
func (p *Port) awaitUsers() {
	idle := make(chan struct{})
	go func() { p.users.Wait(); close(idle) }()
	limit := time.NewTimer(3 * look)
	defer limit.Stop()
	select {
	case <-idle:
	case <-limit.C:
	}
}

func (p *Port) gone(err error) error {
	if err == nil {
		err = io.EOF
	}
	lost := errs.New(errs.Adapter, "%s is gone: %w: %w", p.device, io.EOF, err).
		WithHint("check the plug and the cable; a Bluetooth adapter may be out of reach or have gone to sleep")
	return &link.Fault{Lost: true, Err: lost}
}

func (p *Port) stuck() error {
	err := errs.New(errs.Adapter, "%s does not accept data", p.device).
		WithHint("unplug the adapter and plug it in again")
	return &link.Fault{Lost: true, Err: err}
}
