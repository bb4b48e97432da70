package socketcan_test

import (
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/socketcan"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// kernel is the other end of a pair of sockets that carry the kernel's frames: all of the bus but the
// driver, on machines without CAN.
type kernel struct {
	t  *testing.T
	fd int

	mu  sync.Mutex
	got []can.Frame
}

func (k *kernel) Send(f can.Frame) error {
	return unix.Sendto(k.fd, socketcan.Encode(&f), unix.MSG_DONTWAIT, nil)
}

func (k *kernel) raw(id uint32, data [8]byte) {
	b := make([]byte, 16)
	binary.NativeEndian.PutUint32(b, id)
	b[4] = 8
	copy(b[8:], data[:])
	if _, err := unix.Write(k.fd, b); err != nil {
		k.t.Error(err)
	}
}

func (k *kernel) Received() []can.Frame {
	k.mu.Lock()
	defer k.mu.Unlock()
	var b [72]byte
	for {
		n, _, err := unix.Recvfrom(k.fd, b[:], unix.MSG_DONTWAIT)
		if err != nil || n == 0 {
			return k.got
		}
		f, _, err := socketcan.Decode(b[:n])
		if err != nil {
			k.t.Error(err)
		}
		k.got = append(k.got, f)
	}
}

func (k *kernel) Hangup() error { return unix.Shutdown(k.fd, unix.SHUT_RDWR) }

func pair(t *testing.T) (*socketcan.Bus, *kernel) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	b, err := socketcan.NewBus(fds[0], "can://can0", "can0", socketcan.Options{Bitrate: 500_000})
	if err != nil {
		t.Fatal(err)
	}
	k := &kernel{t: t, fd: fds[1]}
	t.Cleanup(func() {
		if err := unix.Close(fds[1]); err != nil {
			t.Error(err)
		}
	})
	return b, k
}

func TestBus(t *testing.T) {
	adaptertest.Bus(t, func(t *testing.T) (link.Bus, adaptertest.BusPeer) { return pair(t) })
}

func TestErrorFrames(t *testing.T) {
	b, k := pair(t)
	defer b.Close()
	const isError = 0x20000000
	k.raw(isError|0x20, [8]byte{})                // no acknowledge
	k.raw(isError|0x88, [8]byte{2: 4, 3: 0x0A})   // a stuff error
	k.raw(isError|0x04, [8]byte{1: 0x20})         // error passive
	k.raw(isError|0x04, [8]byte{1: 0x01})         // overflow
	k.raw(0x7E8, [8]byte{1, 2, 3, 4, 5, 6, 7, 8}) // a frame
	k.raw(isError|0x40, [8]byte{})                // bus-off
	f, err := b.Receive(t.Context())
	if err != nil || f.ID != 0x7E8 || f.Len != 8 {
		t.Fatalf("%v, %v", f, err)
	}
	if h := b.Health(); h != (link.BusHealth{Errors: 1, NoAck: 1, Overruns: 1, Passive: true}) {
		t.Errorf("%+v", h)
	}
	_, err = b.Receive(t.Context())
	if !link.IsLost(err) || !strings.Contains(err.Error(), "bus-off") || !strings.Contains(errs.HintOf(errors.Unwrap(err)), "bitrate 500000") {
		t.Errorf("%v (hint %q)", err, errs.HintOf(err))
	}
	if err := b.Send(t.Context(), f); !link.IsLost(err) {
		t.Errorf("Send: %v", err)
	}
}

func TestOpenSaysWhatToDo(t *testing.T) {
	for _, row := range []struct {
		device string
		o      socketcan.Options
		hint   string
	}{
		{"obdcan9", socketcan.Options{Bitrate: 500_000}, "ip link set obdcan9 up type can bitrate 500000"},
		{"obdcan9", socketcan.Options{Bitrate: 500_000, FD: true}, "bitrate 500000 dbitrate 2000000 fd on"},
		{"vcan99", socketcan.Options{}, "ip link add dev vcan99 type vcan"},
	} {
		_, err := socketcan.Open(t.Context(), row.device, row.o)
		if errs.KindOf(err) != errs.NoAdapter || !strings.Contains(errs.HintOf(err), row.hint) {
			t.Errorf("%s: %v (hint %q), want %q", row.device, err, errs.HintOf(err), row.hint)
		}
	}
	for _, row := range []struct {
		err  error
		kind errs.Kind
		hint string
	}{
		{unix.EAFNOSUPPORT, errs.Unsupported, "modprobe can_raw"},
		{unix.EPERM, errs.NoAdapter, "AF_CAN"},
		{unix.ENETDOWN, errs.NoAdapter, "ip link set can0 up type can bitrate 250000"},
		{unix.ENODEV, errs.NoAdapter, "plug the adapter in"},
	} {
		err := socketcan.Explain("can0", socketcan.Options{Bitrate: 250_000}, "open", row.err)
		if errs.KindOf(err) != row.kind || !strings.Contains(errs.HintOf(err), row.hint) {
			t.Errorf("%v: %v (hint %q)", row.err, err, errs.HintOf(err))
		}
	}
}

func TestCancelledOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := socketcan.Open(ctx, "can0", socketcan.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	one := can.New(0x7E8, 1, 2, 3)
	f.Add(socketcan.Encode(&one))
	f.Add(socketcan.Encode(&can.Frame{ID: can.Extended | 0x18DAF110, FD: true, BRS: true, Len: 64}))
	f.Fuzz(func(t *testing.T, b []byte) {
		frame, isError, err := socketcan.Decode(b)
		if err != nil || isError {
			var h link.BusHealth
			socketcan.Note(&h, &frame)
			return
		}
		again, _, err := socketcan.Decode(socketcan.Encode(&frame))
		frame.Data = can.Frame{Data: frame.Data}.Data
		if frame.Remote {
			frame.Data, again.Data = [64]byte{}, [64]byte{}
		}
		if err != nil || again != frame {
			t.Fatalf("%x is %+v, again %+v, %v", b, frame, again, err)
		}
	})
}
