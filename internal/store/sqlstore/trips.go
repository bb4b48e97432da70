package sqlstore

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func scanTrip(r scanner) (trip fleet.Trip, err error) {
	var document string
	if err := r.Scan(&document, blob{&trip.VehicleID}); err != nil {
		return trip, err
	}
	vehicle := trip.VehicleID
	err = json.Unmarshal([]byte(document), &trip)
	trip.VehicleID = vehicle // a merge moves the row, not its document
	return trip, err
}

func (t trips) Replace(ctx context.Context, vehicle uuid.UUID, from, until time.Time, all []fleet.Trip) error {
	v, err := vehicles(t).Get(ctx, vehicle)
	if err != nil {
		return err
	}
	if err := t.clear(ctx, v.ID, from, until, all); err != nil {
		return err
	}
	for _, trip := range all {
		if trip.ID == uuid.Nil {
			if trip.ID, err = uuid.NewV7(); err != nil {
				return fmt.Errorf("make trip id: %w", err)
			}
		}
		document, err := json.Marshal(trip)
		if err != nil {
			return fmt.Errorf("save trip: %w", err)
		}
		err = t.exec(ctx, `INSERT OR REPLACE INTO trips (tenant_id, id, vehicle_id, started, ended, document) VALUES (?, ?, ?, ?, ?, ?)`,
			t.tenant[:], trip.ID[:], v.ID[:], stamp(trip.Start), stamp(trip.End), string(document))
		if err != nil {
			return err
		}
		if err := t.index(ctx, entry{kind: "trip", id: trip.ID, vehicle: v.ID, at: trip.Start, title: tripTitle(trip), body: v.Title()}); err != nil {
			return err
		}
		if err := t.changed(ctx, "trip", trip.ID, "put"); err != nil {
			return err
		}
	}
	return nil
}

func tripTitle(trip fleet.Trip) string {
	return fmt.Sprintf("Trip of %.1f km in %s", trip.DistanceKm, trip.End.Sub(trip.Start).Round(time.Minute))
}

// clear removes the trips of a stretch of time, and says so of those that do not come back.
func (t trips) clear(ctx context.Context, vehicle uuid.UUID, from, until time.Time, next []fleet.Trip) error {
	const where = ` FROM trips WHERE tenant_id = ? AND vehicle_id = ? AND started >= ? AND started < ?`
	args := []any{t.tenant[:], vehicle[:], stamp(from), stamp(until)}
	old, err := collect(ctx, t.tx, `SELECT id`+where, args, scanID)
	if err != nil {
		return err
	}
	for _, id := range old {
		if slices.ContainsFunc(next, func(trip fleet.Trip) bool { return trip.ID == id }) {
			continue
		}
		if err := t.forget(ctx, "trip", id); err != nil {
			return err
		}
		if err := t.changed(ctx, "trip", id, "delete"); err != nil {
			return err
		}
	}
	return t.exec(ctx, `DELETE`+where, args...)
}

func (t trips) Get(ctx context.Context, id uuid.UUID) (fleet.Trip, error) {
	all, err := collect(ctx, t.tx, `SELECT document, vehicle_id FROM trips WHERE tenant_id = ? AND id = ?`, []any{t.tenant[:], id[:]}, scanTrip)
	if err == nil && len(all) == 0 {
		return fleet.Trip{}, missing("trip")
	}
	if err != nil {
		return fleet.Trip{}, err
	}
	return all[0], nil
}

func (t trips) List(ctx context.Context, vehicle uuid.UUID, since, until time.Time, p store.Page) (store.List[fleet.Trip], error) {
	from, err := after(p, far)
	if err != nil {
		return store.List[fleet.Trip]{}, err
	}
	query, args := `SELECT document, vehicle_id FROM trips WHERE tenant_id = ? AND (started, id) < (?, ?)`, []any{t.tenant[:], from.at, from.id[:]}
	if vehicle != uuid.Nil {
		id, err := t.resolve(ctx, vehicle)
		if err != nil {
			return store.List[fleet.Trip]{}, err
		}
		query, args = query+` AND vehicle_id = ?`, append(args, id[:])
	}
	if !since.IsZero() {
		query, args = query+` AND started >= ?`, append(args, stamp(since))
	}
	if !until.IsZero() {
		query, args = query+` AND started < ?`, append(args, stamp(until))
	}
	items, err := collect(ctx, t.tx, query+` ORDER BY started DESC, id DESC LIMIT ?`, append(args, p.Size()+1), scanTrip)
	return list(items, p.Size(), func(trip fleet.Trip) cursor { return cursor{stamp(trip.Start), trip.ID} }), err
}
