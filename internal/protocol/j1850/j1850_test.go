package j1850_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/j1850"
)

func wire(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatalf("wire bytes %q: %v", s, err)
	}
	return b
}

// The check value of CRC-8/SAE-J1850 over "123456789" in the catalogues of CRC algorithms.
func TestCRC(t *testing.T) {
	if got := j1850.CRC([]byte("123456789")); got != 0x4B {
		t.Errorf("CRC %02X, want 4B", got)
	}
}

// line puts the right CRC behind bytes.
func line(t testing.TB, s string) []byte {
	b := wire(t, s)
	return append(b, j1850.CRC(b))
}

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name     string
		line     []byte
		source   byte
		data     string
		response string
		right    bool
	}{
		{"VPW", line(t, "48 6B 10 41 0D 32"), 0x10, "410D32", "", true},
		{"PWM", line(t, "41 6B 18 41 0C 0F A0"), 0x18, "410C0FA0", "", true},
		{"in-frame response", append(line(t, "41 6B 10 41 0D 32"), 0xF1), 0x10, "410D32", "F1", true},
		{"in-frame response of two", append(line(t, "41 6B 10 41 0D 32"), 0xF1, 0x18), 0x10, "410D32", "F118", true},
		{"wrong CRC", wire(t, "48 6B 10 41 0D 32 00"), 0x10, "410D32", "", false},
		{"codes cleared", line(t, "48 6B 10 44"), 0x10, "44", "", true},
		{"longer than SAE J1979 allows", line(t, "48 6B 10 41 01 02 03 04 05 06 07 08"), 0x10, "410102030405060708", "", true},
	} {
		m, err := j1850.Parse(row.line)
		if err != nil || m.Source != row.source || !bytes.Equal(m.Data, wire(t, row.data)) || m.Right != row.right || !bytes.Equal(m.Response, wire(t, row.response)) {
			t.Errorf("%s: %+v, %v", row.name, m, err)
		}
	}
	for name, s := range map[string]string{
		"nothing":                   "",
		"header and CRC":            "48 6B 10 C3",
		"eight bytes, wrong at end": "48 6B 10 41 00 00 01 02 03 04 05 FF",
	} {
		if m, err := j1850.Parse(wire(t, s)); !errors.Is(err, j1850.ErrLine) {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// FuzzRoundTrip reads hostile lines, and what it could read it builds and reads again.
func FuzzRoundTrip(f *testing.F) {
	f.Add(line(f, "48 6B 10 41 0D 32"))
	f.Add(append(line(f, "41 6B 10 41 0D 32"), 0xF1))
	f.Fuzz(func(t *testing.T, s []byte) {
		m, err := j1850.Parse(s)
		if err != nil {
			return
		}
		back, err := j1850.Parse(m.Append(nil))
		if err != nil || !back.Right || back.Type != m.Type || back.Target != m.Target || back.Source != m.Source || !bytes.Equal(back.Data, m.Data) {
			t.Fatalf("%+v became %+v, %v", m, back, err)
		}
	})
}
