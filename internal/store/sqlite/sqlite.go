// Package sqlite opens the store in one SQLite file: a workstation's whole memory.
//
// One connection writes and many read, also from several processes at once: the file is in WAL mode and every
// commit waits for the disk (synchronous=FULL), so that what was said to be saved survives a power cut.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/store/sqlstore"
)

// Options of an opened file.
type Options struct {
	Engine Engine           // nil for [Plain]
	Now    func() time.Time // nil for the system's clock
	// ReadOnly never writes, and refuses a file of an older version instead of migrating it. A file in a folder where
	// nothing can be written is read too, as long as no log stands beside it.
	ReadOnly bool
	// Busy is how long another process's write is waited for; 10 seconds when zero.
	Busy time.Duration
}

// Store is an opened file. Beside what every store has it can be maintained.
type Store struct {
	store.Store
	path        string
	write, read *sql.DB
	options     Options
}

// Open opens the file at path and makes it, with its folder, where it is missing; an older one is migrated.
//
// Errors carry a kind and a hint: errs.BadInput for what is no database of ours or was made by a newer obdctl
// (store.ErrNewer), errs.Denied for a place that cannot be read or written (store.ErrReadOnly).
func Open(ctx context.Context, path string, o Options) (*Store, error) {
	if o.Engine == nil {
		o.Engine = Plain{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Busy <= 0 {
		o.Busy = 10 * time.Second
	}
	if err := prepare(path, o); err != nil {
		return nil, err
	}
	s := &Store{path: path, options: o}
	err := s.open(ctx, false)
	if o.ReadOnly && unwritable(o.Engine.Code(err)) && still(path) {
		err = errors.Join(s.Close(), s.open(ctx, true))
	}
	if err != nil {
		return nil, errors.Join(explain(path, o.Engine, err), s.Close())
	}
	s.Store = sqlstore.New(sqlstore.Database{
		Write: s.write, Read: s.read, Now: o.Now,
		Explain: func(err error) error { return explain(path, o.Engine, err) },
	})
	return s, nil
}

// prepare makes the folder and tells a folder, a missing file or a foreign file apart before SQLite does so less clearly.
func prepare(path string, o Options) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return errs.New(errs.Usage, "open database: %s is a folder", path).WithHint("name a file in it, such as %s", filepath.Join(path, "obdctl.db"))
	case err == nil:
		return o.Engine.Check(path)
	case !errors.Is(err, fs.ErrNotExist):
		return errs.New(errs.Denied, "open database: %w", err)
	case o.ReadOnly:
		return errs.New(errs.BadInput, "open database: %s does not exist", path).WithHint("'obdctl db path' shows which file is used")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return errs.New(errs.Denied, "make folder of the database: %w", err).WithHint("choose another place by --db, OBDCTL_DB or 'obdctl config set db FILE'")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite gives the log beside it the same permissions
	if err != nil {
		return errs.New(errs.Denied, "make database: %w", err).WithHint("choose another place by --db, OBDCTL_DB or 'obdctl config set db FILE'")
	}
	return f.Close()
}

// open connects, migrates and makes the installation's tenant.
func (s *Store) open(ctx context.Context, still bool) (err error) {
	o := s.options
	if s.write, err = o.Engine.Connect(s.path, connection{write: true, busy: o.Busy, readOnly: o.ReadOnly, still: still}); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if s.read, err = o.Engine.Connect(s.path, connection{busy: o.Busy, readOnly: o.ReadOnly, still: still}); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	if o.ReadOnly {
		return checkVersion(ctx, s.read)
	}
	if err := migrate(ctx, s.write); err != nil {
		return err
	}
	return sqlstore.Install(ctx, s.write, o.Now)
}

// Path returns the file's path.
func (s *Store) Path() string { return s.path }

// Close ends the store; the last process to do so folds the log into the file.
func (s *Store) Close() error {
	var all []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			all = append(all, db.Close())
		}
	}
	return errors.Join(all...)
}
