package sqlite

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/fleetms/obdctl/internal/errs"
)

// CheckOptions say how deep a check goes.
type CheckOptions struct {
	Engine Engine // nil for [Plain]
	// Full checks everything; else indexes are not compared with their tables, and roll-ups and files are sampled.
	Full bool
	Step func(name string, n, total int) // told before each check
}

// Finding is what one check found.
type Finding struct {
	Check    string   `json:"check"`
	OK       bool     `json:"ok"`
	Looked   int64    `json:"looked"`             // how many things were looked at, where that is counted
	Problems []string `json:"problems,omitempty"` // the first of them
}

// inspection is one check of a file.
type inspection struct {
	name string
	run  func(ctx context.Context, db *sql.DB, full bool) (looked int64, problems []string, err error)
}

// inspections in the order in which they make sense: what the file is worth first, then what we put into it.
func inspections() []inspection {
	return []inspection{
		{"file structure", structure},
		{"foreign keys", foreignKeys},
		{"roll-ups equal readings", rollupsEqual},
		{"scans of codes, tests and frames", scansThere},
		{"vehicles count their scans", vehiclesCount},
		{"search entries in step", searchInStep},
		{"files have their content", filesMatch},
	}
}

// Check looks whether a database is sound, beside others who use it. An error means that it could not be looked at.
func Check(ctx context.Context, path string, o CheckOptions) ([]Finding, error) {
	if o.Engine == nil {
		o.Engine = Plain{}
	}
	var found []Finding
	err := lookAt(ctx, path, o.Engine, func(db *sql.DB) error {
		if err := checkVersion(ctx, db); err != nil {
			return err
		}
		all := inspections()
		for i, in := range all {
			if o.Step != nil {
				o.Step(in.name, i+1, len(all))
			}
			looked, problems, err := in.run(ctx, db, o.Full)
			if code := o.Engine.Code(err); code == codeCorrupt || code == codeNotADB {
				problems, err = append(problems, err.Error()), nil
			}
			if err != nil {
				return err
			}
			found = append(found, Finding{Check: in.name, OK: len(problems) == 0, Looked: looked, Problems: problems})
			if i == 0 && len(problems) > 0 {
				return nil // the rest of a torn file says nothing
			}
		}
		return nil
	})
	return found, err
}

func structure(ctx context.Context, db *sql.DB, full bool) (int64, []string, error) {
	var pages int64
	if err := db.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil {
		return 0, nil, err
	}
	problems, err := integrity(ctx, db, !full)
	return pages, problems, err
}

func foreignKeys(ctx context.Context, db *sql.DB, _ bool) (int64, []string, error) {
	problems, err := texts(ctx, db, `SELECT "table" || ' row ' || coalesce(rowid, '?') || ' points into nothing of ' || parent FROM pragma_foreign_key_check`)
	return 0, problems, err
}

// count reads a number.
func count(ctx context.Context, db *sql.DB, query string, args ...any) (n int64, err error) {
	err = db.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, err
}

// ask runs a query that gives the problems and one that counts what was looked at.
func ask(ctx context.Context, db *sql.DB, counting string, queries ...string) (looked int64, problems []string, err error) {
	if looked, err = count(ctx, db, counting); err != nil {
		return 0, nil, err
	}
	for _, query := range queries {
		more, err := texts(ctx, db, query)
		if err != nil {
			return looked, problems, err
		}
		problems = append(problems, more...)
	}
	return looked, problems[:min(len(problems), maxProblems)], nil
}

func scansThere(ctx context.Context, db *sql.DB, _ bool) (int64, []string, error) {
	var queries []string
	for table, noun := range map[string]string{"scan_codes": "codes", "scan_tests": "tests", "scan_frames": "freeze frames"} {
		queries = append(queries, fmt.Sprintf(`SELECT DISTINCT '%s of scan ' || hex(scan_id) || ', which is not there' FROM %s c
			WHERE NOT EXISTS (SELECT 1 FROM scans s WHERE s.tenant_id = c.tenant_id AND s.id = c.scan_id AND s.deleted IS NULL) LIMIT 20`, noun, table))
	}
	return ask(ctx, db, `SELECT count(*) FROM scan_codes`, queries...)
}

func vehiclesCount(ctx context.Context, db *sql.DB, _ bool) (int64, []string, error) {
	return ask(ctx, db, `SELECT count(*) FROM vehicles`,
		`SELECT 'scan ' || hex(id) || ' is of a vehicle that is not there' FROM scans s WHERE deleted IS NULL
			AND NOT EXISTS (SELECT 1 FROM vehicles v WHERE v.tenant_id = s.tenant_id AND v.id = s.vehicle_id AND v.deleted IS NULL) LIMIT 20`,
		`SELECT 'vehicle ' || hex(id) || ' says ' || scans || ' scans and has ' || n FROM (SELECT v.id, v.scans,
			(SELECT count(*) FROM scans s WHERE s.tenant_id = v.tenant_id AND s.vehicle_id = v.id AND s.deleted IS NULL) n FROM vehicles v WHERE v.deleted IS NULL)
			WHERE scans <> n LIMIT 20`)
}

// Err is the error that findings amount to, nil when all is sound.
func Err(path string, found []Finding) error {
	for _, f := range found {
		if !f.OK {
			return errs.New(errs.BadInput, "database %s: %s: %s", path, f.Check, f.Problems[0]).
				WithHint("keep a copy of the file as it is; 'obdctl db restore' brings back a backup")
		}
	}
	return nil
}
