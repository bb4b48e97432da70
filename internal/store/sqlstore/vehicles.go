package sqlstore

import (
	"context"
	"math"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

const vehicleColumns = `id, vin, label, plate, maker, model, model_year, engine, odometer_km, mass_kg, customer_id, last_scan, scans, created, updated, rev, deleted`

func scanVehicle(r scanner) (v fleet.Vehicle, err error) {
	err = r.Scan(blob{&v.ID}, &v.VIN, &v.Label, &v.Plate, &v.Maker, &v.Model, &v.ModelYear, &v.Engine, &v.OdometerKm, &v.MassKg, maybeBlob{&v.CustomerID},
		maybeInstant{&v.LastScan}, &v.Scans, instant{&v.Created}, instant{&v.Updated}, &v.Rev, maybeInstant{&v.Deleted})
	return v, err
}

func (t vehicles) Put(ctx context.Context, v *fleet.Vehicle) error {
	v.VIN = plainVIN(v.VIN)
	if err := t.free(ctx, v); err != nil {
		return err
	}
	if err := t.known(ctx, "customers", "customer", v.CustomerID); err != nil {
		return err
	}
	if err := t.begin(ctx, "vehicles", "vehicle", &v.Mark); err != nil {
		return err
	}
	err := t.exec(ctx, `INSERT INTO vehicles (tenant_id, id, vin, label, plate, maker, model, model_year, engine, odometer_km, mass_kg, customer_id, created, updated, rev)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (tenant_id, id) DO UPDATE SET vin = excluded.vin, label = excluded.label, plate = excluded.plate, maker = excluded.maker, model = excluded.model,
		model_year = excluded.model_year, engine = excluded.engine, odometer_km = excluded.odometer_km, mass_kg = excluded.mass_kg, customer_id = excluded.customer_id, updated = excluded.updated, rev = excluded.rev`,
		t.tenant[:], v.ID[:], v.VIN, v.Label, v.Plate, v.Maker, v.Model, v.ModelYear, v.Engine, v.OdometerKm, v.MassKg, keyOf(v.CustomerID), stamp(v.Created), stamp(v.Updated), v.Rev)
	if err != nil {
		return err
	}
	if err := t.indexVehicle(ctx, *v); err != nil {
		return err
	}
	return t.changed(ctx, "vehicle", v.ID, "put")
}

// plainVIN is the form in which VINs are kept and looked up.
func plainVIN(vin string) string { return strings.ToUpper(strings.TrimSpace(vin)) }

// free refuses a VIN that another vehicle has.
func (t vehicles) free(ctx context.Context, v *fleet.Vehicle) error {
	if v.VIN == "" {
		return nil
	}
	other, err := t.byVIN(ctx, v.VIN)
	if err != nil || other == uuid.Nil || other == v.ID {
		return err
	}
	return errs.New(errs.BadInput, "vehicle with VIN %s: %w", v.VIN, store.ErrExists).WithHint("'obdctl vehicle merge' puts two entries of one vehicle together")
}

// byVIN returns the vehicle with the VIN, the zero id for none.
func (t *tx) byVIN(ctx context.Context, vin string) (uuid.UUID, error) {
	ids, err := collect(ctx, t, `SELECT id FROM vehicles WHERE tenant_id = ? AND vin = ? AND deleted IS NULL`, []any{t.tenant[:], vin}, scanID)
	if err != nil || len(ids) == 0 {
		return uuid.Nil, err
	}
	return ids[0], nil
}

func scanID(r scanner) (id uuid.UUID, err error) { return id, r.Scan(blob{&id}) }

func (t vehicles) Get(ctx context.Context, id uuid.UUID) (fleet.Vehicle, error) {
	id, err := t.resolve(ctx, id)
	if err != nil {
		return fleet.Vehicle{}, err
	}
	all, err := collect(ctx, t.tx, `SELECT `+vehicleColumns+` FROM vehicles WHERE tenant_id = ? AND id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanVehicle)
	if err != nil {
		return fleet.Vehicle{}, err
	}
	if len(all) == 0 {
		return fleet.Vehicle{}, missing("vehicle")
	}
	return t.withAliases(ctx, all[0])
}

// resolve follows an alias to the vehicle that it was merged into.
func (t *tx) resolve(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	ids, err := collect(ctx, t, `SELECT vehicle_id FROM vehicle_aliases WHERE tenant_id = ? AND alias = ?`, []any{t.tenant[:], id[:]}, scanID)
	if err != nil || len(ids) == 0 {
		return id, err
	}
	return ids[0], nil
}

func (t *tx) withAliases(ctx context.Context, v fleet.Vehicle) (_ fleet.Vehicle, err error) {
	v.Aliases, err = collect(ctx, t, `SELECT alias FROM vehicle_aliases WHERE tenant_id = ? AND vehicle_id = ? ORDER BY alias`, []any{t.tenant[:], v.ID[:]}, scanID)
	return v, err
}

// Find takes words at their most exact meaning that has a result: whole id, VIN or plate, then parts.
func (t vehicles) Find(ctx context.Context, words string) ([]fleet.Vehicle, error) {
	words = strings.TrimSpace(words)
	if words == "" {
		return nil, nil
	}
	if id, err := uuid.Parse(words); err == nil {
		v, err := t.Get(ctx, id)
		if isMissing(err) {
			return nil, nil
		}
		return []fleet.Vehicle{v}, err
	}
	like := escapeLike(words)
	for _, match := range []struct {
		where string
		args  []any
	}{
		{`vin = upper(?) OR plate = ? COLLATE NOCASE OR label = ? COLLATE NOCASE`, []any{words, words, words}},
		{`(length(?) >= 4 AND lower(hex(id)) LIKE ? ESCAPE '\') OR vin LIKE ? ESCAPE '\' OR vin LIKE ? ESCAPE '\'`,
			[]any{words, escapeLike(strings.ReplaceAll(strings.ToLower(words), "-", "")) + "%", "%" + like, like + "%"}},
		{`plate LIKE ? ESCAPE '\' OR label LIKE ? ESCAPE '\' OR trim(maker || ' ' || model) LIKE ? ESCAPE '\'`, []any{"%" + like + "%", "%" + like + "%", "%" + like + "%"}},
	} {
		found, err := collect(ctx, t.tx, `SELECT `+vehicleColumns+` FROM vehicles WHERE tenant_id = ? AND deleted IS NULL AND (`+match.where+`) ORDER BY last_scan DESC, id LIMIT 20`,
			append([]any{t.tenant[:]}, match.args...), scanVehicle)
		if err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// escapeLike makes the text stand for itself in LIKE ... ESCAPE '\'.
func escapeLike(s string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(s)
}

func (t vehicles) List(ctx context.Context, p store.Page) (store.List[fleet.Vehicle], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.Vehicle]{}, err
	}
	items, err := collect(ctx, t.tx, `SELECT `+vehicleColumns+` FROM vehicles WHERE tenant_id = ? AND deleted IS NULL
		AND (coalesce(last_scan, 0), id) < (?, ?) ORDER BY coalesce(last_scan, 0) DESC, id DESC LIMIT ?`,
		[]any{t.tenant[:], from.at, from.id[:], p.Size() + 1}, scanVehicle)
	return list(items, p.Size(), func(v fleet.Vehicle) cursor {
		c := cursor{id: v.ID}
		if v.LastScan != nil {
			c.at = stamp(*v.LastScan)
		}
		return c
	}), err
}

// Delete hides the vehicle and everything of it; readings go with the next vacuum.
func (t vehicles) Delete(ctx context.Context, id uuid.UUID) error {
	id, err := t.resolve(ctx, id)
	if err != nil {
		return err
	}
	if err := t.hide(ctx, "vehicles", "vehicle", id); err != nil {
		return err
	}
	for table, noun := range map[string]string{"notes": "note", "orders": "order", "files": "file", "outcomes": "outcome"} {
		ids, err := collect(ctx, t.tx, `SELECT id FROM `+table+` WHERE tenant_id = ? AND vehicle_id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanID)
		if err != nil {
			return err
		}
		for _, below := range ids {
			if err := t.hide(ctx, table, noun, below); err != nil {
				return err
			}
		}
	}
	for table, remove := range map[string]func(context.Context, uuid.UUID) error{
		"scans": scans(t).Delete, "predictions": predictions(t).Delete, "models": models(t).Delete,
	} {
		ids, err := collect(ctx, t.tx, `SELECT id FROM `+table+` WHERE tenant_id = ? AND vehicle_id = ? AND deleted IS NULL`, []any{t.tenant[:], id[:]}, scanID)
		if err != nil {
			return err
		}
		for _, below := range ids {
			if err := remove(ctx, below); err != nil {
				return err
			}
		}
	}
	if err := (trips(t)).clear(ctx, id, unstamp(math.MinInt64), unstamp(math.MaxInt64), nil); err != nil {
		return err
	}
	if err := t.forgetImports(ctx, id, false); err != nil {
		return err
	}
	return t.dropSeries(ctx, id)
}
