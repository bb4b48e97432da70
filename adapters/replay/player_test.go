package replay_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

func TestAnswersAsRecorded(t *testing.T) {
	port, player := play(t, recording, replay.Options{})
	for _, row := range []struct{ sent, want, at string }{
		{"ATZ", "\xfc\r\rELM327 v1.5\r\r>", "08:30:00.701001"},
		{"ATE0", "ATE0\rOK\r\r>", "08:30:00.710001"},
		{"0100", "SEARCHING...\r7E8 06 41 00 BE 3E B8 11 \r7E9 06 41 00 98 18 00 01 \r\r>", "08:30:01.120001"},
		{"010C", "7E8 04 41 0C 0B 54 \r\r>", "08:30:01.260001"},
		{"010C", "7E8 04 41 0C 0C 00 \r\r>", "08:30:01.360001"},
	} {
		if got := ask(t, port, row.sent); got != row.want {
			t.Errorf("%s: %q, want %q", row.sent, got, row.want)
		}
		if got := player.Now().Format("15:04:05.000000"); got != row.at {
			t.Errorf("%s: the clock says %s, want %s", row.sent, got, row.at)
		}
	}
	if got := port.Name(); got != "serial:///dev/ttyUSB0" {
		t.Errorf("Name %q, want the recorded address", got)
	}
	if s, ok := port.(link.SpeedSetter); !ok || s.Speed() != 38400 {
		t.Error("the recording of a serial line is not a SpeedSetter at 38400")
	}
}

// TestOtherCommands asks what a later version might ask, in its own order.
func TestOtherCommands(t *testing.T) {
	port, player := play(t, recording, replay.Options{})
	for _, row := range []struct{ sent, want string }{
		{"atz", "\xfc\r\rELM327 v1.5\r\r>"},
		{"STI", "?\r\r>"},    // not recorded: no STN
		{"AT H1", "OK\r\r>"}, // not recorded: every ELM327 takes it
		{"ATRV", "?\r\r>"},   // a made-up voltage would be believed
		{"ATDPN", "?\r\r>"},  // and so would a protocol
		{"ATI", "\xfc\r\rELM327 v1.5\r\r>"},
		{"01 0c", "7E8 04 41 0C 0B 54 \r\r>"},
		{"01001", "SEARCHING...\r7E8 06 41 00 BE 3E B8 11 \r7E9 06 41 00 98 18 00 01 \r\r>"},
		{"010C1", "7E8 04 41 0C 0C 00 \r\r>"},
		{"010C", "7E8 04 41 0C 0C 00 \r\r>"}, // all played: the last one again
		{"", "7E8 04 41 0C 0C 00 \r\r>"},     // a bare carriage return repeats
		{"0902", "NO DATA\r\r>"},
		{"22F190", "7E9 03 7F 22 31 \r\r>"}, // to all ECUs: what 7E1 answered is part of it
		{"ATSH 7E0", "OK\r\r>"},
		{"22F190", "NO DATA\r\r>"},
		{"0100", "7E8 06 41 00 BE 3E B8 11 \r\r>"}, // of the answers of all ECUs that of 7E0
		{"ATSH7E1", "OK\r\r>"},
		{"22F190", "7E9 03 7F 22 31 \r\r>"},
	} {
		if got := ask(t, port, row.sent); got != row.want {
			t.Errorf("%s: %q, want %q", row.sent, got, row.want)
		}
	}
	if got := strings.Join(player.Missing(), " "); got != "0902 22F190" {
		t.Errorf("Missing: %s", got)
	}
}

func TestBytesWithoutCarriageReturnAreNoCommand(t *testing.T) {
	port, _ := play(t, recording, replay.Options{})
	if _, err := port.Write([]byte(" ")); err != nil {
		t.Fatal(err)
	}
	if got := hear(t, port); got != "" {
		t.Errorf("answer %q to a blank", got)
	}
	if got := ask(t, port, "ATE0"); got != "ATE0\rOK\r\r>" {
		t.Errorf("answer %q", got)
	}
}

func TestStrictNamesTheFirstDifference(t *testing.T) {
	port, _ := play(t, recording, replay.Options{Strict: true})
	ask(t, port, "ATZ")
	_, err := port.Write([]byte("ATL0\r"))
	if errs.KindOf(err) != errs.BadInput || !strings.Contains(err.Error(), `sent "ATL0\\r", but line 13 of the recording sends "ATE0\\r"`) {
		t.Errorf("Write: %v (kind %s)", err, errs.KindOf(err))
	}
}

