package isotp_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

func BenchmarkCollectVIN(b *testing.B) {
	frames, err := isotp.Segment([]byte("\x49\x02\x01ZZZTEST0000000001"), isotp.OBD())
	if err != nil {
		b.Fatal(err)
	}
	var c isotp.Collector
	from := obd.CAN11(0x7E8)
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range frames {
			if err := c.Add(from, f); err != nil {
				b.Fatal(err)
			}
		}
		if m := c.Messages(); m[0].Err != nil {
			b.Fatal(m[0].Err)
		}
	}
}

func BenchmarkReassembleVIN(b *testing.B) {
	frames, err := isotp.Segment([]byte("\x49\x02\x01ZZZTEST0000000001"), isotp.OBD())
	if err != nil {
		b.Fatal(err)
	}
	var r isotp.Reassembler
	b.ReportAllocs()
	for b.Loop() {
		for _, f := range frames {
			if _, err := r.Push(engine, f, noon); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkParseSingle(b *testing.B) {
	frame := []byte{4, 0x41, 0x0C, 0x1A, 0xF8, 0, 0, 0}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := isotp.Parse(frame, isotp.Normal); err != nil {
			b.Fatal(err)
		}
	}
}
