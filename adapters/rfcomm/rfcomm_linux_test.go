package rfcomm_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/rfcomm"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// far is the accepted side. The socket is one of the loopback: Bluetooth needs hardware, and streams are alike.
type far struct {
	conn net.Conn
	mu   sync.Mutex
	got  []byte
}

func (f *far) Send(b []byte) error { _, err := f.conn.Write(b); return err }
func (f *far) Hangup() error       { return f.conn.Close() }

func (f *far) Received() []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]byte(nil), f.got...)
}

func (f *far) collect() {
	buf := make([]byte, 4096)
	for {
		n, err := f.conn.Read(buf)
		f.mu.Lock()
		f.got = append(f.got, buf[:n]...)
		f.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func listen(t *testing.T) (net.Listener, *unix.SockaddrInet4) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l, &unix.SockaddrInet4{Port: l.Addr().(*net.TCPAddr).Port, Addr: [4]byte{127, 0, 0, 1}}
}

func TestConformance(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) (link.Port, adaptertest.Peer) {
		l, at := listen(t)
		p, err := rfcomm.Dial(t.Context(), unix.AF_INET, unix.IPPROTO_TCP, at, "rfcomm://test")
		if err != nil {
			t.Fatal(err)
		}
		conn, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		f := &far{conn: conn}
		go f.collect()
		return p, f
	})
}

func TestDialRefused(t *testing.T) {
	l, at := listen(t)
	_ = l.Close()
	if _, err := rfcomm.Dial(t.Context(), unix.AF_INET, unix.IPPROTO_TCP, at, ""); !errors.Is(err, unix.ECONNREFUSED) {
		t.Errorf("Dial: %v", err)
	}
}

// TestDialCancelled connects to a listener whose queue is full: nothing is answered.
func TestDialCancelled(t *testing.T) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	at := &unix.SockaddrUnix{Name: "@" + t.Name() + time.Now().Format("150405.000000000")}
	if err := unix.Bind(fd, at); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	first, err := rfcomm.Dial(t.Context(), unix.AF_UNIX, 0, at, "first")
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	if _, err := rfcomm.Dial(ctx, unix.AF_UNIX, 0, at, "second"); !errors.Is(err, context.Canceled) {
		t.Errorf("Dial: %v", err)
	}
}

// TestOpen ends with an error that says what to do, with Bluetooth in the kernel or without.
func TestOpen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := rfcomm.Open(ctx, "00:00:5E:00:53:01", 0, "rfcomm://00:00:5E:00:53:01")
	if !errors.Is(err, context.Canceled) && errs.HintOf(err) == "" {
		t.Errorf("Open: %v", err)
	}
	if _, err := rfcomm.Open(t.Context(), "00:00:5E", 0, ""); errs.KindOf(err) != errs.Usage {
		t.Errorf("Open: %v", err)
	}
}

func FuzzMAC(f *testing.F) {
	f.Add("00:00:5E:00:53:01")
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := rfcomm.ParseMAC(s); err == nil && len(s) != 17 {
			t.Errorf("%q is %v", s, m)
		}
	})
}
