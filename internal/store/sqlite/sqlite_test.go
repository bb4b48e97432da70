package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/search"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func open(t *testing.T, path string) store.Tenant {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err, errs.HintOf(err))
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	tenant, err := s.For(t.Context(), fleet.Local)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func TestAScanComesBackWhole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "shop.db")
	tenant := open(t, path)
	mid, margin := uint8(0x21), 0.4
	at := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	scan := &obd.Scan{
		Schema: obd.ScanSchema, ID: uuid.Must(uuid.NewV7()), Started: at, Ended: at.Add(3 * time.Second), MIL: true,
		Vehicle:  obd.Vehicle{VIN: "1HGCM82633A004352", Maker: "Honda"},
		Codes:    []obd.DTC{{Code: "P0301", ECU: 0x7E8, Kind: obd.Stored, Description: "Cylinder 1 misfire detected", Known: true}},
		Tests:    []obd.MonitorTest{{ECU: 0x7E8, MID: &mid, TID: 0x80, Margin: &margin, Passed: true}},
		Readings: []obd.Reading{{ECU: 0x7E8, Signal: "RPM", Value: 800, Unit: "/min"}, {ECU: 0x7E8, Signal: "FUEL_SYS", Value: 2, Text: "CL"}},
		Complete: []obd.Step{obd.StepStored, obd.StepPending},
	}
	err := tenant.Update(t.Context(), func(tx store.Tx) error {
		_, err := tx.Scans().Put(t.Context(), scan, uuid.Nil, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	err = tenant.View(t.Context(), func(tx store.Tx) error {
		got, err := tx.Scans().Get(t.Context(), scan.ID)
		if err != nil || got.Codes[0].Code != "P0301" {
			t.Errorf("%+v, %v", got, err)
		}
		l, err := tx.Vehicles().List(t.Context(), store.Page{})
		if err != nil || len(l.Items) != 1 || l.Items[0].Scans != 1 {
			t.Errorf("%+v, %v", l, err)
		}
		h, err := tx.Codes().History(t.Context(), l.Items[0].ID, "P03", store.Page{})
		if err != nil || len(h.Items) != 1 || h.Items[0].Scans != 1 {
			t.Errorf("%+v, %v", h, err)
		}
		s, err := tx.Readings().Series(t.Context(), l.Items[0].ID)
		if err != nil || len(s) != 2 || s[0].Count != 1 {
			t.Errorf("%+v, %v", s, err)
		}
		hits, err := tx.Search().Find(t.Context(), search.Query{Words: []search.Word{{Text: "misf", Prefix: true}}, Filters: []search.Filter{{Field: search.FieldVIN, Value: "1HG"}}}, store.Page{})
		if err != nil || len(hits.Items) != 1 || hits.Items[0].ID != scan.ID {
			t.Errorf("%+v, %v", hits, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestAForeignFileIsLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "letter.txt")
	if err := os.WriteFile(path, []byte("Dear customer, your car is ready."), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
		t.Errorf("%v, %s", err, errs.HintOf(err))
	}
	if got, _ := os.ReadFile(path); string(got) != "Dear customer, your car is ready." {
		t.Errorf("%s", got)
	}
}

func TestAnUnknownTenantIsNotFound(t *testing.T) {
	s, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "shop.db"), sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.For(context.Background(), uuid.NewString()); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
}

// A code is gone when a later scan that read its list asked its control unit too: one that kept silent says nothing.
func TestASilentControlUnitTakesNoCodeAway(t *testing.T) {
	tenant := open(t, filepath.Join(t.TempDir(), "shop.db"))
	at := time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC)
	scan := func(hour int, units ...obd.Address) *obd.Scan {
		s := &obd.Scan{Schema: obd.ScanSchema, ID: uuid.Must(uuid.NewV7()), Started: at.Add(time.Duration(hour) * time.Hour), Vehicle: obd.Vehicle{VIN: "1HGCM82633A004352"}, Complete: []obd.Step{obd.StepStored}}
		for _, u := range units {
			s.ECUs = append(s.ECUs, obd.ECU{Address: u})
		}
		return s
	}
	first := scan(0, 0x7E8, 0x7E9)
	first.Codes = []obd.DTC{{Code: "P0741", ECU: 0x7E9, Kind: obd.Stored}}
	gone := func(later ...*obd.Scan) *time.Time {
		var h store.List[fleet.CodeHistory]
		err := tenant.Update(t.Context(), func(tx store.Tx) (err error) {
			for _, s := range later {
				if _, err := tx.Scans().Put(t.Context(), s, uuid.Nil, ""); err != nil {
					return err
				}
			}
			h, err = tx.Codes().History(t.Context(), uuid.Nil, "P0741", store.Page{})
			return err
		})
		if err != nil || len(h.Items) != 1 {
			t.Fatal(h, err)
		}
		return h.Items[0].Gone
	}
	if g := gone(first, scan(1, 0x7E8)); g != nil {
		t.Errorf("gone at %s, though its control unit did not answer", g)
	}
	if g := gone(scan(2, 0x7E8, 0x7E9)); g == nil || !g.Equal(at.Add(2*time.Hour)) {
		t.Errorf("gone at %v", g)
	}
}

// TestAFolderThatCannotBeWritten is read all the same: SQLite finds no room for its log, as on a stick with a lock. A log
// that stands there has to be folded first, so that nothing of it is overlooked.
func TestAFolderThatCannotBeWritten(t *testing.T) {
	for name, e := range engines {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "shop.db")
			tenant, vehicle, s := benchStore(t, path, e)
			add(t, tenant, vehicle, batch("RPM", 0, 100, time.Second))
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			for _, end := range []string{"-wal", "-shm"} {
				os.Remove(path + end)
			}
			if err := os.Mkdir(path+"-shm", 0o700); err != nil { // a place that cannot be written to by anybody
				t.Fatal(err)
			}
			if _, err := sqlite.Open(t.Context(), path, sqlite.Options{Engine: e}); !errors.Is(err, store.ErrReadOnly) {
				t.Errorf("opened for writing: %v", err)
			}
			ro, err := sqlite.Open(t.Context(), path, sqlite.Options{Engine: e, ReadOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			defer ro.Close()
			local, err := ro.For(t.Context(), fleet.Local)
			if err != nil {
				t.Fatal(err)
			}
			err = local.View(t.Context(), func(tx store.Tx) error {
				_, err := tx.Vehicles().Get(t.Context(), vehicle)
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}
