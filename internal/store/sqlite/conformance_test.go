package sqlite_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"

	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlite"
	"github.com/fleetms/obdctl/internal/store/storetest"
)

// secret is the key of encrypted files in tests.
var secret = sqlite.Encrypted{Key: [sqlite.KeySize]byte{1, 2, 3, 63: 9}}

// engines are the ways to open a file: both must keep the same promises.
var engines = map[string]sqlite.Engine{"plain": sqlite.Plain{}, "encrypted": secret}

func TestConformance(t *testing.T) {
	for name, e := range engines {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) storetest.Engine {
				path := filepath.Join(t.TempDir(), "shop.db")
				return engine{Store: opened(t, path, e), path: path, kind: e}
			})
		})
	}
}

type engine struct {
	store.Store
	path string
	kind sqlite.Engine
}

func opened(t testing.TB, path string, e sqlite.Engine) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{Engine: e})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func (e engine) Again(t *testing.T) store.Store { return opened(t, e.path, e.kind) }

func (e engine) AddTenant(t *testing.T) string {
	t.Helper()
	db := raw(t, e.path, e.kind)
	defer db.Close()
	id := uuid.Must(uuid.NewV7())
	if _, err := db.Exec(`INSERT INTO tenants (id, created) VALUES (?, 0)`, id[:]); err != nil {
		t.Fatal(err)
	}
	return id.String()
}

// raw is the file without the store around it.
func raw(t testing.TB, path string, e sqlite.Engine) (db *sql.DB) {
	t.Helper()
	var err error
	if key, ok := e.(sqlite.Encrypted); ok {
		db, err = driver.Open("file:"+path+"?vfs=xts", func(c *sqlite3.Conn) error {
			return errors.Join(c.Exec(fmt.Sprintf("PRAGMA hexkey='%x'", key.Key)), fts5.Register(c))
		})
	} else {
		db, err = sql.Open("sqlite", path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return db
}
