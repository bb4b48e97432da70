package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store"
)

// tx is one transaction of one tenant. Each noun is the same transaction under another name.
type tx struct {
	sql    *sql.Tx
	tenant uuid.UUID
	now    time.Time
}

type (
	vehicles    struct{ *tx }
	scans       struct{ *tx }
	codes       struct{ *tx }
	tests       struct{ *tx }
	readings    struct{ *tx }
	trips       struct{ *tx }
	notes       struct{ *tx }
	customers   struct{ *tx }
	orders      struct{ *tx }
	files       struct{ *tx }
	cards       struct{ *tx }
	imports     struct{ *tx }
	predictions struct{ *tx }
	models      struct{ *tx }
	outcomes    struct{ *tx }
	search      struct{ *tx }
)

func (t *tx) Vehicles() store.Vehicles       { return vehicles{t} }
func (t *tx) Scans() store.Scans             { return scans{t} }
func (t *tx) Codes() store.Codes             { return codes{t} }
func (t *tx) Tests() store.Tests             { return tests{t} }
func (t *tx) Readings() store.Readings       { return readings{t} }
func (t *tx) Trips() store.Trips             { return trips{t} }
func (t *tx) Notes() store.Notes             { return notes{t} }
func (t *tx) Customers() store.Customers     { return customers{t} }
func (t *tx) Orders() store.Orders           { return orders{t} }
func (t *tx) Files() store.Files             { return files{t} }
func (t *tx) Cards() store.Cards             { return cards{t} }
func (t *tx) Imports() store.Imports         { return imports{t} }
func (t *tx) Predictions() store.Predictions { return predictions{t} }
func (t *tx) Models() store.Models           { return models{t} }
func (t *tx) Outcomes() store.Outcomes       { return outcomes{t} }
func (t *tx) Search() store.Search           { return search{t} }

func (t *tx) exec(ctx context.Context, query string, args ...any) error {
	_, err := t.sql.ExecContext(ctx, query, args...)
	return err
}

// affected runs a statement and returns how many rows it changed.
func (t *tx) affected(ctx context.Context, query string, args ...any) (int64, error) {
	r, err := t.sql.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row reads one row; none is store.ErrNotFound, said with the noun.
func (t *tx) row(ctx context.Context, noun, query string, args []any, to ...any) error {
	err := t.sql.QueryRowContext(ctx, query, args...).Scan(to...)
	if errors.Is(err, sql.ErrNoRows) {
		return missing(noun)
	}
	return err
}

func missing(noun string) error {
	return errs.New(errs.BadInput, "%s: %w", noun, store.ErrNotFound)
}

// each reads all rows of a query; scan is called once a row and ends it by returning false.
func (t *tx) each(ctx context.Context, query string, args []any, scan func(*sql.Rows) (bool, error)) error {
	rows, err := t.sql.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		more, err := scan(rows)
		if err != nil || !more {
			return err
		}
	}
	return rows.Err()
}

// collect reads all rows of a query by scan.
func collect[T any](ctx context.Context, t *tx, query string, args []any, scan func(scanner) (T, error)) ([]T, error) {
	var all []T
	err := t.each(ctx, query, args, func(r *sql.Rows) (bool, error) {
		item, err := scan(r)
		all = append(all, item)
		return true, err
	})
	return all, err
}

// scanner is a row.
type scanner interface{ Scan(to ...any) error }

// changed notes a change for those who follow the store.
func (t *tx) changed(ctx context.Context, kind string, id uuid.UUID, op string) error {
	return t.exec(ctx, `INSERT INTO changes (tenant_id, kind, id, op, at) VALUES (?, ?, ?, ?, ?)`, t.tenant[:], kind, id[:], op, stamp(t.now))
}
