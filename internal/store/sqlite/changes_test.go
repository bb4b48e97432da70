package sqlite_test

import (
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// TestEveryChangeIsNotedInOrder looks behind the door: the sequence is what a later synchronisation reads.
func TestEveryChangeIsNotedInOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shop.db")
	tenant, err := opened(t, path, sqlite.Plain{}).For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	v, note := fleet.Vehicle{}, fleet.Note{Text: "squeaks"}
	kept, dropped := fleet.Trip{ID: uuid.Must(uuid.NewV7()), Start: at}, fleet.Trip{Start: at}
	for _, step := range []func(store.Tx) error{
		func(tx store.Tx) error { return tx.Vehicles().Put(t.Context(), &v) },
		func(tx store.Tx) error { return tx.Notes().Put(t.Context(), &note) },
		func(tx store.Tx) error { return tx.Notes().Delete(t.Context(), note.ID) },
		func(tx store.Tx) error {
			return tx.Trips().Replace(t.Context(), v.ID, at, at.Add(time.Hour), []fleet.Trip{kept, dropped})
		},
		func(tx store.Tx) error {
			return tx.Trips().Replace(t.Context(), v.ID, at, at.Add(time.Hour), []fleet.Trip{kept})
		},
	} {
		if err := tenant.Update(t.Context(), step); err != nil {
			t.Fatal(err)
		}
	}
	db := raw(t, path, sqlite.Plain{})
	defer db.Close()
	rows, err := db.Query(`SELECT kind || ' ' || op FROM changes ORDER BY seq`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	want := []string{"vehicle put", "note put", "note delete", "trip put", "trip put", "trip delete", "trip put"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
