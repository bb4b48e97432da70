package kwp2000_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/kwp2000"
)

func wire(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatalf("wire bytes %q: %v", s, err)
	}
	return b
}

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name, line string
		mode       kwp2000.Mode
		source     byte
		data       string
		sum        kwp2000.Check
	}{
		{"reply", "84 F1 11 41 0C 0F A0 82", kwp2000.Physical, 0x11, "410C0FA0", kwp2000.Right},
		{"functional", "C2 33 F1 01 00 E7", kwp2000.Functional, 0xF1, "0100", kwp2000.Right},
		{"without address", "03 41 0D 32 83", kwp2000.NoAddress, 0, "410D32", kwp2000.Right},
		{"length in its own byte", "80 F1 18 03 7F 21 12 3E", kwp2000.Physical, 0x18, "7F2112", kwp2000.Right},
		{"length in its own byte, without address", "00 02 41 0D 50", kwp2000.NoAddress, 0, "410D", kwp2000.Right},
		{"header of ISO 9141-2", "48 6B 28 41 0D 00 29", kwp2000.CARB, 0x28, "410D00", kwp2000.Right},
		{"stray byte behind", "84 F1 11 41 0C 0F A0 82 AA", kwp2000.Physical, 0x11, "410C0FA0", kwp2000.Right},
		{"wrong checksum", "84 F1 11 41 0C 0F A0 FF", kwp2000.Physical, 0x11, "410C0FA0", kwp2000.Wrong},
		{"no checksum", "84 F1 11 41 0C 0F A0", kwp2000.Physical, 0x11, "410C0FA0", kwp2000.Missing},
		{"length with the checksum", "84 13 51 7E A1 23 2A", kwp2000.Physical, 0x51, "7EA123", kwp2000.Right},
	} {
		m, err := kwp2000.Parse(wire(t, row.line))
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if m.Mode != row.mode || m.Source != row.source || !bytes.Equal(m.Data, wire(t, row.data)) || m.Sum != row.sum {
			t.Errorf("%s: %+v", row.name, m)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for name, line := range map[string]string{
		"nothing":                 "",
		"one byte":                "84",
		"header alone":            "84 F1 11",
		"data cut":                "86 F1 11 41 00 BE",
		"length byte missing":     "80 F1 11",
		"length 0":                "80 F1 11 00 82",
		"CARB, too short":         "48 6B 10 B3",
		"CARB, long without CRC":  "48 6B 10 41 00 00 01 02 03 04 05 FF",
		"no address, data cut":    "05 41 00",
		"no address, length zero": "00 00 00",
	} {
		if m, err := kwp2000.Parse(wire(t, line)); !errors.Is(err, kwp2000.ErrLine) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	for _, m := range []kwp2000.Message{
		{Mode: kwp2000.Physical},
		{Mode: kwp2000.Physical, Data: make([]byte, 256)},
		{Mode: kwp2000.CARB, Data: []byte{1}},
	} {
		if _, err := m.Append(nil); err == nil {
			t.Errorf("%d bytes in mode %d were built", len(m.Data), m.Mode)
		}
	}
}

// FuzzRoundTrip reads hostile lines, and what it could read it builds and reads again.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{"84 F1 11 41 0C 0F A0 82", "80 F1 18 03 7F 21 12 3E", "03 41 0D 32 83", "48 6B 28 41 0D 00 29"} {
		f.Add(wire(f, s))
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := kwp2000.Parse(line)
		if err != nil || m.Mode == kwp2000.CARB {
			return
		}
		built, err := m.Append(nil)
		if err != nil {
			t.Fatalf("build %+v: %v", m, err)
		}
		back, err := kwp2000.Parse(built)
		if err != nil || back.Sum != kwp2000.Right || !bytes.Equal(back.Data, m.Data) || back.Source != m.Source || back.Target != m.Target || back.Mode != m.Mode {
			t.Fatalf("%+v became %+v, %v", m, back, err)
		}
	})
}
