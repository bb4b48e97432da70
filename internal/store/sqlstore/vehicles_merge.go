package sqlstore

import (
	"context"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
)

// Merge moves everything of one vehicle to another. What both have, as a reading of the same microsecond, is kept
// as the second one has it; a VIN or name that the second lacks is taken over.
func (t vehicles) Merge(ctx context.Context, from, into uuid.UUID) error {
	old, err := t.Get(ctx, from)
	if err != nil {
		return err
	}
	kept, err := t.Get(ctx, into)
	if err != nil {
		return err
	}
	switch {
	case old.ID == kept.ID:
		return errs.New(errs.Usage, "merge vehicle: both are the same one")
	case old.VIN != "" && kept.VIN != "" && old.VIN != kept.VIN:
		return errs.New(errs.BadInput, "merge vehicle: %s and %s are two vehicles", old.VIN, kept.VIN).WithHint("only entries of one vehicle can be merged; correct the VIN first if it is wrong")
	}
	if err := t.hide(ctx, "vehicles", "vehicle", old.ID); err != nil {
		return err
	}
	for have, take := range map[*string]string{&kept.VIN: old.VIN, &kept.Label: old.Label, &kept.Plate: old.Plate, &kept.Maker: old.Maker, &kept.Model: old.Model, &kept.Engine: old.Engine} {
		if *have == "" {
			*have = take
		}
	}
	if kept.ModelYear == 0 {
		kept.ModelYear = old.ModelYear
	}
	if kept.MassKg == nil {
		kept.MassKg = old.MassKg
	}
	if kept.CustomerID == nil {
		kept.CustomerID = old.CustomerID
	}
	if old.OdometerKm != nil && (kept.OdometerKm == nil || *kept.OdometerKm < *old.OdometerKm) {
		kept.OdometerKm = old.OdometerKm
	}
	if err := t.Put(ctx, &kept); err != nil {
		return err
	}
	return t.move(ctx, old.ID, kept.ID)
}

func (t vehicles) move(ctx context.Context, from, into uuid.UUID) error {
	for _, table := range []string{"scans", "scan_codes", "scan_frames", "scan_tests", "notes", "orders", "files", "trips", "predictions", "outcomes", "imports", "search_rows", "vehicle_aliases"} {
		if err := t.exec(ctx, `UPDATE `+table+` SET vehicle_id = ? WHERE tenant_id = ? AND vehicle_id = ?`, into[:], t.tenant[:], from[:]); err != nil {
			return err
		}
	}
	if err := (models(t)).move(ctx, from, into); err != nil {
		return err
	}
	if err := t.moveSeries(ctx, from, into); err != nil {
		return err
	}
	if err := t.exec(ctx, `INSERT INTO vehicle_aliases (tenant_id, alias, vehicle_id) VALUES (?, ?, ?)`, t.tenant[:], from[:], into[:]); err != nil {
		return err
	}
	if err := t.count(ctx, into); err != nil {
		return err
	}
	return t.changed(ctx, "vehicle", from, "merge")
}

// count renews what a vehicle's row says of its scans.
func (t *tx) count(ctx context.Context, vehicle uuid.UUID) error {
	return t.exec(ctx, `UPDATE vehicles SET
		scans = (SELECT count(*) FROM scans s WHERE s.tenant_id = vehicles.tenant_id AND s.vehicle_id = vehicles.id AND s.deleted IS NULL),
		last_scan = (SELECT max(started) FROM scans s WHERE s.tenant_id = vehicles.tenant_id AND s.vehicle_id = vehicles.id AND s.deleted IS NULL)
		WHERE tenant_id = ? AND id = ?`, t.tenant[:], vehicle[:])
}
