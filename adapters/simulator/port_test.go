package simulator_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

func TestBadAddresses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("title: x\nprotocol: can11-500\ncolour: red\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	did := filepath.Join(dir, "did.yaml")
	if err := os.WriteFile(did, []byte("protocol: can11-500\nvehicle: {engine: petrol}\necus: [{name: e, address: 7E8, dids: {F190: 0xZZ}}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		address string
		kind    errs.Kind
		says    string
	}{
		{"sim:horse-cart", errs.Usage, "horse-cart"},
		{"sim:?colour=red", errs.Usage, "colour"},
		{"sim:?pace=-1", errs.Usage, "pace"},
		{"sim:?pace=NaN", errs.Usage, "pace"},
		{"sim:?seed=x", errs.Usage, "seed"},
		{"sim:?baud=7", errs.Usage, "baud"},
		{"sim:?drop=never", errs.Usage, "drop"},
		{"sim:?drop=after:0", errs.Usage, "drop"},
		{"sim:?at=sea", errs.Usage, "engine-off"},
		{"sim:?adapter=good", errs.Usage, "elm327-v2.2"},
		{"sim:?ecu_latency=2h", errs.Usage, "ecu_latency"},
		{"sim:?%zz", errs.Usage, "address"},
		{"sim:" + filepath.Join(dir, "absent.yaml"), errs.Usage, "absent.yaml"},
		{"sim:" + bad, errs.BadInput, "colour"},
		{"sim:" + did, errs.BadInput, "F190"},
		{"sim:" + dir + "/", errs.BadInput, dir},
	} {
		_, err := simulator.Open(t.Context(), c.address)
		if err == nil || errs.KindOf(err) != c.kind || !strings.Contains(err.Error()+errs.HintOf(err), c.says) {
			t.Errorf("%s: %v (%v, hint %q)", c.address, err, errs.KindOf(err), errs.HintOf(err))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := simulator.Open(ctx, "sim:"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestOwnScenario(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.yaml")
	text := "title: Mine\nprotocol: can29-250\nvehicle: {engine: petrol}\n" +
		"ecus:\n  - {name: e, address: 18DAF10E, current: 0C 0D, info: {vin: 1FADP3E21EL200017}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, "sim:"+file+"?pace=0")
	for _, s := range [][2]string{
		{"ATE0", "ATE0\rOK\r\r>"}, {"ATH1", "OK\r\r>"}, {"0100", "SEARCHING...\r18 DA F1 0E 06 41 00 00 18 00 00 \r\r>"}, {"ATDPN", "A9\r\r>"},
		{"ATSHDA0EF1", "OK\r\r>"}, {"010D", "18 DA F1 0E 03 41 0D 00 \r\r>"}, {"ATSH18DA0FF1", "OK\r\r>"}, {"010D", "NO DATA\r\r>"},
	} {
		if got := ask(t, p, s[0]); got != s[1] {
			t.Errorf("%s: %q, want %q", s[0], got, s[1])
		}
	}
}

func TestPortDeadlinesAndClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, "sim:")
		b := make([]byte, 8)
		_ = p.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if took := timed(t, func() {
			if _, err := p.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("read: %v", err)
			}
		}); took != 50*time.Millisecond {
			t.Errorf("deadline after %s", took)
		}
		_ = p.SetReadDeadline(time.Time{})
		ended := make(chan error)
		go func() {
			_, err := p.Read(b)
			ended <- err
		}()
		synctest.Wait()
		_ = p.SetReadDeadline(time.Now().Add(-time.Second)) // also wakes a read under way
		if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("woken read: %v", err)
		}
		_ = p.SetReadDeadline(time.Time{})
		go func() {
			_, err := p.Read(b)
			ended <- err
		}()
		synctest.Wait()
		for range 2 {
			if err := p.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
		if err := <-ended; err == nil {
			t.Error("read went on after close")
		}
		if _, err := p.Write([]byte("ATI\r")); err == nil {
			t.Error("write went on after close")
		}
		if p.Name() != "sim:" {
			t.Errorf("name %q", p.Name())
		}
	})
}

