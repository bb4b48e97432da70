package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// units adds readings of one name in two units, of one vehicle and of two that are merged.
func units(t *testing.T, e Engine) {
	tenant := local(t, e)
	v, other := car(t, tenant, fleet.Vehicle{VIN: accord}), car(t, tenant, fleet.Vehicle{Label: "the same"})
	add := func(to fleet.Vehicle, after time.Duration, value float64, unit string) {
		update(t, tenant, func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Readings().Add(ctx, to.ID, []obd.Reading{{Signal: "OIL", At: morning.Add(after), Value: value, Unit: unit}})
			return err
		})
	}
	add(v, 0, 280, "kPa")
	add(v, time.Second, 3, "bar")
	add(v, time.Minute, 290, "kPa")
	add(v, time.Hour, 300, "") // nothing tells that it is another unit
	add(other, 2*time.Hour, 4, "bar")
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Merge(ctx, other.ID, v.ID) })
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		all, err := tx.Readings().Series(ctx, v.ID)
		got := map[string]int64{}
		for _, s := range all {
			got[s.Signal+" "+s.Unit] = s.Count
		}
		if diff := cmp.Diff(map[string]int64{"OIL kPa": 3, "OIL_BAR bar": 2}, got); diff != "" {
			t.Error(diff)
		}
		return err
	})
}
