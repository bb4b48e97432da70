package diag_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
)

// FuzzPoller: whatever a car answers, polling goes on, never faster than once per answer, and ends with its context.
func FuzzPoller(f *testing.F) {
	f.Add([]byte{1, 4, 4, 0xFF, 0xFF, 0xFF, 0xFF})
	f.Add([]byte{1, 4, 5, 0, 0x0C, 0x1A, 0xF8, 0x0D, 0x20})
	f.Add([]byte{0, 0, 0, 1, 0x24, 9, 1, 2, 3})
	f.Fuzz(func(t *testing.T, script []byte) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			l := &diagtest.Liar{Script: script, Protocol: obd.CAN11x500, Latency: 50 * time.Millisecond}
			tester := diag.New(l, catalog.Builtin(), dtc.Builtin(), diag.Options{})
			if _, _, err := tester.Supported(ctx, obd.ServiceCurrentData); err != nil && ctx.Err() == nil {
				t.Fatal(err)
			}
			wants, err := tester.Wants(0, "RPM", "VSS", "ECT", "LOAD_PCT", "O2S11", "MAF", "IAT", "VPWR")
			if err != nil {
				t.Fatal(err)
			}
			wants[2].ECU = obd.CAN11(0x7E9)
			p, err := tester.Poller(diag.PollerOptions{Wants: wants})
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
			for _, r := range p.Rates() {
				if r.Achieved < 0 || r.Samples < 0 {
					t.Errorf("%+v", r)
				}
			}
		})
	})
}
