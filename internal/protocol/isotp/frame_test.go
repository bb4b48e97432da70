package isotp_test

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// wire turns readable hexadecimal into bytes.
func wire(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatalf("wire bytes %q: %v", s, err)
	}
	return b
}

func TestParse(t *testing.T) {
	long := " 11 22 33 44 55 66 77 88"
	for _, row := range []struct {
		name, wire string
		addressing isotp.Addressing
		kind       isotp.Kind
		length     int
		data       string
	}{
		{"single", "02 01 0C", isotp.Normal, isotp.Single, 2, "010C"},
		{"single with padding", "03 41 0D 30 AA AA AA AA", isotp.Normal, isotp.Single, 3, "410D30"},
		{"single, full", "07 49 02 01 02 03 04 05", isotp.Normal, isotp.Single, 7, "49020102030405"},
		{"single of one byte", "01 44", isotp.Normal, isotp.Single, 1, "44"},
		{"single, extended", "F1 03 7F 22 31", isotp.Extended, isotp.Single, 3, "7F2231"},
		{"single on CAN FD", "00 09 62 F1 90 01 02 03 04 05 06 CC", isotp.Normal, isotp.Single, 9, "62F190010203040506"},
		{"first", "10 14 49 02 01 31 41 42", isotp.Normal, isotp.First, 20, "490201314142"},
		{"first, shorter than it could be", "10 07 62 F1 90 01 02 03", isotp.Normal, isotp.First, 7, "62F190010203"},
		{"first, long length", "10 00 00 00 10 00 36 01", isotp.Normal, isotp.First, 4096, "3601"},
		{"first, extended", "0F 10 0A 62 F1 90 01 02", isotp.Extended, isotp.First, 10, "62F1900102"},
		{"first on CAN FD", "10 20 62 F1 90" + long[:21], isotp.Normal, isotp.First, 32, ""},
		{"consecutive", "2F 01 02 03", isotp.Normal, isotp.Consecutive, 0, "010203"},
	} {
		f, err := isotp.Parse(wire(t, row.wire), row.addressing)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if f.Kind != row.kind || f.Length != row.length {
			t.Errorf("%s: kind %d, length %d, want %d, %d", row.name, f.Kind, f.Length, row.kind, row.length)
		}
		if got := strings.ToUpper(hex.EncodeToString(f.Data)); row.data != "" && got != row.data {
			t.Errorf("%s: data %s, want %s", row.name, got, row.data)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for name, row := range map[string]struct {
		wire       string
		addressing isotp.Addressing
		want       error
	}{
		"nothing":                         {"", isotp.Normal, isotp.ErrFrame},
		"only an address byte":            {"F1", isotp.Extended, isotp.ErrFrame},
		"single of length 0":              {"00 41 0C", isotp.Normal, isotp.ErrFrame},
		"single of length 8":              {"08 41 00 00 01 02 03 04", isotp.Normal, isotp.ErrFrame},
		"single of length 7, extended":    {"F1 07 41 00 00 01 02 03", isotp.Extended, isotp.ErrFrame},
		"nine bytes are no CAN frame":     {"08 41 00 00 01 02 03 04 05", isotp.Normal, isotp.ErrFrame},
		"single that lost bytes":          {"06 41 00 BE", isotp.Normal, isotp.ErrShort},
		"single on CAN FD that lost some": {"00 0B 62 F1 90 01 02 03 04 05 06 07", isotp.Normal, isotp.ErrShort},
		"short length on CAN FD":          {"03 62 F1 90 01 02 03 04 05 06 07 08", isotp.Normal, isotp.ErrFrame},
		"first without length":            {"10", isotp.Normal, isotp.ErrFrame},
		"first of length 5":               {"10 05 49 02 01 31 41 42", isotp.Normal, isotp.ErrFrame},
		"first that lost bytes":           {"10 14 49 02", isotp.Normal, isotp.ErrShort},
		"long length that need not be":    {"10 00 00 00 0F FF 36 01", isotp.Normal, isotp.ErrFrame},
		"long length of 4 GiB":            {"10 00 FF FF FF FF 36 01", isotp.Normal, isotp.ErrFrame},
		"flow control that lost bytes":    {"30 00", isotp.Normal, isotp.ErrFrame},
		"flow state 3":                    {"33 00 00", isotp.Normal, isotp.ErrFrame},
		"unknown type":                    {"40 00 00", isotp.Normal, isotp.ErrFrame},
	} {
		if _, err := isotp.Parse(wire(t, row.wire), row.addressing); !errors.Is(err, row.want) {
			t.Errorf("%s: error %v, want %v", name, err, row.want)
		}
	}
}
