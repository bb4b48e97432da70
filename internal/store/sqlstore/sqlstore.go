// Package sqlstore holds every query of the store, written once over database/sql; engines open the
// connections and migrate the schema.
//
// It relies on what the engines promise: transactions of Database.Write take the write lock at once, and
// a commit returns when the data are on the disk.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// Database is what an engine opened.
type Database struct {
	Write, Read *sql.DB
	Now         func() time.Time
	Explain     func(error) error // gives the engine's errors a kind and a hint
}

// New returns the store over a migrated database.
func New(db Database) store.Store { return &database{db} }

// Install makes the installation's own tenant, where it is missing.
func Install(ctx context.Context, db *sql.DB, now func() time.Time) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make tenant id: %w", err)
	}
	_, err = db.ExecContext(ctx, `INSERT INTO tenants (id, alias, created) VALUES (?, ?, ?) ON CONFLICT (alias) DO NOTHING`,
		id[:], fleet.Local, stamp(now()))
	return err
}

type database struct{ Database }

// For finds a tenant by its id or alias.
func (d *database) For(ctx context.Context, name string) (store.Tenant, error) {
	var id uuid.UUID
	var key any = name
	query := `SELECT id FROM tenants WHERE alias = ?`
	if parsed, err := uuid.Parse(name); err == nil {
		query, key = `SELECT id FROM tenants WHERE id = ?`, parsed[:]
	}
	err := d.Read.QueryRowContext(ctx, query, key).Scan(blob{&id})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, errs.New(errs.BadInput, "tenant %q: %w", name, store.ErrNotFound)
	}
	if err != nil {
		return nil, d.Explain(err)
	}
	return &tenant{db: d, id: id}, nil
}

// Close does nothing: the engine closes what it opened.
func (d *database) Close() error { return nil }

type tenant struct {
	db *database
	id uuid.UUID
}

func (t *tenant) ID() uuid.UUID { return t.id }

// View runs f on one state of the database.
func (t *tenant) View(ctx context.Context, f func(store.Tx) error) error {
	return t.run(ctx, t.db.Read, f)
}

// Update runs f in one transaction.
func (t *tenant) Update(ctx context.Context, f func(store.Tx) error) error {
	return t.run(ctx, t.db.Write, f)
}

func (t *tenant) run(ctx context.Context, db *sql.DB, f func(store.Tx) error) error {
	sqlTx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return t.db.Explain(err)
	}
	defer sqlTx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := f(&tx{sql: sqlTx, tenant: t.id, now: obd.Stamp(t.db.Now())}); err != nil {
		return t.db.Explain(err)
	}
	if err := sqlTx.Commit(); err != nil {
		return t.db.Explain(err)
	}
	return nil
}
