package scan_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
	"github.com/fleetms/obdctl/internal/scan"
)

// The adapter's part of the model of a request, as the simulator has it: from the carriage return to the
// request on the bus, and from flow control to the last frame of a reply of several frames.
const (
	adapterTime = 2 * time.Millisecond
	severalTime = 3 * time.Millisecond
	ecuTime     = 5 * time.Millisecond
)

// polled are six PIDs that engine and transmission of the four-ECU car both have.
var polled = []string{"RPM", "VSS", "ECT", "LOAD_PCT", "RUNTM", "VPWR"}

var speeds = []int{38400, 115200, 500000}

// course is one measurement of the poller.
type course struct {
	baud int
	ecus []obd.Address
}

func courses() (all []course) {
	for _, baud := range speeds {
		all = append(all,
			course{baud, []obd.Address{obd.CAN11(0x7E8)}},
			course{baud, []obd.Address{obd.CAN11(0x7E8), obd.CAN11(0x7E9)}})
	}
	return all
}

func (c course) String() string { return fmt.Sprintf("%dbaud-%dECU", c.baud, len(c.ecus)) }

// counting counts the bytes that pass a port.
type counting struct {
	link.Port
	bytes int
}

func (c *counting) Write(b []byte) (int, error) { c.bytes += len(b); return c.Port.Write(b) }

func (c *counting) Read(b []byte) (int, error) {
	n, err := c.Port.Read(b)
	c.bytes += n
	return n, err
}

// result is what a course gave.
type result struct {
	perSecond float64 // PIDs, of all ECUs
	limit     float64 // PIDs per second that the model allows
}

func (r result) ratio() float64 { return r.perSecond / r.limit }

