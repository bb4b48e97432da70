package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// VacuumOptions say how a database is made small.
type VacuumOptions struct {
	Engine Engine        // nil for [Plain]
	Busy   time.Duration // how long others' writes are waited for; a minute when zero
	Step   func(name string, n, total int)
}

// Vacuumed is what a vacuum did.
type Vacuumed struct {
	Removed map[string]int64 `json:"removed"` // rows by what they were; nil where nothing was left over
	Before  int64            `json:"before"`  // bytes of the file with its log
	After   int64            `json:"after"`
}

// leftOver are rows that nothing leads to any more, and what deleted things still hold. The tombstones stay: they tell
// other computers that something was deleted.
var leftOver = []struct{ what, statement string }{
	{"readings", `DELETE FROM readings WHERE series IN (` + lostSeries + `)`},
	{"reading texts", `DELETE FROM reading_texts WHERE series IN (` + lostSeries + `)`},
	{"roll-ups", `DELETE FROM rollups WHERE series IN (` + lostSeries + `)`},
	{"series", `DELETE FROM series WHERE id IN (` + lostSeries + `)`},
	{"pieces of files", `DELETE FROM file_pieces WHERE NOT EXISTS
		(SELECT 1 FROM files f WHERE f.tenant_id = file_pieces.tenant_id AND f.sha256 = file_pieces.sha256 AND f.deleted IS NULL)`},
	{"weights of models", `DELETE FROM model_weights WHERE NOT EXISTS
		(SELECT 1 FROM models m WHERE m.tenant_id = model_weights.tenant_id AND m.weights = model_weights.sha256 AND m.deleted IS NULL)`},
	{"deleted predictions", `UPDATE predictions SET document = '' WHERE deleted IS NOT NULL AND document <> ''`},
	{"deleted outcomes", `UPDATE outcomes SET document = '' WHERE deleted IS NOT NULL AND document <> ''`},
	{"deleted scans", `UPDATE scans SET document = x'' WHERE deleted IS NOT NULL AND document <> x''`},
	{"deleted notes", `UPDATE notes SET text = '' WHERE deleted IS NOT NULL AND text <> ''`},
	{"deleted customers", `UPDATE customers SET name = '', phone = '', email = '', address = '' WHERE deleted IS NOT NULL AND name || phone || email || address <> ''`},
}

// lostSeries are the series of vehicles that were deleted.
const lostSeries = `SELECT s.id FROM series s LEFT JOIN vehicles v ON v.tenant_id = s.tenant_id AND v.id = s.vehicle_id WHERE v.id IS NULL OR v.deleted IS NOT NULL`

// Vacuum removes what is left of deleted things and writes the file anew without gaps. Others may read meanwhile; it
// needs as much room again on the disk.
func Vacuum(ctx context.Context, path string, o VacuumOptions) (v Vacuumed, err error) {
	if o.Engine == nil {
		o.Engine = Plain{}
	}
	if o.Busy <= 0 {
		o.Busy = time.Minute
	}
	if err := o.Engine.Check(path); err != nil {
		return v, err
	}
	db, err := o.Engine.Connect(path, connection{write: true, busy: o.Busy})
	if err != nil {
		return v, explain(path, o.Engine, err)
	}
	db.SetMaxOpenConns(1)
	v.Before = sizeOnDisk(path)
	err = errors.Join(explain(path, o.Engine, o.vacuum(ctx, db, &v)), db.Close())
	v.After = sizeOnDisk(path)
	return v, err
}

func (o VacuumOptions) vacuum(ctx context.Context, db *sql.DB, v *Vacuumed) error {
	version, err := versionOf(ctx, db)
	if err != nil {
		return err
	}
	if version < Version() {
		return errs.New(errs.BadInput, "the database's schema is version %d, this obdctl writes %d", version, Version()).WithHint("'obdctl vehicle list' brings it up to date")
	}
	o.step("leftovers", 1)
	if v.Removed, err = sweep(ctx, db); err != nil {
		return err
	}
	o.step("write anew", 2)
	for _, statement := range []string{
		`INSERT INTO search_words (search_words) VALUES ('optimize')`,
		`PRAGMA temp_store = file`, // the new file is made there: it may be larger than the memory
		`VACUUM`,
		`PRAGMA optimize`,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	o.step("fold the log", 3)
	var busy, frames, moved int
	return db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(truncate)`).Scan(&busy, &frames, &moved) // a reader may keep the log a while
}

func (o VacuumOptions) step(name string, n int) {
	if o.Step != nil {
		o.Step(name, n, 3)
	}
}

// sweep removes what is left over, in one transaction.
func sweep(ctx context.Context, db *sql.DB) (map[string]int64, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	removed := map[string]int64{}
	for _, l := range leftOver {
		result, err := tx.ExecContext(ctx, l.statement)
		if err != nil {
			return nil, err
		}
		if n, err := result.RowsAffected(); err == nil && n > 0 {
			removed[l.what] = n
		}
	}
	return removed, tx.Commit()
}

// sizeOnDisk is the length of a database with its log, in bytes.
func sizeOnDisk(path string) (n int64) {
	for _, end := range []string{"", "-wal"} {
		if info, err := os.Stat(path + end); err == nil {
			n += info.Size()
		}
	}
	return n
}