// TestDeadlineThatPassesAtOnce: a deadline that passes while a read prepares to wait still ends it.
func TestDeadlineThatPassesAtOnce(t *testing.T) {
	p := open(t, "sim:")
	b := make([]byte, 8)
	for i := range 5000 {
		_ = p.SetReadDeadline(time.Now().Add(time.Duration(i%3000) * time.Nanosecond))
		if _, err := p.Read(b); !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatalf("read: %v", err)
		}
	}
}

// TestStopped: any character ends a request under way; monitoring ends the same way.
func TestStopped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, "sim:")
		ask(t, p, "ATE0")
		for _, c := range []string{"0100\r", "ATMA\r"} {
			if _, err := p.Write([]byte(c)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(40 * time.Millisecond)
			if _, err := p.Write([]byte(" ")); err != nil {
				t.Fatal(err)
			}
			if got := receive(t, p); !strings.HasSuffix(got, "STOPPED\r\r>") {
				t.Errorf("%q: %q", c, got)
			}
		}
		p.Close()
	})
}

// TestSpeeds: noise at the wrong speed, AT BRD with its confirmation and without, STSBR.
func TestSpeeds(t *testing.T) {
	for _, pace := range []string{"1", "0"} {
		t.Run("pace "+pace, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := open(t, "sim:?adapter=stn2120&pace="+pace)
				s := p.(link.SpeedSetter)
				ask(t, p, "ATE0")
				raise(t, p)
				if _, err := p.Write([]byte("\r")); err != nil {
					t.Fatal(err)
				}
				if got := receive(t, p); got != "OK\r\r>" {
					t.Errorf("confirmed: %q", got)
				}
				if got := ask(t, p, "ATI"); got != "ELM327 v1.4b\r\r>" || s.Speed() != 4_000_000/35 {
					t.Errorf("at the new speed: %q, %d", got, s.Speed())
				}
				if got := ask(t, p, "STSBR 500000"); got != "OK\r\r>" {
					t.Errorf("STSBR: %q", got)
				}
				_ = s.SetSpeed(500000)
				if got := ask(t, p, "ATI"); got != "ELM327 v1.4b\r\r>" {
					t.Errorf("at 500000: %q", got)
				}
				raise(t, p)
				time.Sleep(time.Second) // not confirmed: the adapter goes back
				_ = s.SetSpeed(500000)
				if got := ask(t, p, "ATI"); got != "ELM327 v1.4b\r\r>" {
					t.Errorf("after going back: %q", got)
				}
				_ = s.SetSpeed(9600)
				_, _ = p.Write([]byte("ATI\r"))
				_ = p.SetReadDeadline(time.Now().Add(time.Second))
				b := make([]byte, 64)
				if n, err := p.Read(b); err == nil && strings.Contains(string(b[:n]), "ELM") {
					t.Errorf("understood at the wrong speed: %q", b[:n])
				}
				p.Close()
			})
		})
	}
}

// raise starts AT BRD and follows the adapter to the new speed (4 MHz / 35) up to its name.
func raise(t *testing.T, p link.Port) {
	t.Helper()
	if _, err := p.Write([]byte("ATBRD23\r")); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 64)
	if n, err := p.Read(b); err != nil || string(b[:n]) != "OK\r" {
		t.Fatalf("ATBRD: %q, %v", b[:n], err)
	}
	_ = p.(link.SpeedSetter).SetSpeed(4_000_000 / 35)
	if n, err := p.Read(b); err != nil || string(b[:n]) != "ELM327 v1.4b\r" {
		t.Fatalf("name: %q, %v", b[:n], err)
	}
}

// TestUnreadIsBounded asks for 6 MB and reads nothing: 31 such clients made the server hold 1.3 GB.
func TestUnreadIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := simulator.Open(t.Context(), "sim:")
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		if _, err := p.Write([]byte(strings.Repeat("ATPPS\r", 6000))); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Hour)
		if err := p.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		total, buffer := 0, make([]byte, 4096)
		for {
			n, err := p.Read(buffer)
			total += n
			if err != nil {
				break
			}
		}
		if total < 64<<10 || total > 256<<10 {
			t.Errorf("%d bytes were kept for a client that does not read", total)
		}
	})
}
