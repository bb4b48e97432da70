package j1979_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

func TestParseCodes(t *testing.T) {
	can, kwp, vpw, guess := obd.CAN11x500, obd.KWPFast, obd.J1850VPW, obd.ProtocolUnknown
	for _, row := range []struct {
		name     string
		protocol obd.Protocol
		data     string
		want     string
		broken   bool
	}{
		{"none, service byte only", can, "43", "", false},
		{"none, service byte only, K-line", kwp, "43", "", false},
		{"none, count zero", can, "43 00", "", false},
		{"none, count zero on a K-line adapter", kwp, "43 00", "", false},
		{"none, a line of zeros", vpw, "43 00 00 00 00 00 00", "", false},
		{"none, a line of zeros from CAN", can, "43 00 00 00 00 00 00", "", false},
		{"none, padded with AA", can, "43 00 AA AA AA AA AA", "", false},
		{"none, line unknown", guess, "43 00 00 00 00 00 00", "", false},
		{"none, padded, line unknown", guess, "43 00 AA AA AA AA AA", "", false},
		{"one, counted", can, "43 01 D2 18", "U1218", false},
		{"one, counted, padded", can, "43 01 03 01 00 00 00", "P0301", false},
		{"one of three places", vpw, "43 01 33 00 00 00 00", "P0133", false},
		{"one of three places, line unknown", guess, "43 01 33 00 00 00 00", "P0133", false},
		{"counted, line unknown", guess, "43 02 01 33 42 44", "P0133 C0244", false},
		{"counted and padded, line unknown", guess, "43 01 03 01 55", "P0301", false},
		{"two joined lines", kwp, "43 01 33 02 44 83 55 04 20 00 00 00 00", "P0133 P0244 B0355 P0420", false},
		{"pending", can, "47 02 01 71 01 74", "P0171 P0174", false},
		{"permanent", can, "4A 01 04 20", "P0420", false},
		{"the same code twice", can, "43 02 03 01 03 01", "P0301", false},
		{"zero code inside the count", can, "43 03 03 01 00 00 00 00", "P0301", false},
		{"count says more than came", can, "43 03 01 33 02 44 03", "P0133 P0244", true},
		{"cut in the middle", can, "43 03 01 33 02 44", "P0133 P0244", true},
		{"more than the count says", can, "43 01 01 33 02 44", "P0133", true},
		{"K-line, counted by the adapter", kwp, "43 02 01 33 02 44", "P0133 P0244", false},
		{"K-line, odd and not counted", kwp, "43 01 33 02 44 05", "P0133 P0244", true},
		{"another service", can, "41 00", "", true},
		{"nothing", can, "", "", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := j1979.ParseCodes(row.protocol, wire(t, row.data))
			if strings.Join(got, " ") != row.want || errors.Is(err, j1979.ErrMalformed) != row.broken {
				t.Errorf("ParseCodes(%s, %s) = %v, %v, want %q, broken %v", row.protocol, row.data, got, err, row.want, row.broken)
			}
		})
	}
}

// FuzzParseCodes builds well-formed replies of both shapes and reads them back, then reads the bytes as they are.
func FuzzParseCodes(f *testing.F) {
	f.Add([]byte{0x01, 0x33, 0x02, 0x44}, uint8(obd.CAN11x500))
	f.Add([]byte{0xD2, 0x18}, uint8(obd.ISO9141))
	f.Fuzz(func(t *testing.T, raw []byte, protocol uint8) {
		p := obd.Protocol(protocol % 14)
		j1979.ParseCodes(p, raw)
		raw = raw[:min(len(raw)/2*2, 500)]
		var want []string
		for i := 0; i < len(raw); i += 2 {
			code := obd.FormatDTC(raw[i], raw[i+1])
			if code != "P0000" && !slices.Contains(want, code) {
				want = append(want, code)
			}
		}
		data := append([]byte{0x43}, raw...)
		if p.IsCAN() || p == obd.DoIP || p == obd.ProtocolUnknown {
			data = append([]byte{0x43, byte(len(raw) / 2)}, raw...)
		}
		got, err := j1979.ParseCodes(p, data)
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("ParseCodes(%s, % X) = %v, %v, want %v", p, data, got, err, want)
		}
	})
}
