package diag_test

import (
	"context"
	"errors"
	"testing"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// canned is a link that costs nothing: what remains is the poller's own work.
type canned struct{ replies []link.Reply }

func (c *canned) Exchange(context.Context, link.Request) ([]link.Reply, error) { return c.replies, nil }
func (c *canned) Describe() link.Description {
	return link.Description{Protocol: obd.CAN11x500, CountDigit: true}
}
func (c *canned) Close() error { return nil }

// samples polls six PIDs n times.
func samples(t testing.TB, n int) int {
	l := &canned{[]link.Reply{{ECU: engine, Frames: 3, Data: []byte{
		0x41, 0x0C, 0x1A, 0xF8, 0x0D, 0x32, 0x05, 0x7B, 0x04, 0x3F, 0x10, 0x01, 0x23, 0x0F, 0x37,
	}}}}
	tester := diag.New(l, catalog.Builtin(), dtc.Builtin(), diag.Options{})
	w, err := tester.Wants(0, "RPM", "VSS", "ECT", "LOAD_PCT", "MAF", "IAT")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	values := 0
	p, err := tester.Poller(diag.PollerOptions{Wants: w, Emit: func(s diag.Sample) {
		values += len(s.Readings)
		if n--; n == 0 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	return values
}

func TestPollerDoesNotAllocatePerSample(t *testing.T) {
	const few, many = 1000, 11000
	a := testing.AllocsPerRun(3, func() { samples(t, few) })
	b := testing.AllocsPerRun(3, func() { samples(t, many) })
	if per := (b - a) / (many - few); per > 0.01 {
		t.Errorf("%.2f allocations per sample", per)
	}
	if n := samples(t, 10); n != 60 {
		t.Errorf("%d values of 10 samples", n)
	}
}

func BenchmarkPollerSample(b *testing.B) {
	b.ReportAllocs()
	samples(b, b.N)
}
