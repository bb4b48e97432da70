package tcp_test

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/tcp"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// far is the accepted side of a loopback connection.
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

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func open(t *testing.T) (link.Port, adaptertest.Peer) {
	t.Helper()
	l := listen(t)
	p, err := tcp.Open(t.Context(), l.Addr().String(), "")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	f := &far{conn: conn}
	go f.collect()
	t.Cleanup(func() { _ = conn.Close() })
	return p, f
}

func TestPort(t *testing.T) { adaptertest.Run(t, open) }

func TestHangupIsLost(t *testing.T) {
	p, peer := open(t)
	if err := peer.Hangup(); err != nil {
		t.Fatal(err)
	}
	_, err := p.Read(make([]byte, 1))
	if !link.IsLost(err) || errs.KindOf(err) != errs.Adapter || errs.HintOf(err) == "" {
		t.Errorf("Read: %v (kind %s), want a lost adapter with a hint", err, errs.KindOf(err))
	}
	if !strings.Contains(err.Error(), "closed the connection") || strings.Contains(err.Error(), io.EOF.Error()+": "+io.EOF.Error()) {
		t.Errorf("message %q", err)
	}
}

func TestNobodyThere(t *testing.T) {
	l := listen(t)
	address := l.Addr().String()
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		hostport, says string
		kind           errs.Kind
	}{
		{address, "refuses the connection", errs.NoAdapter},
		{"127.0.0.1", "missing port", errs.Usage},
	} {
		_, err := tcp.Open(t.Context(), row.hostport, "")
		if err == nil || errs.KindOf(err) != row.kind || errs.HintOf(err) == "" || !strings.Contains(err.Error(), row.says) {
			t.Errorf("Open(%q): %v (kind %s), want %q with a hint", row.hostport, err, errs.KindOf(err), row.says)
		}
	}
}

func TestCancelledDial(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := tcp.Open(ctx, listen(t).Addr().String(), ""); errs.KindOf(err) != errs.Cancelled {
		t.Errorf("Open: %v, want a cancelled context", err)
	}
}

// TestStuckPeer fills the connection until a write cannot be delivered.
func TestStuckPeer(t *testing.T) {
	l := listen(t)
	p, err := tcp.Open(t.Context(), l.Addr().String(), "tcp://car")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		block := make([]byte, 1<<20)
		for {
			if _, err := p.Write(block); err != nil {
				done <- err
				return
			}
		}
	}()
	time.AfterFunc(50*time.Millisecond, func() { _ = p.Close() })
	select {
	case err = <-done:
	case <-time.After(10 * time.Second):
		t.Fatal("Write hangs")
	}
	if err == nil {
		t.Error("Write works on a closed port")
	}
}
