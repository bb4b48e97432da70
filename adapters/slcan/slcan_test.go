package slcan_test

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/slcan"
	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// port makes a connection a port.
type port struct{ net.Conn }

func (port) Name() string { return "slcan:test" }

// adapter is a LAWICEL adapter at the other end of a connection.
type adapter struct {
	conn   net.Conn
	refuse string // commands that begin so get a bell

	mu       sync.Mutex
	commands []string
	frames   []can.Frame
}

func (a *adapter) run() {
	var line []byte
	buf := make([]byte, 256)
	for {
		n, err := a.conn.Read(buf)
		if err != nil {
			return
		}
		for _, c := range buf[:n] {
			if c != '\r' {
				line = append(line, c)
				continue
			}
			a.command(string(line))
			line = line[:0]
		}
	}
}

func (a *adapter) command(s string) {
	a.mu.Lock()
	a.commands = append(a.commands, s)
	answer := "\r"
	switch {
	case a.refuse != "" && strings.HasPrefix(s, a.refuse):
		answer = "\a"
	case s == "V":
		answer = "V1013\r"
	case s != "" && strings.ContainsAny(s[:1], "tTrRdDbB"):
		if p, err := slcan.ParseFrame([]byte(s)); err == nil {
			a.frames = append(a.frames, p.Frame)
		}
		answer = "z\r"
	}
	a.mu.Unlock()
	_, _ = io.WriteString(a.conn, answer) // a tester that hung up needs no answer
}

func (a *adapter) Received() []can.Frame {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]can.Frame(nil), a.frames...)
}

func (a *adapter) Send(f can.Frame) error {
	_, err := a.conn.Write(append(slcan.AppendFrame(nil, &f), '\r'))
	return err
}

func (a *adapter) Hangup() error { return a.conn.Close() }

// connect opens an adapter over a loopback connection.
func connect(t *testing.T, refuse string, o slcan.Options) (link.Bus, *adapter, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	near, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	a := &adapter{conn: conn, refuse: refuse}
	go a.run()
	t.Cleanup(func() { _, _ = near.Close(), conn.Close() }) // most tests close them
	b, err := slcan.Open(t.Context(), port{near}, o)
	if err != nil {
		return nil, a, err
	}
	return b, a, nil
}

func TestBus(t *testing.T) {
	adaptertest.Bus(t, func(t *testing.T) (link.Bus, adaptertest.BusPeer) {
		b, a, err := connect(t, "", slcan.Options{Bitrate: 500_000})
		if err != nil {
			t.Fatal(err)
		}
		return b, a
	})
}

func TestOpen(t *testing.T) {
	b, a, err := connect(t, "", slcan.Options{Bitrate: 250_000, FD: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if got := strings.Join(a.commands, ","); got != ",,C,V,S5,Y2,Z0,O" && got != ",,C,V,S5,Y2,Z0,O,C" {
		t.Errorf("commands %s", got)
	}
}

func TestOpenRefused(t *testing.T) {
	for _, row := range []struct {
		refuse  string
		bitrate int
		kind    errs.Kind
	}{
		{"", 123_456, errs.Unsupported},
		{"S", 500_000, errs.Unsupported},
		{"O", 500_000, errs.Adapter},
	} {
		if _, _, err := connect(t, row.refuse, slcan.Options{Bitrate: row.bitrate}); errs.KindOf(err) != row.kind {
			t.Errorf("refusing %q at %d: %v (kind %s)", row.refuse, row.bitrate, err, errs.KindOf(err))
		}
	}
}

func TestErrorsAreCounted(t *testing.T) {
	b, a, err := connect(t, "", slcan.Options{Bitrate: 500_000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(a.conn, "\aF20\rF88\r"+strings.Repeat("x", 5000)+"\rt1230\r"); err != nil {
		t.Fatal(err)
	}
	f, err := b.Receive(t.Context())
	if err != nil || !f.Same(can.New(0x123)) {
		t.Fatalf("%v, %v", f, err)
	}
	if h := b.(link.BusMonitor).Health(); h.Errors != 2 || h.Overruns != 1 || h.Passive {
		t.Errorf("%+v", h)
	}
}

func TestParseFrame(t *testing.T) {
	fd := can.Frame{ID: 0x7E0, Len: 12, FD: true, BRS: true}
	for _, row := range []struct {
		line string
		want can.Frame
	}{
		{"t7DF8020100000000000055AA"[:21], can.New(0x7DF, 2, 1, 0, 0, 0, 0, 0, 0)},
		{"T18DAF1102037F", can.New(can.Extended|0x18DAF110, 3, 0x7F)},
		{"t1230ABCD", can.New(0x123)}, // with a time
		{"r1234", can.Frame{ID: 0x123, Remote: true, Len: 4}},
		{"b7E09000000000000000000000000", fd},
	} {
		p, err := slcan.ParseFrame([]byte(row.line))
		if err != nil || p.Frame != row.want {
			t.Errorf("%s: %+v, %v", row.line, p.Frame, err)
		}
	}
	for _, line := range []string{"", "t", "t8001", "t1239", "t12320102FF", "T2000000000", "x1230", "t12G0", "t123200112"} {
		if p, err := slcan.ParseFrame([]byte(line)); err == nil {
			t.Errorf("%q is taken: %+v", line, p)
		}
	}
}

func FuzzParseFrame(f *testing.F) {
	for _, s := range []string{"t7DF8020100000000000", "T18DAF1102037F", "r1234", "b7E09000000000000000000000000", "t1230ABCD"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		p, err := slcan.ParseFrame(line)
		if err != nil {
			return
		}
		again, err := slcan.ParseFrame(slcan.AppendFrame(nil, &p.Frame))
		if err != nil || again.Frame != p.Frame {
			t.Fatalf("%q is %+v, again %+v, %v", line, p.Frame, again.Frame, err)
		}
	})
}

// FuzzStream throws bytes at an open adapter: frames come out or not, it never hangs.
func FuzzStream(f *testing.F) {
	f.Add([]byte("t1230\r\aF20\rz\r"))
	f.Fuzz(func(t *testing.T, data []byte) {
		near, farEnd := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, farEnd) }()
		go func() {
			_, _ = farEnd.Write(bytes.Repeat([]byte("\r"), 8))
			_, _ = farEnd.Write(data)
			_ = farEnd.Close()
		}()
		b, err := slcan.Open(t.Context(), port{near}, slcan.Options{Bitrate: 500_000})
		if err != nil {
			return
		}
		for range 1 << 16 {
			if _, err := b.Receive(t.Context()); err != nil {
				break
			}
		}
		_ = b.Close()
	})
}
