//go:build linux || darwin

package serial_test

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// far is the master side of a pseudo terminal.
type far struct {
	master *os.File
	mu     sync.Mutex
	got    []byte
	reply  func(sent string) string // answers each command; may be nil
}

func (f *far) Send(b []byte) error { _, err := f.master.Write(b); return err }
func (f *far) Hangup() error       { return f.master.Close() }

func (f *far) Received() []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]byte(nil), f.got...)
}

func (f *far) serve() {
	buf := make([]byte, 4096)
	line := ""
	for {
		n, err := f.master.Read(buf)
		if err != nil {
			return
		}
		f.mu.Lock()
		f.got = append(f.got, buf[:n]...)
		f.mu.Unlock()
		line += string(buf[:n])
		for f.reply != nil && strings.Contains(line, "\r") {
			var command string
			command, line, _ = strings.Cut(line, "\r")
			if _, err := f.master.WriteString(f.reply(command)); err != nil {
				return
			}
		}
	}
}

// plug makes a pseudo terminal and returns its device.
func plug(t *testing.T, reply func(string) string) (string, *far) {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	// The slave stays open on this side, or the master would end before the port is opened.
	f := &far{master: interruptible(t, master), reply: reply}
	t.Cleanup(func() { _, _ = slave.Close(), f.master.Close() })
	go f.serve()
	return slave.Name(), f
}

// interruptible returns the terminal in a form whose Close also ends a Read under way.
func interruptible(t *testing.T, file *os.File) *os.File {
	t.Helper()
	fd, err := unix.Dup(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), "ptmx")
}

func TestPort(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) (link.Port, adaptertest.Peer) {
		device, f := plug(t, nil)
		p, err := serial.Open(t.Context(), device, serial.Options{Baud: 38400})
		if err != nil {
			t.Fatal(err)
		}
		return p, f
	})
}

func TestPulledPlugIsLost(t *testing.T) {
	device, f := plug(t, nil)
	p, err := serial.Open(t.Context(), device, serial.Options{Baud: 38400, Name: "serial://" + device})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := f.Hangup(); err != nil {
		t.Fatal(err)
	}
	_, err = p.Read(make([]byte, 1))
	if !link.IsLost(err) || errs.KindOf(err) != errs.Adapter || errs.HintOf(err) == "" {
		t.Errorf("Read: %v (kind %s), want a lost adapter with a hint", err, errs.KindOf(err))
	}
}

// TestSpeedIsFound lets an adapter answer noise until the third greeting, as at a wrong speed.
func TestSpeedIsFound(t *testing.T) {
	greetings := 0
	device, _ := plug(t, func(command string) string {
		greetings++
		switch {
		case greetings < 3:
			return "\x86\xE6\x00\x98\xF8\x1E>\xE0\xFE"
		case command == "ATI":
			return "ELM327 v1.5\r\r>"
		}
		return "?\r\r>"
	})
	var tried []int
	p, err := serial.Open(t.Context(), device, serial.Options{Remembered: 57600, Notify: func(b int) { tried = append(tried, b) }})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if p.Speed() != 115200 {
		t.Errorf("found at %d baud, want 115200", p.Speed())
	}
	if len(tried) != 3 || tried[0] != 57600 || tried[1] != 38400 || tried[2] != 115200 {
		t.Errorf("tried %v, want 57600, 38400, 115200", tried)
	}
}

func TestNoAdapterAtAnySpeed(t *testing.T) {
	device, _ := plug(t, func(string) string { return "$GPGGA,123519,4807.038,N*47\r\n" })
	start := time.Now()
	_, err := serial.Open(t.Context(), device, serial.Options{Quick: true})
	if errs.KindOf(err) != errs.NoAdapter || !strings.Contains(err.Error(), "at any speed") {
		t.Errorf("Open: %v (kind %s), want no adapter at any speed", err, errs.KindOf(err))
	}
	if took := time.Since(start); took > 8*time.Second {
		t.Errorf("the search took %s", took)
	}
}

func TestSetSpeedDropsWhatWasNotRead(t *testing.T) {
	device, f := plug(t, nil)
	p, err := serial.Open(t.Context(), device, serial.Options{Baud: 38400})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := f.Send([]byte("old")); err != nil {
		t.Fatal(err)
	}
	one := make([]byte, 1)
	if _, err := p.Read(one); err != nil {
		t.Fatal(err)
	}
	if err := p.SetSpeed(500000); err != nil {
		t.Fatal(err)
	}
	if err := f.Send([]byte("new")); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Read(one); err != nil || one[0] != 'n' {
		t.Errorf("Read %q, %v, want the first new byte", one, err)
	}
}

func TestNoSuchPort(t *testing.T) {
	for _, device := range []string{"/dev/ttyUSB-none", os.DevNull} {
		_, err := serial.Open(t.Context(), device, serial.Options{Baud: 9600})
		if errs.KindOf(err) != errs.NoAdapter || errs.HintOf(err) == "" || !strings.Contains(err.Error(), device) {
			t.Errorf("Open(%s): %v (kind %s), want no adapter with a hint", device, err, errs.KindOf(err))
		}
	}
}
