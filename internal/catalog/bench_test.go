package catalog_test

import (
	"os"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/obd"
)

// BenchmarkDecode decodes ordinary replies: one number, two numbers, five with presence bits, 43 flags.
func BenchmarkDecode(b *testing.B) {
	for _, row := range []struct {
		name string
		pid  uint16
		data []byte
	}{
		{"0C", 0x0C, []byte{0x1A, 0xF8}},
		{"14", 0x14, []byte{0x5B, 0x7F}},
		{"03-states", 0x03, []byte{0x02, 0x00}},
		{"66-presence", 0x66, []byte{0x01, 0x03, 0x20, 0, 0}},
		{"01-flags", 0x01, []byte{0x81, 0x07, 0xE5, 0x04}},
	} {
		c := catalog.Builtin().Command(obd.ServiceCurrentData, row.pid)
		b.Run(row.name, func(b *testing.B) {
			dst := make([]catalog.Value, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				var err error
				if dst, err = c.Decode(dst[:0], row.data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoad reads the whole catalogue, as the first command of a program does.
func BenchmarkLoad(b *testing.B) {
	data, err := os.ReadFile("data/packed.bin")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := catalog.Unpack(data); err != nil {
			b.Fatal(err)
		}
	}
}

func TestDecodeDoesNotAllocate(t *testing.T) {
	c := catalog.Builtin().Command(obd.ServiceCurrentData, 0x66)
	dst := make([]catalog.Value, 0, 8)
	data := []byte{0x01, 0x03, 0x20, 0, 0}
	if n := testing.AllocsPerRun(100, func() { dst, _ = c.Decode(dst[:0], data) }); n != 0 {
		t.Errorf("%v allocations a reply", n)
	}
}
