package simulator_test

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/link"
)

// value asks one PID of the engine and returns its data.
func value(t testing.TB, p link.Port, pid byte) []byte {
	t.Helper()
	text := ask(t, p, fmt.Sprintf("01%02X1", pid))
	line, _, _ := strings.Cut(text, "\r")
	b, err := hex.DecodeString(line)
	if err != nil || len(b) < 3 || b[0] != 0x41 || b[1] != pid {
		t.Fatalf("PID %02X: %q", pid, text)
	}
	return b[2:]
}

func word(b []byte) float64 { return float64(b[0])*256 + float64(b[1]) }

// TestValuesMoveLikeACar drives half an hour: it warms up, shifts gears, stays in bounds.
func TestValuesMoveLikeACar(t *testing.T) {
	p := open(t, "sim:petrol-misfire?pace=0&elapsed=1s&baud=500000")
	for _, c := range []string{"ATE0", "ATS0", "ATSP6", "ATSH7E0"} {
		ask(t, p, c)
	}
	coldest, warmest, fastest, idle, gears := 255.0, 0.0, 0.0, 0, map[int]bool{}
	for range 600 {
		coolant := float64(value(t, p, 0x05)[0]) - 40
		speed := float64(value(t, p, 0x0D)[0])
		rpm := word(value(t, p, 0x0C)) / 4
		coldest, warmest, fastest = min(coldest, coolant), max(warmest, coolant), max(fastest, speed)
		if speed == 0 {
			idle++
		}
		if rpm < 500 || rpm > 6500 {
			t.Fatalf("%.0f rpm at %.0f km/h", rpm, speed)
		}
		if speed > 10 {
			gears[int(rpm/speed/4)] = true
		}
	}
	if coldest > 40 || warmest < 85 || warmest > 100 {
		t.Errorf("coolant from %.0f to %.0f Cel", coldest, warmest)
	}
	if fastest < 90 || fastest > 140 || idle == 0 || len(gears) < 4 {
		t.Errorf("fastest %.0f km/h, %d times standing, ratios %v", fastest, idle, gears)
	}
	if runtime := word(value(t, p, 0x1F)); runtime < 1700 {
		t.Errorf("run time %.0f s", runtime)
	}
	if volts := word(value(t, p, 0x42)) / 1000; volts < 13 || volts > 15 {
		t.Errorf("%.2f V", volts)
	}
}

// TestHybridStopsItsEngine sees the engine both off and on.
func TestHybridStopsItsEngine(t *testing.T) {
	p := open(t, "sim:hybrid?pace=0&elapsed=2s&baud=500000")
	for _, c := range []string{"ATE0", "ATS0", "ATSP6", "ATSH7E0"} {
		ask(t, p, c)
	}
	off, on := 0, 0
	for range 600 {
		if word(value(t, p, 0x0C)) == 0 {
			off++
		} else {
			on++
		}
	}
	if off == 0 || on == 0 {
		t.Errorf("engine off %d times, on %d times", off, on)
	}
}

// TestClearing: refused while the engine runs, then real, and permanent codes stay.
func TestClearing(t *testing.T) {
	running := open(t, "sim:?pace=0")
	for _, s := range [][2]string{{"ATE0", "ATE0\rOK\r\r>"}, {"ATSP6", "OK\r\r>"}, {"ATSH7E0", "OK\r\r>"}, {"04", "7F 04 22 \r\r>"}, {"03", "43 01 03 01 \r\r>"}} {
		if got := ask(t, running, s[0]); got != s[1] {
			t.Errorf("running: %s: %q", s[0], got)
		}
	}
	p := open(t, "sim:?pace=0&at=engine-off")
	for _, s := range [][2]string{
		{"ATE0", "ATE0\rOK\r\r>"}, {"ATSP6", "OK\r\r>"}, {"ATH1", "OK\r\r>"}, {"010C", "7E8 04 41 0C 00 00 \r7E9 04 41 0C 00 00 \r\r>"},
		{"04", "7E8 01 44 \r7E9 01 44 \r\r>"}, {"03", "7E8 02 43 00 \r7E9 02 43 00 \r\r>"}, {"07", "7E8 02 47 00 \r7E9 02 47 00 \r\r>"},
		{"0A", "7E8 04 4A 01 03 01 \r7E9 02 4A 00 \r\r>"}, {"020200", "7E8 05 42 02 00 00 00 \r7E9 05 42 02 00 00 00 \r\r>"},
		{"0101", "7E8 06 41 01 00 37 E5 E5 \r7E9 06 41 01 00 04 00 00 \r\r>"},
		{"0131", "7E8 04 41 31 00 00 \r7E9 04 41 31 00 00 \r\r>"}, {"0130", "7E8 03 41 30 00 \r7E9 03 41 30 00 \r\r>"},
		{"0121", "7E8 04 41 21 00 00 \r7E9 04 41 21 00 00 \r\r>"},
	} {
		if got := ask(t, p, s[0]); got != s[1] {
			t.Errorf("engine off: %s: %q, want %q", s[0], got, s[1])
		}
	}
}

