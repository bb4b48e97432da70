package sqlite

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// applicationID marks our files (PRAGMA application_id), "OBDc".
const applicationID = 0x4F424463

// migration is one numbered step of the schema.
type migration struct {
	version  int
	name     string
	up, down string
}

// migrations reads the embedded steps, in order and without a gap.
func migrations() ([]migration, error) {
	names, err := fs.Glob(migrationFiles, "migrations/*.up.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []migration
	for n, name := range names {
		base := strings.TrimSuffix(strings.TrimPrefix(name, "migrations/"), ".up.sql")
		number, title, _ := strings.Cut(base, "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != n+1 {
			return nil, fmt.Errorf("migration %s is out of order", name)
		}
		m := migration{version: version, name: title}
		for file, text := range map[string]*string{name: &m.up, "migrations/" + base + ".down.sql": &m.down} {
			data, err := migrationFiles.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("migration %s: %w", base, err)
			}
			*text = string(data)
		}
		all = append(all, m)
	}
	return all, nil
}

// Version is the schema's version that this program writes.
func Version() int {
	all, err := migrations()
	if err != nil {
		return 0
	}
	return len(all)
}

// queryer is a database or a transaction.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// versionOf returns the file's schema version; a foreign or newer file is refused.
func versionOf(ctx context.Context, db queryer) (int, error) {
	var app, version, tables int
	for pragma, to := range map[string]*int{"PRAGMA application_id": &app, "PRAGMA user_version": &version, "SELECT count(*) FROM sqlite_schema": &tables} {
		if err := db.QueryRowContext(ctx, pragma).Scan(to); err != nil {
			return 0, err
		}
	}
	if tables > 0 && app != applicationID {
		return 0, errs.New(errs.BadInput, "this SQLite file is not obdctl's").WithHint("choose another file by --db or OBDCTL_DB; nothing was changed in this one")
	}
	if version > Version() {
		return 0, errs.New(errs.BadInput, "%w: its schema is version %d, this obdctl knows %d", store.ErrNewer, version, Version()).
			WithHint("install the newer obdctl, or choose another file by --db; nothing was changed in this one")
	}
	return version, nil
}

// checkVersion refuses a file whose schema is not the one of this program.
func checkVersion(ctx context.Context, db *sql.DB) error {
	version, err := versionOf(ctx, db)
	if err == nil && version < Version() {
		err = errs.New(errs.BadInput, "the database's schema is version %d, this obdctl reads %d", version, Version()).WithHint("open it once for writing to bring it up to date")
	}
	return err
}

// migrate brings the schema up to date, all steps in one transaction: another process sees all or nothing.
func migrate(ctx context.Context, db *sql.DB) error { return migrateTo(ctx, db, Version()) }

func migrateTo(ctx context.Context, db *sql.DB, want int) error {
	if version, err := versionOf(ctx, db); err != nil || version == want {
		return err
	}
	all, err := migrations()
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()                //nolint:errcheck // after a commit there is nothing to roll back
	version, err := versionOf(ctx, tx) // again: another process may have been quicker
	if err != nil {
		return err
	}
	for ; version < want; version++ {
		if _, err := tx.ExecContext(ctx, all[version].up); err != nil {
			return fmt.Errorf("migrate up to %04d_%s: %w", version+1, all[version].name, err)
		}
	}
	for ; version > want; version-- {
		if _, err := tx.ExecContext(ctx, all[version-1].down); err != nil {
			return fmt.Errorf("migrate down from %04d_%s: %w", version, all[version-1].name, err)
		}
	}
	for _, set := range []string{fmt.Sprintf("PRAGMA application_id = %d", applicationID), fmt.Sprintf("PRAGMA user_version = %d", want)} {
		if _, err := tx.ExecContext(ctx, set); err != nil {
			return err
		}
	}
	return tx.Commit()
}
