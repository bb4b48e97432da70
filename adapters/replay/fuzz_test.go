package replay_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// FuzzReplay parses anything and asks it anything: no panic, no hang, errors of the right kind.
func FuzzReplay(f *testing.F) {
	for _, text := range []string{recording, arrowLog, terminal, scripted, dialogs, head + "0.0 < x\n0.0 pause 0\n1.0 lost x\n"} {
		f.Add([]byte(text), "ATZ\r0100\r010C1\rATSH7E0\r22F190\r \r", byte(0))
		f.Add([]byte(text), "0902\r", byte(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, sent string, number byte) {
		rec, err := replay.Parse("x", data, replay.Select{Dialog: int(number)})
		if err != nil {
			if k := errs.KindOf(err); k != errs.BadInput && k != errs.Usage {
				t.Fatalf("kind %s: %v", k, err)
			}
			return
		}
		player := replay.NewPlayer(rec, replay.Options{Strict: number&2 != 0})
		for {
			port, err := player.Open(t.Context())
			if err != nil {
				break
			}
			drain(t, port)
			for chunk := range bytes.SplitAfterSeq([]byte(sent), []byte("\r")) {
				before := player.Now()
				if _, err := port.Write(chunk); err != nil {
					break
				}
				drain(t, port)
				if player.Now().Before(before) {
					t.Fatal("the clock ran backwards")
				}
			}
			_ = port.Close()
		}
	})
}

// drain reads until nothing more comes; what comes is bounded by what was recorded.
func drain(t *testing.T, p link.Port) {
	if err := p.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for range 1 << 20 {
		n, err := p.Read(buf)
		if err != nil {
			return
		}
		if n == 0 {
			t.Fatal("Read returned nothing")
		}
	}
	t.Fatal("the answer has no end")
}

// canned is a port whose Reads return the chunks one after the other, then io.EOF.
type canned struct{ chunks [][]byte }

func (c *canned) Read(b []byte) (int, error) {
	if len(c.chunks) == 0 {
		return 0, io.EOF
	}
	n := copy(b, c.chunks[0])
	if c.chunks[0] = c.chunks[0][n:]; len(c.chunks[0]) == 0 {
		c.chunks = c.chunks[1:]
	}
	return n, nil
}

func (*canned) Write(b []byte) (int, error)     { return len(b), nil }
func (*canned) SetReadDeadline(time.Time) error { return nil }
func (*canned) Name() string                    { return "canned" }
func (*canned) Close() error                    { return nil }

// FuzzRecordAndReplay records any bytes and wants the very same back.
func FuzzRecordAndReplay(f *testing.F) {
	f.Add([]byte("0100\r"), []byte("41 00 BE 3E B8 11 \r\r>"), "tcp://192.168.0.10:35000")
	f.Add([]byte{0, 0xFF, '\\'}, []byte(" \x20\t\\x41>\n"), "a: b\nc")
	f.Fuzz(func(t *testing.T, sent, got []byte, address string) {
		out := &sink{}
		rec := replay.NewRecorder(out, "fuzz", time.Now)
		var chunks [][]byte
		for chunk := range bytes.SplitAfterSeq(got, []byte("\r")) {
			if len(chunk) > 0 {
				chunks = append(chunks, chunk)
			}
		}
		live := turn(t, rec.Wrap(&canned{chunks}, address, nil), sent)
		parsed, err := replay.Parse("x", out.Bytes(), replay.Select{})
		if err != nil {
			t.Fatalf("%v in\n%s", err, out.Bytes())
		}
		if parsed.Header.Address != address {
			t.Fatalf("address %q, want %q", parsed.Header.Address, address)
		}
		port, err := replay.NewPlayer(parsed, replay.Options{Strict: true}).Open(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if again := turn(t, port, sent); !bytes.Equal(live, again) {
			t.Fatalf("replay read %q, want %q", again, live)
		}
	})
}

func turn(t *testing.T, p link.Port, sent []byte) []byte {
	if err := p.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write(sent); err != nil {
		t.Fatal(err)
	}
	var got []byte
	buf := make([]byte, 16)
	for {
		n, err := p.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil {
			if !errors.Is(err, io.EOF) && !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatal(err)
			}
			return got
		}
	}
}
