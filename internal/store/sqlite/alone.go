package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"os"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// held is a database that nobody else has open, and nobody can open until it is let go. Everything is in its one
// file, which may be copied and replaced.
type held struct {
	path string
	file *os.File // closed last: a close ends all locks of the process on the file
	db   *sql.DB
	conn *sql.Conn
}

// alone takes hold of a file. Leaving WAL mode folds the log into the file and needs that nobody else has it
// open, which thereby is known.
func alone(ctx context.Context, path string, e Engine, busy time.Duration) (*held, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, errs.New(errs.Denied, "open database: %w", err).WithHint("check the permissions of the file and its folder")
	}
	h := &held{path: path, file: file}
	if h.db, err = e.Connect(path, connection{write: true, busy: busy}); err == nil {
		h.db.SetMaxOpenConns(1)
		err = h.take(ctx)
	}
	if code := e.Code(err); err != nil && (code == codeBusy || code == codeLocked) {
		err = inUse(path)
	}
	if err != nil {
		return nil, errors.Join(explain(path, e, err), h.release())
	}
	return h, nil
}

func inUse(path string) error {
	return errs.New(errs.Denied, "database %s is in use by another obdctl", path).WithHint("end it and try again; nothing was changed")
}

func (h *held) take(ctx context.Context) (err error) {
	if h.conn, err = h.db.Conn(ctx); err != nil {
		return err
	}
	if _, err := versionOf(ctx, h.conn); err != nil {
		return err
	}
	if _, err := h.conn.ExecContext(ctx, "PRAGMA locking_mode=exclusive"); err != nil {
		return err
	}
	var mode string
	if err := h.conn.QueryRowContext(ctx, "PRAGMA journal_mode=delete").Scan(&mode); err != nil {
		return err
	}
	if mode != "delete" {
		return inUse(h.path)
	}
	_, err = h.conn.ExecContext(ctx, "BEGIN EXCLUSIVE")
	return err
}

// disconnect ends SQLite's part.
func (h *held) disconnect() (err error) {
	if h.conn != nil {
		_, _ = h.conn.ExecContext(context.Background(), "ROLLBACK") // nothing was written
		err = h.conn.Close()
	}
	if h.db != nil {
		err = errors.Join(err, h.db.Close())
	}
	h.conn, h.db = nil, nil
	return err
}

// release lets others in again. It may be called twice.
func (h *held) release() error {
	err := h.disconnect()
	if h.file != nil {
		err = errors.Join(err, h.file.Close())
	}
	h.file = nil
	return err
}

// ReadAt reads the file. The one sector that SQLite locks and never uses for data reads as zeros: locks are mandatory
// on Windows.
func (h *held) ReadAt(p []byte, off int64) (int, error) {
	const lock = 1 << 30 // PENDING_BYTE of SQLite's file format
	if off+int64(len(p)) <= lock || off >= lock+sector {
		return h.file.ReadAt(p, off)
	}
	n, err := h.file.ReadAt(p[:lock-off], off)
	if err != nil {
		return n, err
	}
	behind := min(len(p), n+sector)
	clear(p[n:behind])
	if behind == len(p) {
		return behind, nil
	}
	n, err = h.file.ReadAt(p[behind:], lock+sector)
	return behind + n, err
}

// content is the whole file from its start, with its size.
func (h *held) content() (io.Reader, int64, error) {
	info, err := h.file.Stat()
	if err != nil {
		return nil, 0, errs.New(errs.Denied, "read database: %w", err)
	}
	return io.NewSectionReader(h, 0, info.Size()), info.Size(), nil
}
