package simulator_test

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// from returns the frames of one source without its usual traffic.
func from(list []string, source string, leave ...string) []string {
	var kept []string
	for _, f := range list {
		id, _, _ := strings.Cut(f, "#")
		if strings.HasSuffix(id, source) && !slices.ContainsFunc(leave, func(s string) bool { return strings.Contains(id, s) }) {
			kept = append(kept, f)
		}
	}
	return kept
}

// usual are the identifiers, without priority, of what the engine sends by itself.
var usual = []string{"F004", "F003", "FEF1", "FEF2", "F00E", "FEEF", "FEF6", "FEEE", "FEF5", "FEF7", "FEFC", "FE56", "FECA", "F002", "F005", "FEF8", "F001", "FEBF"}

// TestTruckAnswers asks each node the way SAE J1939-21 has it.
func TestTruckAnswers(t *testing.T) {
	b := openBus(t, "sim:truck?pace=0&at=engine-off&ecu_latency=3ms")
	for _, c := range []struct {
		name, send string
		want       map[string]string // by source
	}{
		{"address claimed, all", "18EAFFF9#00EE00", map[string]string{
			"00": "18EEFF00#55BC00FF00000010", "03": "18EEFF03#331E20FF00030010", "0B": "18EEFF0B#316141FF00090010"}},
		{"VIN, one", "18EA00F9#ECFE00", map[string]string{"00": "1CECF900#10120003FFECFE00"}},
		{"cleared: first two packets", "1CEC00F9#110201FFFFECFE00", map[string]string{
			"00": "1CEBF900#0131584B59443439 1CEBF900#025831524A343030"}},
		{"hold", "1CEC00F9#1100FFFFFFECFE00", map[string]string{}},
		{"cleared: the last one", "1CEC00F9#110103FFFFECFE00", map[string]string{"00": "1CEBF900#033431372AFFFFFF"}},
		{"done", "1CEC00F9#13120003FFECFE00", map[string]string{}},
		{"VIN, all", "18EAFFF9#ECFE00", map[string]string{
			"00": "1CECFF00#20120003FFECFE00 1CEBFF00#0131584B59443439 1CEBFF00#025831524A343030 1CEBFF00#033431372AFFFFFF"}},
		{"DM5", "18EA00F9#CEFE00", map[string]string{"00": "18FECE00#03021407A01F0014"}},
		{"DM12", "18EAFFF9#D4FE00", map[string]string{"00": "18FED400#44F39A0C0402FFFF"}},
		{"DM2 of brakes", "18EA0BF9#CBFE00", map[string]string{"0B": "18FECB0B#00FF15030104FFFF"}},
		{"DM2 of transmission", "18EA03F9#CBFE00", map[string]string{"03": "18FECB03#04FFFF020502FFFF"}},
		{"DM5 of brakes", "18EA0BF9#CEFE00", map[string]string{"0B": "18E8FF0B#01FFFFFFF9CEFE00"}},
		{"unknown, all", "18EAFFF9#34FF00", map[string]string{}},
		{"busy once", "18EA0BF9#EBFE00", map[string]string{"0B": "18E8FF0B#03FFFFFFF9EBFE00"}},
		{"then not", "18EA0BF9#EBFE00", map[string]string{"0B": "1CECF90B#10200005FFEBFE00"}},
		{"abort", "1CEC0BF9#FF02FFFFFFEBFE00", map[string]string{}},
		{"hours", "18EA00F9#E5FE00", map[string]string{"00": "18FEE500#7E560200CB100800"}},
		{"DM21 to the asker", "18EA00F9#00C100", map[string]string{"00": "18C1F900#5800300C5100E60A"}},
		{"DM7, then DM30 in packets", "18E300F9#F76E001FFFFFFFFF", map[string]string{"00": "1CECF900#100C0002FF00A400"}},
		{"abort of DM30", "1CEC00F9#FF02FFFFFF00A400", map[string]string{}},
		{"claim of a taken address", "18EEFF00#0102030405060708", map[string]string{"00": "18EEFF00#55BC00FF00000010"}},
		{"DM11", "18EA00F9#D3FE00", map[string]string{"00": "18E8FF00#00FFFFFFF9D3FE00"}},
		{"DM1 after DM11", "18EA00F9#CAFE00", map[string]string{}},
		{"DM28 after DM11", "18EA00F9#80FD00", map[string]string{"00": "18FD8000#00FF9A0C0402FFFF"}},
		{"DM3", "18EA03F9#CCFE00", map[string]string{"03": "18E8FF03#00FFFFFFF9CCFE00"}},
		{"DM2 after DM3", "18EA03F9#CBFE00", map[string]string{"03": "18FECB03#04FF00000000FFFF"}},
	} {
		put(t, b, c.send)
		all := heard(t, b, 300*time.Millisecond)
		for _, source := range []string{"00", "03", "0B"} {
			got := strings.Join(dropBroadcastCodes(from(all, source, usual...)), " ")
			if got != c.want[source] {
				t.Errorf("%s: node %s: %q, want %q", c.name, source, got, c.want[source])
			}
		}
	}
}

