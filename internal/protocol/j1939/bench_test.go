package j1939_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// BenchmarkFullBus puts together the frames of one second of a full line: half of them single messages, half
// packets of broadcasts. The metric is the share of one core that a full line of 500 kbit/s takes.
func BenchmarkFullBus(b *testing.B) {
	const perSecond = 3700
	var frames []can.Frame
	for i := 0; len(frames) < perSecond; i++ {
		source := uint32(i % 20)
		frames = append(frames, frame(0x1CECFF00|source, "20160004FFCAFE00"))
		for n := 1; n <= 4; n++ {
			f := frame(0x1CEBFF00|source, "0001020304050607")
			f.Data[0] = byte(n)
			frames = append(frames, f, frame(0x0CF00400|source, "0102030405060708"))
		}
	}
	m := j1939.NewMachine(j1939.Settings{})
	b.ReportAllocs()
	for b.Loop() {
		for i := range frames {
			m.Handle(noon, &frames[i])
			m.Messages()
		}
	}
	perRound := b.Elapsed().Seconds() / float64(b.N) / float64(len(frames)) * perSecond
	b.ReportMetric(100*perRound, "%core")
}
