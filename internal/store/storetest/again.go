package storetest

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// again deletes what was imported and takes it in once more.
func again(t *testing.T, e Engine) {
	tenant := local(t, e)
	v, other := car(t, tenant, fleet.Vehicle{VIN: accord}), car(t, tenant, fleet.Vehicle{VIN: golf})
	scan := save(t, tenant, diagnosis(golf, morning), other.ID)
	note := func(key string, vehicle uuid.UUID, scans int64) func(context.Context, store.Tx) error {
		return func(ctx context.Context, tx store.Tx) error {
			_, err := tx.Imports().Begin(ctx, &fleet.Import{Key: key, Name: key, VehicleID: vehicle, Scans: scans})
			return err
		}
	}
	update(t, tenant, note("log", v.ID, 0))
	update(t, tenant, note("many cars", uuid.Nil, 0))
	update(t, tenant, note("other log", other.ID, 0))
	update(t, tenant, note("other scan", other.ID, 1))
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Delete(ctx, v.ID) })
	fails(t, tenant, "an import of another vehicle", store.ErrExists, note("other scan", other.ID, 1))
	update(t, tenant, note("log", uuid.Nil, 0))
	update(t, tenant, note("many cars", uuid.Nil, 0))
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Scans().Delete(ctx, scan.ID) })
	fails(t, tenant, "an import without scans", store.ErrExists, note("other log", other.ID, 0))
	update(t, tenant, note("other scan", other.ID, 1))
}

// oddVIN saves scans whose VIN is written in another way than the vehicle's.
func oddVIN(t *testing.T, e Engine) {
	tenant := local(t, e)
	v, noVIN := car(t, tenant, fleet.Vehicle{VIN: accord}), car(t, tenant, fleet.Vehicle{Label: "tractor"})
	odd := " " + strings.ToLower(accord) + " "
	if info := save(t, tenant, diagnosis(odd, morning), uuid.Nil); info.VehicleID != v.ID {
		t.Errorf("%q is kept with %s, want %s", odd, info.VehicleID, v.ID)
	}
	if info := save(t, tenant, diagnosis(odd, morning), noVIN.ID); info.VehicleID != noVIN.ID {
		t.Errorf("%q is kept with %s, want %s as the person said", odd, info.VehicleID, noVIN.ID)
	}
}
