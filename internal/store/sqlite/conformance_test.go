package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
	"github.com/fleetms/obdctl/internal/store/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Engine {
		path := filepath.Join(t.TempDir(), "shop.db")
		return engine{Store: opened(t, path), path: path}
	})
}

type engine struct {
	store.Store
	path string
}

func opened(t *testing.T, path string) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func (e engine) Again(t *testing.T) store.Store { return opened(t, e.path) }

func (e engine) AddTenant(t *testing.T) string {
	t.Helper()
	db, err := sql.Open("sqlite", e.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	id := uuid.Must(uuid.NewV7())
	if _, err := db.Exec(`INSERT INTO tenants (id, created) VALUES (?, 0)`, id[:]); err != nil {
		t.Fatal(err)
	}
	return id.String()
}
