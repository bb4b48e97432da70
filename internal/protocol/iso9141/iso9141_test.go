package iso9141_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/iso9141"
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
		source     byte
		data       string
		right      bool
	}{
		{"supported PIDs", "48 6B 12 41 00 BE 1F E8 10 DB", 0x12, "4100BE1FE810", true},
		{"three codes", "48 6B 10 43 01 71 03 00 00 00 7B", 0x10, "43017103000000", true},
		{"codes cleared", "48 6B 10 44 07", 0x10, "44", true},
		{"stray byte behind", "48 6B 10 41 0D 00 11 AA", 0x10, "410D00", true},
		{"wrong checksum", "48 6B 10 41 0D 00 FF", 0x10, "410D00", false},
	} {
		m, err := iso9141.Parse(wire(t, row.line))
		if err != nil || m.Source != row.source || !bytes.Equal(m.Data, wire(t, row.data)) || m.Right != row.right {
			t.Errorf("%s: %+v, %v", row.name, m, err)
		}
	}
	for name, line := range map[string]string{
		"nothing":                   "",
		"header and checksum":       "48 6B 10 C3",
		"eight bytes, wrong at end": "48 6B 10 41 00 00 01 02 03 04 05 FF",
	} {
		if m, err := iso9141.Parse(wire(t, line)); !errors.Is(err, iso9141.ErrLine) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// FuzzRoundTrip reads hostile lines, and what it could read it builds and reads again.
func FuzzRoundTrip(f *testing.F) {
	f.Add(wire(f, "48 6B 12 41 00 BE 1F E8 10 DB"))
	f.Add(wire(f, "48 6B 10 41 0D 00 11 AA"))
	f.Fuzz(func(t *testing.T, line []byte) {
		m, err := iso9141.Parse(line)
		if err != nil {
			return
		}
		back, err := iso9141.Parse(m.Append(nil))
		if err != nil || !back.Right || back.Type != m.Type || back.Target != m.Target || back.Source != m.Source || !bytes.Equal(back.Data, m.Data) {
			t.Fatalf("%+v became %+v, %v", m, back, err)
		}
	})
}
