package socketcan

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Bus is an open CAN interface.
type Bus struct {
	file   *os.File
	raw    syscall.RawConn
	name   string
	device string
	o      Options

	mu     sync.Mutex
	health link.BusHealth
	drops  uint32
	final  error
}

func newBus(fd int, name, device string, o Options) (*Bus, error) {
	f, raw, err := asFile(fd, name)
	if err != nil {
		return nil, errs.New(errs.Internal, "open %s: %w", name, err)
	}
	return &Bus{file: f, raw: raw, name: name, device: device, o: o}, nil
}

// Name is the address by which the bus was opened.
func (b *Bus) Name() string { return b.name }

// Health says what the controller reported.
func (b *Bus) Health() link.BusHealth {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.health
}

// Filter lets the kernel pass only what matches.
func (b *Bus) Filter(masks ...link.Mask) error {
	filters := make([]unix.CanFilter, 0, len(masks))
	for _, m := range masks {
		f := unix.CanFilter{Id: m.ID.Raw(), Mask: uint32(m.Bits&^can.Extended) | flagExtended | flagRemote}
		if m.ID.IsExtended() {
			f.Id |= flagExtended
		}
		filters = append(filters, f)
	}
	if len(filters) == 0 {
		filters = append(filters, unix.CanFilter{}) // matches everything
	}
	var failed error
	err := b.raw.Control(func(fd uintptr) {
		failed = unix.SetsockoptCanRawFilter(int(fd), unix.SOL_CAN_RAW, unix.CAN_RAW_FILTER, filters)
	})
	if err = errors.Join(err, failed); err != nil {
		return b.lost("filter", err)
	}
	return nil
}

// Close ends Send and Receive.
func (b *Bus) Close() error {
	_ = b.fail(&link.Fault{Lost: true, Err: errs.New(errs.Adapter, "%s: %w", b.name, os.ErrClosed)}) // kept for those who wait
	if err := b.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

// fail keeps the first permanent error.
func (b *Bus) fail(err error) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.final == nil {
		b.final = err
	}
	return b.final
}

func (b *Bus) over() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.final
}

// lost is the error of a bus that is gone.
func (b *Bus) lost(what string, err error) error {
	if final := b.over(); final != nil {
		return final
	}
	explained := explain(b.device, b.o, what, err)
	return b.fail(&link.Fault{Lost: true, Err: explained})
}

// Receive returns the next frame with the time at which the kernel took it.
func (b *Bus) Receive(ctx context.Context) (can.Frame, error) {
	if f, ok, err := b.try(); ok || err != nil {
		return f, err
	}
	if err := ctx.Err(); err != nil {
		return can.Frame{}, err
	}
	stop := context.AfterFunc(ctx, func() { _ = b.file.SetReadDeadline(time.Unix(1, 0)) }) // a closed file wakes by itself
	defer func() {
		if !stop() {
			_ = b.file.SetReadDeadline(time.Time{})
		}
	}()
	for {
		var f can.Frame
		var ok bool
		var err error
		waited := b.raw.Read(func(fd uintptr) bool {
			f, ok, err = b.read(int(fd))
			return ok || err != nil
		})
		switch {
		case ok || err != nil:
			return f, err
		case waited == nil:
			continue
		case ctx.Err() != nil:
			return f, ctx.Err()
		case errors.Is(waited, os.ErrDeadlineExceeded): // left over from an earlier ctx
			_ = b.file.SetReadDeadline(time.Time{})
		default:
			return f, b.lost("receive", waited)
		}
	}
}

// try takes a frame that is there already.
func (b *Bus) try() (f can.Frame, ok bool, err error) {
	if err := b.over(); err != nil {
		return f, false, err
	}
	control := b.raw.Control(func(fd uintptr) { f, ok, err = b.read(int(fd)) })
	if control != nil {
		return f, false, b.lost("receive", control)
	}
	return f, ok, err
}