// TestSilenceIsJumped lets a Read end at once where the recording has nothing more, at speed 0.
func TestSilenceIsJumped(t *testing.T) {
	text := strings.Replace(recording, "0.710000 < ATE0\\rOK\\r\\r>\n", "0.710000 < ATE0\\r\n5.702000 timeout\n", 1)
	text = text[:strings.Index(text, "0.711000")]
	port, player := play(t, text, replay.Options{})
	start := time.Now()
	ask(t, port, "ATZ")
	if got := ask(t, port, "ATE0"); got != "ATE0\r" {
		t.Errorf("answer %q", got)
	}
	if got := player.Now().Sub(player.Recording().Header.Started); got != 5702*time.Millisecond {
		t.Errorf("the clock stands at %s, want 5.702s", got)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %s", took)
	}
}

func TestAtRecordedSpeed(t *testing.T) {
	for _, row := range []struct{ speed, factor float64 }{{1, 1}, {10, 10}} {
		synctest.Test(t, func(t *testing.T) {
			port, _ := play(t, recording, replay.Options{Speed: row.speed})
			start := time.Now()
			ask(t, port, "ATZ")
			want := time.Duration(0.7 * float64(time.Second) / row.factor)
			if took := time.Since(start); took != want {
				t.Errorf("speed %v: ATZ took %s, want %s", row.speed, took, want)
			}
			if err := port.SetReadDeadline(time.Now().Add(30 * time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			start = time.Now()
			if _, err := port.Read(make([]byte, 8)); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("Read: %v", err)
			}
			if took := time.Since(start); took != 30*time.Millisecond {
				t.Errorf("the deadline came after %s", took)
			}
		})
	}
}

func TestCloseAndDeadlineWakeRead(t *testing.T) {
	for _, speed := range []float64{0, 1} {
		synctest.Test(t, func(t *testing.T) {
			port, _ := play(t, recording, replay.Options{Speed: speed})
			woken := make(chan error)
			read := func() { _, err := port.Read(make([]byte, 8)); woken <- err }
			go read()
			synctest.Wait()
			if err := port.SetReadDeadline(time.Unix(1, 0)); err != nil {
				t.Fatal(err)
			}
			if err := <-woken; !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("speed %v: Read: %v", speed, err)
			}
			if err := port.SetReadDeadline(time.Time{}); err != nil {
				t.Fatal(err)
			}
			go read()
			synctest.Wait()
			_ = port.Close()
			if err := <-woken; !errors.Is(err, os.ErrClosed) {
				t.Errorf("speed %v: Read: %v", speed, err)
			}
			if _, err := port.Write([]byte("ATI\r")); !errors.Is(err, os.ErrClosed) {
				t.Errorf("speed %v: Write: %v", speed, err)
			}
		})
	}
}

// TestLostAndBack plays a connection that fell away and came back.
func TestLostAndBack(t *testing.T) {
	text := strings.Replace(recording, "1.600000 close\n", `1.700000 > 010D\r
1.800000 < 7E8 03
1.900000 lost connection reset
3.000000 open
3.100000 > ATZ\r
3.800000 < ELM327 v1.5\r\r>
`, 1)
	port, player := play(t, text, replay.Options{})
	if got := ask(t, port, "010D"); got != "7E8 03" {
		t.Errorf("answer %q", got)
	}
	_, err := port.Read(make([]byte, 1))
	if !link.IsLost(err) || !errors.Is(err, io.EOF) || !strings.Contains(err.Error(), "connection reset") {
		t.Errorf("Read: %v, want the recorded loss", err)
	}
	if _, err := port.Write([]byte("0100\r")); !link.IsLost(err) {
		t.Errorf("Write: %v, want the recorded loss", err)
	}
	again := open(t, player)
	if got := ask(t, again, "ATZ"); got != "ELM327 v1.5\r\r>" {
		t.Errorf("answer %q", got)
	}
	if _, err := player.Open(context.Background()); errs.KindOf(err) != errs.NoAdapter {
		t.Errorf("third Open: %v, want no adapter", err)
	}
}

// TestLongCommandIsBounded sends what never ends.
func TestLongCommandIsBounded(t *testing.T) {
	port, _ := play(t, recording, replay.Options{})
	if n, err := port.Write([]byte(strings.Repeat("A", 1<<20))); n != 1<<20 || err != nil {
		t.Errorf("Write = %d, %v", n, err)
	}
	if got := ask(t, port, ""); !strings.HasSuffix(got, "\r>") {
		t.Errorf("answer %q", got)
	}
}
