package diag_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
	"github.com/fleetms/obdctl/internal/protocol/j1939/j1939test"
)

// TestARollingTruckIsToldSo: 20 km/h by the wheels, with the engine off.
func TestARollingTruckIsToldSo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		nodes := truck()
		nodes[1].Groups[j1939.PGNCruise] = []byte{0xFF, 0x00, 0x14, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}
		nodes[0].Groups[j1939.PGNEngine1] = []byte{0, 0x7D, 0x7D, 0, 0, 0, 0, 0}
		allow := link.ReadOnly().With(obd.ServiceClear)
		l, err := j1939.Dial(t.Context(), j1939test.New(nodes...), j1939.Options{Allow: &allow})
		if err != nil {
			t.Fatal(err)
		}
		tester := diag.New(link.Guard(l, allow), catalog.Builtin(), dtc.Builtin(), diag.Options{})
		_, err = tester.Clear(t.Context(), true)
		if errs.KindOf(err) != errs.Denied || !strings.Contains(err.Error(), "vehicle is moving (20 km/h)") {
			t.Errorf("got %v", err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Second) // the timers of the nodes run out
	})
}