// read takes frames until one is no error frame; ok is false when there is none.
func (b *Bus) read(fd int) (f can.Frame, ok bool, err error) {
	var data [fdSize]byte
	var extra [128]byte
	for {
		n, oobn, _, _, err := unix.Recvmsg(fd, data[:], extra[:], unix.MSG_DONTWAIT)
		switch {
		case errors.Is(err, unix.EAGAIN):
			return f, false, nil
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return f, false, b.lost("receive", err)
		case n == 0:
			return f, false, b.lost("receive", unix.ENODEV)
		}
		f, isError, err := decode(data[:n])
		if err != nil {
			continue
		}
		f.At = b.stamp(extra[:oobn])
		if !isError {
			return f, true, nil
		}
		if err := b.noted(&f); err != nil {
			return f, false, err
		}
	}
}

// noted counts an error frame and ends the bus when the controller has left the line.
func (b *Bus) noted(f *can.Frame) error {
	b.mu.Lock()
	off := note(&b.health, f)
	b.mu.Unlock()
	if !off {
		return nil
	}
	return b.fail(&link.Fault{Lost: true, Text: "BUS OFF", Err: errs.New(errs.Adapter, "%s: the controller left the bus (bus-off)", b.name).
		WithHint("most often the bit rate is wrong or the wires are swapped; set the interface down, then: %s", upCommand(b.device, b.o))})
}

// stamp reads the time of arrival, and counts the frames that the kernel had to drop.
func (b *Bus) stamp(extra []byte) time.Time {
	at := time.Now()
	messages, err := unix.ParseSocketControlMessage(extra)
	if err != nil {
		return at
	}
	for _, m := range messages {
		switch {
		case m.Header.Type == unix.SO_TIMESTAMPNS && len(m.Data) >= 16:
			at = time.Unix(int64(binary.NativeEndian.Uint64(m.Data)), int64(binary.NativeEndian.Uint64(m.Data[8:])))
		case m.Header.Type == unix.SO_TIMESTAMPNS && len(m.Data) == 8: // 32-bit systems
			at = time.Unix(int64(int32(binary.NativeEndian.Uint32(m.Data))), int64(binary.NativeEndian.Uint32(m.Data[4:])))
		case m.Header.Type == unix.SO_RXQ_OVFL && len(m.Data) >= 4:
			b.overrun(binary.NativeEndian.Uint32(m.Data))
		}
	}
	return at
}

func (b *Bus) overrun(total uint32) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if total != b.drops {
		b.drops = total
		b.health.Overruns++
	}
}

// Pauses before a frame is handed over again that found the controller's queue full: about as long as
// one to thirty frames take.
const (
	fullPause    = 250 * time.Microsecond
	longestPause = 8 * time.Millisecond
)

// fullLimit is how long a queue may stay full: a bus that takes nothing for a second has no other node.
const fullLimit = time.Second

// Send hands the frame to the controller; while its queue is full it waits.
func (b *Bus) Send(ctx context.Context, f can.Frame) error {
	data := encode(&f)
	limit := time.Now().Add(fullLimit)
	for pause := fullPause; ; pause = min(2*pause, longestPause) {
		if err := b.over(); err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		var failed error
		control := b.raw.Control(func(fd uintptr) { _, failed = unix.Write(int(fd), data) })
		switch {
		case control != nil:
			return b.lost("send", control)
		case failed == nil:
			return nil
		case errors.Is(failed, unix.ENOBUFS), errors.Is(failed, unix.EAGAIN), errors.Is(failed, unix.EINTR):
		case errors.Is(failed, unix.EINVAL), errors.Is(failed, unix.EMSGSIZE):
			return errs.New(errs.Unsupported, "send: %s does not take this frame: %w", b.name, failed).
				WithHint("CAN FD frames need an interface with fd on, and fd=1 in the address")
		default:
			return b.lost("send", failed)
		}
		if time.Now().After(limit) {
			return b.stuck()
		}
		if err := rest(ctx, pause); err != nil {
			return err
		}
	}
}

// stuck is the error of a controller that gets nothing onto the line.
func (b *Bus) stuck() error {
	return &link.Fault{Text: "BUS BUSY", Err: errs.New(errs.Adapter, "%s: nothing could be sent for a second", b.name).
		WithHint("no other node acknowledges: check the plug, the ignition and the bit rate")}
}

func rest(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

var (
	_ link.Bus        = (*Bus)(nil)
	_ link.BusMonitor = (*Bus)(nil)
	_ link.BusFilter  = (*Bus)(nil)
)
