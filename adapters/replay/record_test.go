package replay_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/adapters/adaptertest"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// pipe is a port over an in-memory connection.
type pipe struct{ net.Conn }

func (pipe) Name() string { return "pipe" }

// Close may be called twice.
func (p pipe) Close() error { _ = p.Conn.Close(); return nil }

// buffered is the far side of a pipe; it never blocks.
type buffered struct {
	conn net.Conn
	mu   sync.Mutex
	got  []byte
	out  chan []byte
}

func (b *buffered) Send(p []byte) error { b.out <- bytes.Clone(p); return nil }
func (b *buffered) Hangup() error       { return b.conn.Close() }
func (b *buffered) Received() []byte    { b.mu.Lock(); defer b.mu.Unlock(); return bytes.Clone(b.got) }

func newPipe(t *testing.T) (link.Port, *buffered) {
	near, far := net.Pipe()
	b := &buffered{conn: far, out: make(chan []byte, 16)}
	t.Cleanup(func() { _, _ = near.Close(), far.Close(); close(b.out) })
	go func() {
		for p := range b.out {
			_, _ = far.Write(p)
		}
	}()
	go func() {
		buf := make([]byte, 512)
		for {
			n, err := far.Read(buf)
			b.mu.Lock()
			b.got = append(b.got, buf[:n]...)
			b.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return pipe{near}, b
}

// sink is a recording in memory.
type sink struct{ bytes.Buffer }

func (*sink) Close() error { return nil }

func TestRecordedPortKeepsTheContract(t *testing.T) {
	adaptertest.Run(t, func(t *testing.T) (link.Port, adaptertest.Peer) {
		p, peer := newPipe(t)
		return replay.NewRecorder(&sink{}, "test", time.Now).Wrap(p, p.Name(), nil), peer
	})
}

// TestRecordAndReplay holds the text of a recording fast, and that its replay sees the same bytes,
// times and identifiers.
func TestRecordAndReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		zone := time.FixedZone("", 3600)
		out := &sink{}
		rec := replay.NewRecorder(out, "obdctl test", func() time.Time { return time.Now().In(zone) })
		p, far := newPipe(t)
		live := session(t, rec.Wrap(p, "tcp://192.168.0.10:35000", map[string]int{"baud": 0}), rec.Now, func(chunks ...string) {
			go func() {
				for _, c := range chunks {
					time.Sleep(70 * time.Millisecond)
					_ = far.Send([]byte(c))
				}
			}()
		})
		ids := []string{rec.NewID().String(), rec.NewID().String()}
		if err := rec.Close(); err != nil {
			t.Fatal(err)
		}
		want := `0.000000 open
0.000000 > ATZ\r
0.070000 < \x00\r\rELM327 v1.5 \\ \xe2\x20
0.140000 < \r>
0.140000 > 0100\r
0.210000 < SEARCHING...\r
2.210000 timeout
12.210000 pause 1
12.210000 > AT\tI\n\r
12.280000 < OK\r\r>
12.280000 close
`
		if _, body, _ := strings.Cut(out.String(), "\n\n"); body != want {
			t.Errorf("recording (-want +got):\n%s", cmp.Diff(want, body))
		}
		parsed := parse(t, out.String())
		player := replay.NewPlayer(parsed, replay.Options{Strict: true})
		again := session(t, open(t, player), player.Now, func(...string) {})
		if diff := cmp.Diff(live, again); diff != "" {
			t.Errorf("replay (-live +replay):\n%s", diff)
		}
		if diff := cmp.Diff(ids, []string{player.NewID().String(), player.NewID().String()}); diff != "" {
			t.Errorf("identifiers (-live +replay):\n%s", diff)
		}
		if h := parsed.Header; h.Address != "tcp://192.168.0.10:35000" || h.Tool != "obdctl test" || string(h.Dial) != `{"baud":0}` {
			t.Errorf("header %+v", h)
		}
	})
}

// session is a short dialogue; answer makes the far side speak. It returns what was read, and when.
func session(t *testing.T, p link.Port, now func() time.Time, answer func(chunks ...string)) []string {
	t.Helper()
	var log []string
	note := func(s string) { log = append(log, now().Format(time.RFC3339Nano)+" "+s) }
	turn := func(sent string, chunks ...string) {
		if _, err := p.Write([]byte(sent)); err != nil {
			t.Fatal(err)
		}
		answer(chunks...)
		if err := p.SetReadDeadline(time.Now().Add(2070 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		buf := make([]byte, 64)
		for {
			n, err := p.Read(buf)
			note(string(buf[:n]))
			if errors.Is(err, os.ErrDeadlineExceeded) || bytes.Contains(buf[:n], []byte(">")) {
				return
			}
			if err := p.SetReadDeadline(time.Now().Add(2 * time.Second)); err != nil {
				t.Fatal(err)
			}
		}
	}
	turn("ATZ\r", "\x00\r\rELM327 v1.5 \\ \xe2 ", "\r>")
	turn("0100\r", "SEARCHING...\r")
	time.Sleep(10 * time.Second)
	note("idle")
	turn("AT\tI\n\r", "OK\r\r>")
	_ = p.Close()
	return log
}

func TestCreateNeverOverwrites(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.rec")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := replay.Create(path, "test"); errs.KindOf(err) != errs.Usage || errs.HintOf(err) == "" {
		t.Errorf("Create: %v, want a usage error with a hint", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "precious" {
		t.Errorf("the file holds %q", got)
	}
}

func TestCreateKeepsNoEmptyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.rec")
	rec, err := replay.Create(path, "test")
	if err != nil {
		t.Fatal(err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an empty recording was left behind: %v", err)
	}
}

// TestEveryEventIsOnDiskAtOnce reads the file while the recording runs, as a kill would leave it.
func TestEveryEventIsOnDiskAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "car.rec")
	rec, err := replay.Create(path, "test")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := newPipe(t)
	wrapped := rec.Wrap(p, "pipe", nil)
	if _, err := wrapped.Write([]byte("0100\r")); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !strings.HasSuffix(string(got), " > 0100\\r\n") {
		t.Errorf("the file ends in %q, %v", got, err)
	}
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
}

// full is a disk without room.
type full struct{ io.WriteCloser }

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
func (full) Close() error              { return nil }

func TestFullDiskDoesNotStopTheDiagnosis(t *testing.T) {
	rec := replay.NewRecorder(full{}, "test", time.Now)
	p, _ := newPipe(t)
	if _, err := rec.Wrap(p, "pipe", nil).Write([]byte("0100\r")); err != nil {
		t.Errorf("Write: %v", err)
	}
	if err := rec.Close(); err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("Close: %v, want the disk's error", err)
	}
}