// dropBroadcastCodes leaves out the engine's DM1 in packets, which comes every second.
func dropBroadcastCodes(list []string) []string {
	return slices.DeleteFunc(list, func(f string) bool {
		return f == "1CECFF00#200E0002FFCAFE00" || f == "1CEBFF00#0144F39A0C04026E" || f == "1CEBFF00#020010057E140F01"
	})
}

// TestTruckSpeaksByItself: the usual groups at their pace, active codes in packets every second.
func TestTruckSpeaksByItself(t *testing.T) {
	b := openBus(t, "sim:truck?pace=0")
	counts := map[string]int{}
	var codes []string
	for _, f := range heard(t, b, 10*time.Second) {
		id, _, _ := strings.Cut(f, "#")
		counts[id]++
		if id == "1CECFF00" || id == "1CEBFF00" {
			codes = append(codes, f)
		}
	}
	for id, want := range map[string]int{"0CF00400": 500, "18FEF100": 100, "18FEEF00": 20, "18FEEE00": 10, "18FECA03": 10, "18FECA0B": 10, "1CECFF00": 10, "1CEBFF00": 20} {
		if got := counts[id]; got < want-1 || got > want+1 {
			t.Errorf("%s came %d times in 10 s, want %d", id, got, want)
		}
	}
	// MIL on, amber slow; SPN 3226 FMI 4 twice, 110/16 five times, 5246/15 once
	want := []string{"1CECFF00#200E0002FFCAFE00", "1CEBFF00#0144F39A0C04026E", "1CEBFF00#020010057E140F01"}
	if len(codes) < 3 || !slices.Equal(codes[:3], want) {
		t.Errorf("DM1 %q", codes[:min(3, len(codes))])
	}
}

// TestTruckGivesUpTransfers: without clear-to-send it aborts after 1.25 s; meanwhile other answers wait.
func TestTruckGivesUpTransfers(t *testing.T) {
	b := openBus(t, "sim:truck?pace=0&ecu_latency=3ms")
	put(t, b, "18EA00F9#ECFE00", "18EA00F9#EBFE00")
	got := from(heard(t, b, 1500*time.Millisecond), "00", append(usual, "CECFF", "CEBFF")...)
	want := []string{"1CECF900#10120003FFECFE00", "1CECF900#FF03FFFFFFECFE00", "1CECF900#10180004FFEBFE00"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// TestTruckTakesLongMessages: the brakes clear three packets at a time.
func TestTruckTakesLongMessages(t *testing.T) {
	b := openBus(t, "sim:truck?pace=0&ecu_latency=3ms")
	for _, s := range [][2]string{
		{"1CEC0BF9#101A0004FF00EF00", "1CECF90B#110301FFFF00EF00"},
		{"1CEB0BF9#0101020304050607", ""}, {"1CEB0BF9#0201020304050607", ""},
		{"1CEB0BF9#0301020304050607", "1CECF90B#110104FFFF00EF00"},
		{"1CEB0BF9#0401020304FFFFFF", "1CECF90B#131A0004FF00EF00"},
	} {
		put(t, b, s[0])
		if got := strings.Join(from(heard(t, b, 50*time.Millisecond), "0B", usual...), " "); got != s[1] {
			t.Errorf("%s: %q, want %q", s[0], got, s[1])
		}
	}
}

// TestTruckRefusesClearing while the engine runs.
func TestTruckRefusesClearing(t *testing.T) {
	b := openBus(t, "sim:truck?pace=0&at=idle")
	put(t, b, "18EA00F9#D3FE00")
	if got := from(heard(t, b, 50*time.Millisecond), "00", append(usual, "CECFF", "CEBFF")...); !slices.Equal(got, []string{"18E8FF00#01FFFFFFF9D3FE00"}) {
		t.Errorf("DM11: %q", got)
	}
}
