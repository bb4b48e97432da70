package j1979_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

func TestParseSupported(t *testing.T) {
	for _, row := range []struct {
		name, data string
		want       string
	}{
		{"current data", "41 00 BE 1F B8 10", "01 00 BE1FB810"},
		{"stray byte of a clone", "41 20 80 01 00 01 AA", "01 20 80010001"},
		{"freeze frame", "42 00 00 7E 1F 80 01", "02 00 7E1F8001"},
		{"freeze frame without its number", "42 00 7E 1F 80 01", "02 00 7E1F8001"},
		{"freeze frame without its number, padded", "42 00 7E 1F 80 01 00", "02 00 7E1F8001"},
		{"second bitmap of a freeze frame", "42 20 00 40 01 00 00", "02 20 40010000"},
		{"oxygen sensors", "45 00 01 FF C0 00 00", "05 00 FFC00000"},
		{"monitor tests on CAN", "46 00 C0 00 00 01", "06 00 C0000001"},
		{"monitor tests on an older line", "46 00 FF 7C 00 00 00", "06 00 7C000000"},
		{"vehicle information on CAN", "49 00 55 40 00 00", "09 00 55400000"},
		{"vehicle information, counted", "49 00 01 54 00 00 00", "09 00 54000000"},
		{"an emulator that has everything", "41 40 FF FF FF FF", "01 40 FFFFFFFF"},
		{"short", "41 00 BE 1F B8", "malformed reply"},
		{"not a bitmap", "41 0C 1A F8 00 00", "malformed reply"},
		{"codes", "43 00", "malformed reply"},
	} {
		t.Run(row.name, func(t *testing.T) {
			service, base, bits, err := j1979.ParseSupported(wire(t, row.data))
			got := fmt.Sprintf("%02X %02X %08X", uint8(service), base, bits)
			if err != nil {
				got = fmt.Sprint(err)[:len("malformed reply")]
			}
			if got != row.want {
				t.Errorf("ParseSupported(%s) = %s, want %s", row.data, got, row.want)
			}
		})
	}
}

func TestIDs(t *testing.T) {
	got := slices.Collect(j1979.IDs(0x20, 0x80000003))
	if !slices.Equal(got, []byte{0x21, 0x3F}) {
		t.Errorf("IDs = % X, want 21 3F", got)
	}
	if !j1979.HasNext(0x20, 1) || j1979.HasNext(0xE0, 1) || j1979.HasNext(0, 2) {
		t.Error("HasNext is wrong")
	}
}

func FuzzParseSupported(f *testing.F) {
	f.Add(uint32(0xBE1FB810), byte(0), byte(1), []byte{0x41, 0, 1, 2, 3, 4})
	f.Fuzz(func(t *testing.T, bits uint32, base, service byte, raw []byte) {
		j1979.ParseSupported(raw)
		base &= 0xE0
		s := obd.ServiceCurrentData
		data := binary.BigEndian.AppendUint32([]byte{0x41, base}, bits)
		if service%2 == 0 {
			s = obd.ServiceFreezeFrame
			data = binary.BigEndian.AppendUint32([]byte{0x42, base, 0}, bits)
		}
		gotService, gotBase, gotBits, err := j1979.ParseSupported(data)
		if err != nil || gotService != s || gotBase != base || gotBits != bits {
			t.Fatalf("ParseSupported(% X) = %v %02X %08X %v", data, gotService, gotBase, gotBits, err)
		}
		for id := range j1979.IDs(base, bits) {
			if id <= base || int(id) > int(base)+0x1F {
				t.Fatalf("id %02X of base %02X", id, base)
			}
		}
	})
}
