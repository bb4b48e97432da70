package scan_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
)

// endless never comes to an end with monitor tests, as an ECU that asks for more time again and again.
type endless struct{ *diagtest.Car }

func (e endless) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	if req.Service() == obd.ServiceMonitorTests {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return e.Car.Exchange(ctx, req)
}

func TestAStepWithoutEndCostsOnlyItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tester := diag.New(endless{diagtest.Petrol()}, catalog.Builtin(), dtc.Builtin(), diag.Options{})
		s, err := scan.Run(t.Context(), tester, scan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(s.Unread, func(u obd.Unread) bool {
			return u.Step == obd.StepTests && u.Reason == obd.StillPending
		})
		if !told || len(s.Readings) == 0 || slices.Contains(s.Complete, obd.StepTests) {
			t.Errorf("unread %+v, %d readings, complete %v", s.Unread, len(s.Readings), s.Complete)
		}
	})
}
