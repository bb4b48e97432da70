package j1979_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

func TestParseFreezeCode(t *testing.T) {
	for _, row := range []struct {
		name, data string
		frame      byte
		want       string
		broken     bool
	}{
		{"code", "42 02 00 03 01", 0, "P0301", false},
		{"code and a pad byte", "42 02 00 03 01 00", 0, "P0301", false},
		{"second frame", "42 02 01 D2 18", 1, "U1218", false},
		{"no frame", "42 02 00 00 00", 0, "", false},
		{"frame number left out", "42 02 03 01", 0, "P0301", false},
		{"frame number left out, code starts as it", "42 02 00 16", 0, "P0016", false},
		{"short", "42 02 00", 0, "", true},
		{"another PID", "42 0C 00 03 01", 0, "", true},
		{"another service", "41 02 03 01", 0, "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := j1979.ParseFreezeCode(wire(t, row.data), row.frame)
			if got != row.want || errors.Is(err, j1979.ErrMalformed) != row.broken {
				t.Errorf("ParseFreezeCode(%s) = %q, %v, want %q, broken %v", row.data, got, err, row.want, row.broken)
			}
		})
	}
}

func TestParseFreeze(t *testing.T) {
	for _, row := range []struct {
		data   string
		pid    byte
		length int
		want   string
	}{
		{"42 0C 00 1A F8", 0x0C, 2, "1A F8"},
		{"42 0C 1A F8", 0x0C, 2, "1A F8"},
		{"42 0C 00 1A F8 AA AA", 0x0C, 2, "1A F8"},
		{"42 05 00 4D", 0x05, 1, "4D"},
		{"42 05 4D", 0x05, 1, "4D"},
		{"42 99 00 4D 4E", 0x99, 0, "4D 4E"},
	} {
		got, err := j1979.ParseFreeze(wire(t, row.data), row.pid, 0, row.length)
		if err != nil || !bytes.Equal(got, wire(t, row.want)) {
			t.Errorf("ParseFreeze(%s) = % X, %v, want %s", row.data, got, err, row.want)
		}
	}
}

func FuzzParseFreeze(f *testing.F) {
	f.Add([]byte{0x1A, 0xF8}, byte(0x0C), byte(0), byte(1))
	f.Fuzz(func(t *testing.T, payload []byte, pid, frame, pad byte) {
		j1979.ParseFreeze(payload, pid, frame, int(pad))
		j1979.ParseFreezeCode(payload, frame)
		if len(payload) == 0 {
			return
		}
		data := append([]byte{byte(obd.ServiceFreezeFrame) + 0x40, pid, frame}, payload...)
		data = append(data, make([]byte, pad%6)...)
		got, err := j1979.ParseFreeze(data, pid, frame, len(payload))
		if err != nil || !bytes.Equal(got, payload) {
			t.Fatalf("ParseFreeze(% X) = % X, %v", data, got, err)
		}
	})
}
