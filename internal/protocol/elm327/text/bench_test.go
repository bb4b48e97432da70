package text_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

func benchmark(b *testing.B, command, raw string, f text.Format, request []byte, want int) {
	b.ReportAllocs()
	for b.Loop() {
		if r := text.Replies(text.Clean([]byte(raw), command), f, request); len(r) != want {
			b.Fatalf("%d replies", len(r))
		}
	}
}

func BenchmarkRepliesOneFrame(b *testing.B) {
	benchmark(b, "010C1", "7E804410C1AF8\r\r", text.Format{Protocol: obd.CAN11x500, Headers: true}, []byte{1, 0x0C}, 1)
}

func BenchmarkRepliesFourECUs(b *testing.B) {
	benchmark(b, "0104", "18DAF1100341041E\r18DAF1180341041F\r18DAF1280341040A\r18DAF1580341040B\r\r",
		text.Format{Protocol: obd.CAN29x500, Headers: true}, []byte{1, 4}, 4)
}

func BenchmarkRepliesVIN(b *testing.B) {
	benchmark(b, "0902", "7E81014490201313233\r7E82134353637383941\r7E8224455667788"+"99AA\r\r",
		text.Format{Protocol: obd.CAN11x500, Headers: true}, []byte{9, 2}, 1)
}

func BenchmarkRepliesISO9141(b *testing.B) {
	benchmark(b, "010D", "48 6B 10 41 0D 00 11 \r\r", text.Format{Protocol: obd.ISO9141, Headers: true}, []byte{1, 0x0D}, 1)
}
