package diag_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/catalog/module"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// FuzzUDS: whatever a car answers that does not know service 01, every part of a scan ends, in bounded requests.
func FuzzUDS(f *testing.F) {
	f.Add([]byte{1, 0x40, 0, 0x11, 1, 4, 2, 2, 0xFF})
	f.Add([]byte{1, 0, 3, 0x62, 0xF8, 0x10, 2})
	f.Add([]byte{2, 4, 9, 0xFF, 3, 1, 0x11, 0x2F, 1, 1, 0xF4, 0x0C, 5, 40})
	f.Fuzz(func(t *testing.T, script []byte) {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			defer cancel()
			l := &deafTo01{Liar: diagtest.Liar{Script: script, Protocol: obd.CAN11x500}}
			tester := diag.New(l, catalog.Builtin(), dtc.Builtin(), diag.Options{})
			_, _, _ = tester.Supported(ctx, obd.ServiceCurrentData)
			_, _, _ = tester.VIN(ctx)
			_, _, _ = tester.Readiness(ctx)
			for _, kind := range []obd.CodeKind{obd.Stored, obd.Pending, obd.Permanent} {
				codes, _, _ := tester.Codes(ctx, kind)
				for _, c := range codes {
					if c.Code == "" || c.Kind != kind {
						t.Errorf("code %+v", c)
					}
				}
			}
			_, _, _ = tester.FreezeFrames(ctx)
			_, _, _ = tester.MonitorTests(ctx)
			_, _, _ = tester.ReadAll(ctx)
			_, _, _ = tester.VehicleInfo(ctx)
			_, _ = tester.Clear(ctx, true)
			maker, _ := module.ForVIN("WVWZZZ1KZ8W000001")
			_, _ = tester.Discover(ctx, diag.Discovery{Places: maker.Modules, Codes: true})
			if ctx.Err() != nil || l.Requests > 20000 {
				t.Errorf("no end after %d requests", l.Requests)
			}
		})
	})
}

// deafTo01 is a liar that says nothing to service 01.
type deafTo01 struct{ diagtest.Liar }

// Exchange answers everything but service 01.
func (d *deafTo01) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	if req.Service() == obd.ServiceCurrentData {
		return nil, link.ErrNoReply
	}
	return d.Liar.Exchange(ctx, req)
}