// run polls for a time and holds the rate against the physical limit: the bytes of one request and its
// answers at ten bits each, the ECU's latency, and the adapter's own time.
func (c course) run(t testing.TB, d time.Duration) result {
	address := fmt.Sprintf("sim:four-ecu?baud=%d&ecu_latency=%s", c.baud, ecuTime)
	raw, err := simulator.Open(context.Background(), address)
	if err != nil {
		t.Fatal(err)
	}
	port := &counting{Port: raw}
	l, err := elm327.Dial(context.Background(), port, elm327.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tester := equip(l, diag.Options{})
	if _, _, err := tester.Supported(context.Background(), obd.ServiceCurrentData); err != nil {
		t.Fatal(err)
	}
	var wants []diag.Want
	for _, ecu := range c.ecus {
		w, err := tester.Wants(0, polled...)
		if err != nil {
			t.Fatal(err)
		}
		for i := range w {
			w[i].ECU = ecu
		}
		wants = append(wants, w...)
	}
	return c.poll(t, tester, port, wants, d)
}

func (c course) poll(t testing.TB, tester *diag.Tester, port *counting, wants []diag.Want, d time.Duration) result {
	const warmUp = 20 // requests until lengths and waits are learned
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	requests, pids := 0, 0
	var start, end time.Time
	var before int
	p, err := tester.Poller(diag.PollerOptions{Wants: wants, Emit: func(s diag.Sample) {
		if requests++; requests == warmUp {
			start, before = time.Now(), port.bytes
			return
		}
		if requests > warmUp {
			pids += len(s.Readings)
			if end = time.Now(); end.Sub(start) >= d {
				cancel()
			}
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(ctx); ctx.Err() == nil {
		t.Fatal(err)
	}
	took := end.Sub(start)
	exchanges := requests - warmUp
	bytes := float64(port.bytes-before) / float64(exchanges)
	ideal := bytes*10/float64(c.baud) + (ecuTime + adapterTime + severalTime).Seconds()
	return result{
		perSecond: float64(pids) / took.Seconds(),
		limit:     float64(len(polled)*len(c.ecus)) / ideal,
	}
}

// TestPollerReachesThePhysicalLimit runs in virtual time: what the machine does meanwhile does not count.
func TestPollerReachesThePhysicalLimit(t *testing.T) {
	for _, c := range courses() {
		t.Run(c.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := c.run(t, 3*time.Second)
				t.Logf("%.0f PIDs/s of %.0f: %.3f", r.perSecond, r.limit, r.ratio())
				if r.ratio() < 0.9 {
					t.Errorf("%.0f PIDs/s are %.2f of the limit of %.0f", r.perSecond, r.ratio(), r.limit)
				}
			})
		})
	}
}

// virtual runs f in virtual time within a benchmark.
func virtual(b *testing.B, f func(t *testing.T)) {
	every := func(string, string) (bool, error) { return true, nil }
	if !testing.RunTests(every, []testing.InternalTest{{Name: b.Name(), F: func(t *testing.T) { synctest.Test(t, f) }}}) {
		b.Fatal("failed in virtual time")
	}
}

// BenchmarkPoller prints the rates in virtual time, which the test above demands, and in real time, the
// work of this machine for poller, adapter and car included.
func BenchmarkPoller(b *testing.B) {
	for _, c := range courses() {
		b.Run(c.String(), func(b *testing.B) {
			var exact, timed result
			virtual(b, func(t *testing.T) { exact = c.run(t, 3*time.Second) })
			for b.Loop() {
				timed = c.run(b, time.Second)
			}
			b.ReportMetric(exact.perSecond, "PIDs/s")
			b.ReportMetric(exact.ratio(), "of-limit")
			b.ReportMetric(timed.ratio(), "of-limit-real")
		})
	}
}

// plain is a link without hints, as a simple tool uses it.
type plain struct{ link.Link }

func (p plain) Exchange(ctx context.Context, r link.Request) ([]link.Reply, error) {
	r.Frames = 0
	return p.Link.Exchange(ctx, r)
}

// scanTime is how long the full scan of the four-ECU car takes, with all we know or one PID at a time.
func scanTime(t testing.TB, baud int, simple bool) time.Duration {
	l, err := dial(t, fmt.Sprintf("sim:four-ecu?baud=%d", baud))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	tester := equip(l, diag.Options{})
	if simple {
		tester = equip(plain{l}, diag.Options{Batch: 1})
	}
	start := time.Now()
	s, err := scan.Run(context.Background(), tester, scan.Options{})
	if err != nil || len(s.Codes) != 7 || len(s.FreezeFrames) != 3 {
		t.Fatalf("%d codes, %d frames, %v", len(s.Codes), len(s.FreezeFrames), err)
	}
	return time.Since(start)
}

func TestFullScanTakesLessThanHalf(t *testing.T) {
	for _, baud := range speeds {
		synctest.Test(t, func(t *testing.T) {
			ours, simple := scanTime(t, baud, false), scanTime(t, baud, true)
			t.Logf("%d baud: %v of %v: %.2f", baud, ours, simple, ours.Seconds()/simple.Seconds())
			if ours*2 >= simple {
				t.Errorf("%d baud: %v, one PID at a time %v", baud, ours, simple)
			}
		})
	}
}

// BenchmarkFullScan prints the time of a scan in virtual time and in real time, and what part it is of
// the time that one PID at a time takes.
func BenchmarkFullScan(b *testing.B) {
	for _, baud := range speeds {
		b.Run(fmt.Sprintf("%dbaud", baud), func(b *testing.B) {
			var ours, simple, timed time.Duration
			virtual(b, func(t *testing.T) { ours, simple = scanTime(t, baud, false), scanTime(t, baud, true) })
			for b.Loop() {
				timed = scanTime(b, baud, false)
			}
			b.ReportMetric(ours.Seconds(), "s/scan")
			b.ReportMetric(timed.Seconds(), "s/scan-real")
			b.ReportMetric(ours.Seconds()/simple.Seconds(), "of-one-by-one")
		})
	}
}
