package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

const accord, golf = "1HGCM82633A004352", "WVWZZZ1KZ6W000001"

func vehicles(t *testing.T, e Engine) {
	tenant := local(t, e)
	v := car(t, tenant, fleet.Vehicle{VIN: accord, Label: "shop car", Plate: "AB 12"})
	if v.ID == uuid.Nil || v.Rev != 1 || v.Created.IsZero() {
		t.Errorf("a new vehicle's mark: %+v", v.Mark)
	}
	noVIN := []fleet.Vehicle{car(t, tenant, fleet.Vehicle{Label: "tractor"}), car(t, tenant, fleet.Vehicle{Label: "digger"})}
	older := v
	v.Plate = "CD 34"
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Put(ctx, &v) })
	fails(t, tenant, "a change over an older revision", store.ErrConflict, func(ctx context.Context, tx store.Tx) error {
		return tx.Vehicles().Put(ctx, &older)
	})
	fails(t, tenant, "a second vehicle with the VIN", store.ErrExists, func(ctx context.Context, tx store.Tx) error {
		return tx.Vehicles().Put(ctx, &fleet.Vehicle{VIN: accord})
	})
	save(t, tenant, diagnosis("", morning), noVIN[1].ID)
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		got, err := tx.Vehicles().Get(ctx, v.ID)
		if err != nil || got.Plate != "CD 34" || got.Rev != 2 {
			t.Errorf("after the change: %+v, %v", got, err)
		}
		for _, words := range []string{v.ID.String(), v.ID.String()[:23], accord, "004352", "cd 34", "Shop Car"} {
			if found, err := tx.Vehicles().Find(ctx, words); err != nil || len(found) != 1 || found[0].ID != v.ID {
				t.Errorf("find %q: %d, %v", words, len(found), err)
			}
		}
		if found, err := tx.Vehicles().Find(ctx, "%"); err != nil || len(found) != 0 {
			t.Errorf("a percent sign finds %d, %v", len(found), err)
		}
		all := pages(t, 1, func(p store.Page) (store.List[fleet.Vehicle], error) { return tx.Vehicles().List(ctx, p) })
		if len(all) != 3 || all[0].ID != noVIN[1].ID || all[0].LastScan == nil || all[0].Scans != 1 {
			t.Errorf("list: %+v", all)
		}
		return nil
	})
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Delete(ctx, v.ID) })
	fails(t, tenant, "a deleted vehicle", store.ErrNotFound, func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Vehicles().Get(ctx, v.ID)
		return err
	})
	car(t, tenant, fleet.Vehicle{VIN: accord}) // the VIN is free again
}

// fails runs f in an Update and wants its error.
func fails(t *testing.T, tenant store.Tenant, what string, want error, f func(context.Context, store.Tx) error) {
	t.Helper()
	if err := tenant.Update(t.Context(), func(tx store.Tx) error { return f(t.Context(), tx) }); !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func merge(t *testing.T, e Engine) {
	tenant := local(t, e)
	from, into := car(t, tenant, fleet.Vehicle{Plate: "AB 12"}), car(t, tenant, fleet.Vehicle{VIN: golf})
	first := save(t, tenant, diagnosis("", morning, code("P0301", obd.Stored, "")), from.ID)
	both := []obd.Reading{at(0, "RPM", 800), at(1, "RPM", 810)}
	keep(t, tenant, from.ID, append(both, at(2, "RPM", 820), text(3, "GEAR", 1, "D"))...)
	keep(t, tenant, into.ID, at(0, "RPM", 700), at(9, "RPM", 900), at(3, "GEAR", 2))
	var note fleet.Note
	update(t, tenant, func(ctx context.Context, tx store.Tx) error {
		note = fleet.Note{Text: "squeaks", Subject: fleet.Subject{VehicleID: &from.ID}}
		return tx.Notes().Put(ctx, &note)
	})
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Merge(ctx, from.ID, into.ID) })
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		v, err := tx.Vehicles().Get(ctx, from.ID)
		if err != nil || v.ID != into.ID || len(v.Aliases) != 1 || v.Aliases[0] != from.ID || v.Plate != "AB 12" || v.Scans != 1 {
			t.Errorf("the alias leads to %+v, %v", v, err)
		}
		if l, err := tx.Scans().List(ctx, store.ScanFilter{VehicleID: from.ID}, store.Page{}); err != nil || len(l.Items) != 1 || l.Items[0].ID != first.ID || l.Items[0].VehicleID != into.ID {
			t.Errorf("scans: %+v, %v", l, err)
		}
		if h, err := tx.Codes().History(ctx, into.ID, "", store.Page{}); err != nil || len(h.Items) != 1 {
			t.Errorf("codes: %+v, %v", h, err)
		}
		if got := values(t, ctx, tx, store.Span{VehicleID: into.ID, Signals: []string{"RPM"}}); !same(got, 700, 810, 820, 900) {
			t.Errorf("readings: %v", got)
		}
		if got := read(t, ctx, tx, store.Span{VehicleID: into.ID, Signals: []string{"GEAR"}}); len(got) != 1 || got[0].Value != 2 || got[0].Text != "" {
			t.Errorf("a reading that both have stays as the second one has it, word and all: %+v", got)
		}
		counts(t, ctx, tx, store.Span{VehicleID: into.ID, Signals: []string{"RPM"}, From: morning, Until: morning.Add(time.Hour)}, 4)
		if n, err := tx.Notes().Get(ctx, note.ID); err != nil || n.VehicleID == nil || *n.VehicleID != into.ID {
			t.Errorf("note: %+v, %v", n, err)
		}
		return nil
	})
	mergeAgain(t, tenant, from, into)
}

// mergeAgain refuses two VINs, and follows an alias of an alias.
func mergeAgain(t *testing.T, tenant store.Tenant, from, into fleet.Vehicle) {
	third := car(t, tenant, fleet.Vehicle{VIN: accord})
	if err := tenant.Update(t.Context(), func(tx store.Tx) error { return tx.Vehicles().Merge(t.Context(), third.ID, into.ID) }); err == nil {
		t.Error("two VINs are two vehicles")
	}
	last := car(t, tenant, fleet.Vehicle{Label: "the same again"})
	update(t, tenant, func(ctx context.Context, tx store.Tx) error { return tx.Vehicles().Merge(ctx, into.ID, last.ID) })
	view(t, tenant, func(ctx context.Context, tx store.Tx) error {
		if v, err := tx.Vehicles().Get(ctx, from.ID); err != nil || v.ID != last.ID || len(v.Aliases) != 2 {
			t.Errorf("an alias of an alias leads to %+v, %v", v, err)
		}
		return nil
	})
}
