package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"io"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// lookAt opens a file for reading only, without migrating it.
func lookAt(ctx context.Context, path string, e Engine, f func(*sql.DB) error) error {
	if err := e.Check(path); err != nil {
		return err
	}
	db, err := reach(ctx, path, e, connection{busy: 10 * time.Second, keep: true, readOnly: !writable(path)})
	if err != nil {
		return explain(path, e, err)
	}
	if _, err = versionOf(ctx, db); err == nil {
		err = f(db)
	}
	return errors.Join(explain(path, e, err), db.Close())
}

// writable tells whether a file can be written: the log of a database in WAL mode otherwise cannot be read either.
func writable(path string) bool {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return false
	}
	return f.Close() == nil
}

// maxProblems is how many problems of one kind are listed.
const maxProblems = 20

// integrity lists what PRAGMA integrity_check (or the quick one) finds, nothing for a sound file.
func integrity(ctx context.Context, db *sql.DB, quick bool) ([]string, error) {
	pragma := "PRAGMA integrity_check(20)"
	if quick {
		pragma = "PRAGMA quick_check(20)"
	}
	problems, err := texts(ctx, db, pragma)
	if len(problems) == 1 && problems[0] == "ok" {
		problems = nil
	}
	return problems, err
}

// texts reads the first column of a query, at most [maxProblems] rows.
func texts(ctx context.Context, db *sql.DB, query string, args ...any) ([]string, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() && len(all) < maxProblems {
		var text sql.NullString
		if err := rows.Scan(&text); err != nil {
			return all, err
		}
		all = append(all, text.String)
	}
	return all, rows.Err()
}

// proven makes sure that a new file is whole before it takes another's place.
func proven(ctx context.Context, path string, e Engine) error {
	return lookAt(ctx, path, e, func(db *sql.DB) error {
		problems, err := integrity(ctx, db, false)
		if err == nil && len(problems) > 0 {
			err = errs.New(errs.BadInput, "%s is damaged: %s", path, problems[0])
		}
		return err
	})
}

// sum is the SHA-256 of a file's sectors, turned.
func sum(ctx context.Context, r io.Reader, size int64, p Progress, turns ...turner) (s [sha256.Size]byte, err error) {
	hash := sha256.New()
	_, err = stream(ctx, hash, r, size, p, turns...)
	hash.Sum(s[:0])
	return s, err
}

// sumFile is [sum] of a file by its name.
func sumFile(ctx context.Context, path string, p Progress, turns ...turner) (s [sha256.Size]byte, err error) {
	f, err := os.Open(path)
	if err != nil {
		return s, errs.New(errs.Denied, "read %s: %w", path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return s, errs.New(errs.Denied, "read %s: %w", path, err)
	}
	return sum(ctx, f, info.Size(), p, turns...)
}

// MayBeEncrypted tells a file that is there and does not begin as a plain database does.
func MayBeEncrypted(path string) bool {
	head, err := readHead(path)
	return err == nil && len(head) > 0 && string(head) != string(magic)
}