// TestOlderLinesTakeTheirTime: 5-baud init, fast init, and an ECU that falls asleep without keep-alive.
func TestOlderLinesTakeTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, "sim:iso9141")
		ask(t, p, "ATSP3")
		var text string
		if took := timed(t, func() { text = ask(t, p, "0100") }); took < 2*time.Second || took > 4*time.Second {
			t.Errorf("slow init took %s", took)
		}
		if want := "0100\rBUS INIT: ...OK\r41 00 BE 1F B8 10 \r\r>"; text != want {
			t.Errorf("got %q, want %q", text, want)
		}
		time.Sleep(time.Minute) // the adapter's wake-up messages keep the line
		if text := ask(t, p, "0100"); strings.Contains(text, "BUS INIT") {
			t.Errorf("after a minute: %q", text)
		}
		ask(t, p, "ATSW00")
		time.Sleep(6 * time.Second)
		if text := ask(t, p, "0100"); !strings.Contains(text, "BUS INIT: ...OK\r41 00") {
			t.Errorf("without keep-alive: %q", text)
		}
		p.Close()
	})
}

// TestWaitingTimes: AT ST without adaptive timing, and what adaptive timing makes of it.
func TestWaitingTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := open(t, "sim:petrol-healthy?ecu_latency=10ms&baud=500000")
		for _, c := range []string{"ATE0", "ATSP6", "0100"} {
			ask(t, p, c)
		}
		for _, c := range []struct {
			setup    string
			from, to time.Duration
		}{
			{"ATAT0", 210 * time.Millisecond, 225 * time.Millisecond}, {"ATST19", 110 * time.Millisecond, 120 * time.Millisecond},
			{"ATSTFF", 1050 * time.Millisecond, 1070 * time.Millisecond}, {"ATST00", 210 * time.Millisecond, 225 * time.Millisecond},
			{"ATAT1", 40 * time.Millisecond, 75 * time.Millisecond}, {"ATAT2", 25 * time.Millisecond, 50 * time.Millisecond},
		} {
			ask(t, p, c.setup)
			for range 10 { // until adaptive timing has learned
				ask(t, p, "010C")
			}
			if took := timed(t, func() { ask(t, p, "010C") }); took < c.from || took > c.to {
				t.Errorf("%s: a request took %s, want %s to %s", c.setup, took, c.from, c.to)
			}
		}
		p.Close()
	})
}

// TestSlowECU: adaptive timing cuts off what comes after "response pending"; the longest wait shows it all.
func TestSlowECU(t *testing.T) {
	p := open(t, "sim:slow-ecu?pace=0")
	for _, c := range []string{"ATE0", "ATSP6", "0100", "0100", "0100", "0100"} {
		ask(t, p, c)
	}
	if got := ask(t, p, "03"); got != "7F 03 78 \r\r>" {
		t.Errorf("adaptive: %q", got)
	}
	for _, c := range []string{"ATAT0", "ATSTFF", "0100"} {
		ask(t, p, c)
	}
	if got := ask(t, p, "03"); got != strings.Repeat("7F 03 78 \r", 4)+"43 01 26 46 \r\r>" {
		t.Errorf("patient: %q", got)
	}
	if got := ask(t, p, "07"); got != "7F 07 21 \r\r>" {
		t.Errorf("busy: %q", got)
	}
	if got := ask(t, p, "07"); got != "47 01 26 46 \r\r>" {
		t.Errorf("asked again: %q", got)
	}
	if got := ask(t, p, "010D"); got != "41 0D 00 \r41 0D 00 \r\r>" {
		t.Errorf("twice: %q", got)
	}
}
