package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// TestMigrationsRunDownAndUp takes the schema down step by step and up again: what the older schema has stays.
func TestMigrationsRunDownAndUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	tenant, err := s.For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	v := fleet.Vehicle{Label: "van"}
	o := fleet.WorkOrder{Title: "replace the thermostat"}
	said := []fleet.Prediction{{Topic: fleet.TopicEngine, Claim: "The thermostat is stuck open."}}
	err = tenant.Update(t.Context(), func(tx store.Tx) error {
		if err := tx.Vehicles().Put(t.Context(), &v); err != nil {
			return err
		}
		if err := tx.Predictions().Add(t.Context(), v.ID, said); err != nil {
			return err
		}
		o.VehicleID, o.PredictionID = v.ID, &said[0].ID
		return tx.Orders().Put(t.Context(), &o)
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db := raw(t, path, sqlite.Plain{})
	defer db.Close()
	if err := sqlite.MigrateTo(t.Context(), db, 1); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.MigrateTo(t.Context(), db, sqlite.Version()); err != nil {
		t.Fatal(err)
	}
	err = open(t, path).View(t.Context(), func(tx store.Tx) error {
		got, err := tx.Orders().Get(t.Context(), o.ID)
		if err != nil || got.Title != o.Title || got.PredictionID != nil {
			t.Errorf("order: %+v, %v", got, err)
		}
		all, err := tx.Predictions().List(t.Context(), store.PredictionFilter{}, store.Page{})
		if len(all.Items) != 0 {
			t.Errorf("predictions: %+v", all.Items)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if found, err := sqlite.Check(t.Context(), path, sqlite.CheckOptions{Full: true}); err != nil || sqlite.Err(path, found) != nil {
		t.Error(err, sqlite.Err(path, found))
	}
	if err := sqlite.MigrateTo(t.Context(), db, 0); err != nil {
		t.Fatal(err)
	}
	var tables int
	if err := db.QueryRow(`SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).Scan(&tables); err != nil || tables != 0 {
		t.Errorf("%d tables are left, %v", tables, err)
	}
}
