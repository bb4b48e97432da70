package slcan

import (
	"bytes"
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

const (
	queueLimit = 4096 // frames kept that nobody receives
	lineLimit  = 256  // the longest line in bytes; a CAN FD frame with time has 142
)

// Bus is an adapter whose channel is open.
type Bus struct {
	port link.Port

	write   sync.Mutex // one command at a time
	closing sync.Once
	closed  error

	mu     sync.Mutex
	queue  []can.Frame
	came   chan struct{} // filled when the queue has something or final is set
	health link.BusHealth
	final  error
	done   chan struct{} // the reader has ended
	line   []byte
	long   bool // the line was too long and is dropped up to its end
}

func newBus(p link.Port) *Bus {
	return &Bus{port: p, came: make(chan struct{}, 1), done: make(chan struct{})}
}

// begin starts the reader.
func (b *Bus) begin() { go b.read() }

// Name is the address by which the port was opened.
func (b *Bus) Name() string { return b.port.Name() }

// Health says what the adapter reported.
func (b *Bus) Health() link.BusHealth {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.health
}

// read takes bytes until the port ends.
func (b *Bus) read() {
	defer close(b.done)
	_ = b.port.SetReadDeadline(time.Time{}) // a port that fails says so in Read
	buf := make([]byte, 4096)
	for {
		n, err := b.port.Read(buf)
		b.take(buf[:n], time.Now())
		switch {
		case err == nil:
		case errors.Is(err, os.ErrDeadlineExceeded):
			_ = b.port.SetReadDeadline(time.Time{})
		default:
			b.fail(lost(err))
			return
		}
	}
}

// lost marks an error as the end of the link.
func lost(err error) error {
	if link.IsLost(err) {
		return err
	}
	return &link.Fault{Lost: true, Err: errs.New(errs.Adapter, "slcan adapter: %w", err).
		WithHint("check the adapter's plug")}
}

func (b *Bus) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.final == nil {
		b.final = err
	}
	b.wake()
}

// take splits what came into lines.
func (b *Bus) take(data []byte, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for len(data) > 0 {
		end := bytes.IndexAny(data, "\r\a\n")
		if end < 0 {
			b.grow(data)
			return
		}
		b.grow(data[:end])
		if data[end] == endBell {
			b.health.Errors++ // a frame was not taken
		} else if !b.long {
			b.interpret(at)
		}
		b.line, b.long = b.line[:0], false
		data = data[end+1:]
	}
}

func (b *Bus) grow(data []byte) {
	if b.long = b.long || len(b.line)+len(data) > lineLimit; !b.long {
		b.line = append(b.line, data...)
	}
}

// interpret reads one line: a frame, z or Z for a frame that was taken, or the status flags.
func (b *Bus) interpret(at time.Time) {
	line := b.line
	for len(line) > 0 && (line[0] == 'z' || line[0] == 'Z') {
		line = line[1:]
	}
	if len(line) == 0 {
		return
	}
	if line[0] == 'F' {
		b.status(line[1:])
		return
	}
	p, err := ParseFrame(line)
	if err != nil {
		return
	}
	p.Frame.At = at
	if len(b.queue) >= queueLimit {
		b.queue = b.queue[1:]
		b.health.Overruns++
	}
	b.queue = append(b.queue, p.Frame)
	b.wake()
}

// The flags that F reports.
const (
	flagOverrun  = 1<<0 | 1<<1 | 1<<3
	flagPassive  = 1 << 5
	flagBusError = 1 << 7
	flagWarning  = 1 << 2
)

func (b *Bus) status(digits []byte) {
	if len(digits) != 2 {
		return
	}
	flags, ok := hexNumber(digits)
	if !ok {
		return
	}
	if flags&flagOverrun != 0 {
		b.health.Overruns++
	}
	if flags&(flagBusError|flagWarning) != 0 {
		b.health.Errors++
	}
	b.health.Passive = flags&flagPassive != 0
}

func (b *Bus) wake() {
	select {
	case b.came <- struct{}{}:
	default:
	}
}

// pop takes a frame that is there.
func (b *Bus) pop() (f can.Frame, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.queue) > 0 {
		f = b.queue[0]
		b.queue = b.queue[1:]
		return f, true, nil
	}
	if b.final != nil {
		b.wake() // whoever else waits
	}
	return f, false, b.final
}

// Receive returns the next frame; its time is that of this computer.
func (b *Bus) Receive(ctx context.Context) (can.Frame, error) {
	for {
		if f, ok, err := b.pop(); ok || err != nil {
			return f, err
		}
		select {
		case <-b.came:
		case <-ctx.Done():
			return can.Frame{}, ctx.Err()
		}
	}
}

// Send hands the frame to the adapter.
func (b *Bus) Send(ctx context.Context, f can.Frame) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return b.command(append(AppendFrame(make([]byte, 0, 160), &f), endOK))
}

func (b *Bus) command(line []byte) error {
	b.mu.Lock()
	final := b.final
	b.mu.Unlock()
	if final != nil {
		return final
	}
	b.write.Lock()
	defer b.write.Unlock()
	if _, err := b.port.Write(line); err != nil {
		err = lost(err)
		b.fail(err)
		return err
	}
	return nil
}

// Close closes the adapter's channel and the port.
func (b *Bus) Close() error {
	b.closing.Do(func() { b.closed = b.close() })
	return b.closed
}

func (b *Bus) close() error {
	_ = b.command([]byte{'C', endOK}) // a lost adapter cannot be told
	b.fail(&link.Fault{Lost: true, Err: errs.New(errs.Adapter, "%s: %w", b.port.Name(), os.ErrClosed)})
	err := b.port.Close()
	<-b.done
	return err
}

var (
	_ link.Bus        = (*Bus)(nil)
	_ link.BusMonitor = (*Bus)(nil)
)
