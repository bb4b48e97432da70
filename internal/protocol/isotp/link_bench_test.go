package isotp_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/link/linktest"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// polling asks one PID again and again for a second and holds the rate against what the bus and the ECU
// allow: both frames on the wire and the ECU's latency.
func polling(t *testing.T, latency time.Duration, target obd.Address) (rate, limit float64) {
	const bitrate = 500_000
	w := linktest.NewWire(bitrate)
	ecu(t, w, engineRule, rule{on: "7", reply: []string{latency.String(), "7E8#04410C1AF8000000"}})
	l, err := isotp.Dial(t.Context(), w.Node("tester"), isotp.Options{Protocol: obd.CAN11x500})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	req := link.Request{Target: target, Data: []byte{0x01, 0x0C}}
	for range 2 { // learns who answers
		if _, err := l.Exchange(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	n, start := 0, time.Now()
	for time.Since(start) < time.Second {
		if _, err := l.Exchange(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		n++
	}
	full := can.New(0x7E0, 0, 0, 0, 0, 0, 0, 0, 0)
	ideal := 2*linktest.Time(&full, bitrate) + latency
	return float64(n) / time.Since(start).Seconds(), 1 / ideal.Seconds()
}

// latencies are those of FIELD_NOTES' model, and of an ECU that needs no time at all.
func latencies() []time.Duration {
	return []time.Duration{0, 5 * time.Millisecond, 15 * time.Millisecond}
}

func TestPollingReachesTheLimit(t *testing.T) {
	for _, latency := range latencies() {
		for _, target := range []obd.Address{obd.Functional, obd.CAN11(0x7E8)} {
			synctest.Test(t, func(t *testing.T) {
				rate, limit := polling(t, latency, target)
				t.Logf("latency %s, to %q: %.0f of %.0f a second", latency, target, rate, limit)
				if rate < 0.9*limit {
					t.Errorf("latency %s, to %q: %.0f a second, the limit is %.0f", latency, target, rate, limit)
				}
			})
		}
	}
}

// BenchmarkPolling prints the rate in virtual time and its part of the limit.
func BenchmarkPolling(b *testing.B) {
	every := func(string, string) (bool, error) { return true, nil }
	for _, latency := range latencies() {
		b.Run(fmt.Sprint(latency), func(b *testing.B) {
			var rate, limit float64
			for b.Loop() {
				f := func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { rate, limit = polling(t, latency, obd.Functional) })
				}
				if !testing.RunTests(every, []testing.InternalTest{{Name: b.Name(), F: f}}) {
					b.Fatal("failed in virtual time")
				}
			}
			b.ReportMetric(rate, "requests/s")
			b.ReportMetric(rate/limit, "of-limit")
		})
	}
}

// fullBus is how many full 11-bit frames 500 kbit/s carry in a second.
const fullBus = 3700

// endless is a bus on which ECUs send long messages without a pause: no frame waits for anything.
type endless struct {
	frames []can.Frame
	at     int
}

func (e *endless) Receive(context.Context) (can.Frame, error) {
	f := e.frames[e.at]
	e.at = (e.at + 1) % len(e.frames)
	return f, nil
}
func (e *endless) Send(context.Context, can.Frame) error { return nil }
func (e *endless) Close() error                          { return nil }
func (e *endless) Name() string                          { return "endless" }

// BenchmarkFullBus puts together a full bus of eight ECUs' interleaved answers, one frame an operation, and
// prints what part of one core a full bus takes.
func BenchmarkFullBus(b *testing.B) {
	var frames []can.Frame
	data := make([]byte, 200)
	parts, err := isotp.Segment(append([]byte{0x62, 0xF1, 0x90}, data...), isotp.OBD())
	if err != nil {
		b.Fatal(err)
	}
	for _, part := range parts {
		for ecu := range can.ID(8) {
			frames = append(frames, can.New(0x7E8+ecu, part...))
		}
	}
	bus := isotp.Guard(&endless{frames: frames}, link.ReadOnly())
	r := &isotp.Reassembler{}
	messages := 0
	b.ReportAllocs()
	for b.Loop() {
		f, err := bus.Receive(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		res, err := r.Push(obd.CAN11(uint32(f.ID)), f.Payload(), time.Time{})
		if err != nil {
			b.Fatal(err)
		}
		if res.Reply {
			flow := can.New(f.ID-8, isotp.AppendFlow(make([]byte, 0, 8), res.Flow, isotp.OBD())...)
			if err := bus.Send(context.Background(), flow); err != nil {
				b.Fatal(err)
			}
		}
		if res.Done {
			messages++
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)*fullBus*100, "%-of-a-core")
}

// BenchmarkFullBusLink is the same through the whole dialogue, waits and deadlines included.
func BenchmarkFullBusLink(b *testing.B) {
	var frames []can.Frame
	parts, err := isotp.Segment(append([]byte{0x62, 0xF1, 0x90}, make([]byte, 200)...), isotp.OBD())
	if err != nil {
		b.Fatal(err)
	}
	for _, part := range parts {
		for ecu := range can.ID(8) {
			frames = append(frames, can.New(0x7E8+ecu, part...))
		}
	}
	bus := &drained{endless: &endless{frames: frames}}
	l := isotp.Attach(bus, isotp.Options{Protocol: obd.CAN11x500})
	exchanges := 0
	for b.Loop() {
		bus.at, bus.over = 0, false
		replies, err := l.Exchange(context.Background(), link.Request{Data: []byte{0x22, 0xF1, 0x90}})
		if err != nil || len(replies) == 0 {
			b.Fatal(replies, err)
		}
		exchanges++
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(exchanges)/float64(len(frames))*fullBus*100, "%-of-a-core")
}

// drained is a bus that has nothing when nobody waits, and falls silent at the end of its frames.
type drained struct {
	*endless
	over bool
}

func (d *drained) Receive(ctx context.Context) (can.Frame, error) {
	if ctx.Err() != nil && (d.at == 0 || d.over) {
		return can.Frame{}, ctx.Err()
	}
	if d.over {
		d.over = false
		return can.Frame{}, context.DeadlineExceeded
	}
	f, err := d.endless.Receive(ctx)
	d.over = d.at == 0
	return f, err
}
