package scan_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
	"github.com/fleetms/obdctl/internal/scan"
)

// truckLimit is how long a scan of a truck with three nodes may take on a line of 250 kbit/s.
const truckLimit = 3 * time.Second

// truckTime scans the simulated truck over its bus, every frame taking its time on the line.
func truckTime(t testing.TB) time.Duration {
	t.Helper()
	start := time.Now()
	bus, err := simulator.OpenBus(context.Background(), "sim:truck")
	if err != nil {
		t.Fatal(err)
	}
	l, err := j1939.Dial(context.Background(), bus, j1939.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s, err := scan.Run(context.Background(), equip(l, diag.Options{}), scan.Options{})
	if err != nil || s.Dialect != obd.DialectJ1939 || len(s.ECUs) != 3 || len(s.Codes) == 0 {
		t.Fatalf("%s, %d nodes, %d codes, %v", s.Dialect, len(s.ECUs), len(s.Codes), err)
	}
	return time.Since(start)
}

func TestTruckScanTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took := truckTime(t)
		t.Logf("%v, %.2f of the limit", took, took.Seconds()/truckLimit.Seconds())
		if took >= truckLimit {
			t.Errorf("the scan takes %v, want less than %v", took, truckLimit)
		}
	})
}

// BenchmarkTruckScan prints the time of a scan in virtual time and its part of the limit.
func BenchmarkTruckScan(b *testing.B) {
	var took time.Duration
	for b.Loop() {
		virtual(b, func(t *testing.T) { took = truckTime(t) })
	}
	b.ReportMetric(took.Seconds(), "s/scan")
	b.ReportMetric(took.Seconds()/truckLimit.Seconds(), "of-limit")
}
