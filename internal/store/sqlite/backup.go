package sqlite

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
)

// BackupOptions say how a backup is made.
type BackupOptions struct {
	Engine   Engine                                  // of the database; nil for [Plain]
	Seal     func(io.Writer) (io.WriteCloser, error) // encrypts the backup; nil leaves it a plain SQLite file
	Replace  bool                                    // an older backup of the same name
	Progress Progress
}

// Copied is a backup that was made.
type Copied struct {
	Bytes  int64  // of the file
	SHA256 string // of the file, hexadecimal
}

// Backup copies a database to a file while others read and write. The copy is one consistent state, is checked, and
// gets its name when it is whole and on the disk.
func Backup(ctx context.Context, path, to string, o BackupOptions) (Copied, error) {
	if o.Engine == nil {
		o.Engine = Plain{}
	}
	if _, locked := o.Engine.(Encrypted); locked && o.Seal == nil {
		return Copied{}, errs.New(errs.Usage, "back up database: it is encrypted, so its backup must be too").WithHint("give --passphrase or --recipient")
	}
	if err := o.mayWrite(path, to); err != nil {
		return Copied{}, err
	}
	partial := to + ".partial"
	var err error
	if o.Seal == nil {
		err = o.snapshot(ctx, path, partial)
	} else {
		err = o.sealed(ctx, path, partial)
	}
	if err != nil {
		discard(partial)
		return Copied{}, err
	}
	c, err := measure(ctx, partial)
	if err == nil {
		err = errors.Join(os.Rename(partial, to), syncFolder(to))
	}
	if err != nil {
		discard(partial)
		return Copied{}, errs.New(errs.Denied, "write backup: %w", err)
	}
	return c, nil
}

func (o BackupOptions) mayWrite(path, to string) error {
	old, err := os.Stat(to)
	if err != nil {
		return nil // not there; other troubles show when it is written
	}
	if db, err := os.Stat(path); err == nil && os.SameFile(db, old) {
		return errs.New(errs.Usage, "write backup: %s is the database itself", to)
	}
	if old.IsDir() {
		return errs.New(errs.Usage, "write backup: %s is a folder", to).WithHint("name a file in it")
	}
	if !o.Replace {
		return errs.New(errs.Usage, "write backup: %s exists already", to).WithHint("choose another name, or give --replace")
	}
	return nil
}

// snapshot writes one state of the database to a file of the same kind, and checks it.
func (o BackupOptions) snapshot(ctx context.Context, path, to string) error {
	f, err := create(to) // with its permissions; SQLite takes an empty file
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return unwritten(to, writeError{err})
	}
	if err := o.Engine.Check(path); err != nil {
		return err
	}
	db, err := reach(ctx, path, o.Engine, connection{busy: time.Minute, keep: true, into: true})
	if err != nil {
		return explain(path, o.Engine, err)
	}
	defer db.Close()
	stop := o.watch(ctx, db, to)
	defer stop()
	if _, err = versionOf(ctx, db); err == nil {
		_, err = db.ExecContext(ctx, "VACUUM INTO ?", o.target(to))
	}
	if code := o.Engine.Code(err); code == codeFull || code == codeIO || code == codeCantOpen || code == codeReadOnly {
		return unwritten(to, writeError{fmt.Errorf("SQLite result %d", code)}) // its own words may hold the address
	}
	if err != nil {
		return explain(path, o.Engine, err)
	}
	if err := syncFile(to); err != nil {
		return unwritten(to, writeError{err})
	}
	return proven(ctx, to, o.Engine)
}

// target is how SQLite is told where to: an encrypted database goes to a file with the same key.
func (o BackupOptions) target(to string) string {
	key, locked := o.Engine.(Encrypted)
	if !locked {
		return to
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(to)}).EscapedPath(), RawQuery: fmt.Sprintf("vfs=xts&hexkey=%x", key.Key)}).String()
}

// watch tells how far SQLite is by the size of what it has written, until stop is called.
func (o BackupOptions) watch(ctx context.Context, db *sql.DB, to string) (stop func()) {
	var total int64
	_ = db.QueryRowContext(ctx, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&total) // unknown is 0
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if info, err := os.Stat(to); err == nil {
					o.Progress.say(info.Size(), total)
				}
			}
		}
	}()
	return func() { close(done); <-ended }
}

// sealed writes a snapshot beside the database, where it is as safe as the database, and from there the encrypted
// stream. An age file holds the plain pages, so that it can be restored without the database's own key.
func (o BackupOptions) sealed(ctx context.Context, path, to string) error {
	forget(path + backupSuffix + "*")
	temp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+backupSuffix+"*")
	if err != nil {
		return errs.New(errs.Denied, "back up database: %w", err).WithHint("the folder of the database must be writable")
	}
	defer discard(temp.Name())
	if err := temp.Close(); err != nil {
		return unwritten(temp.Name(), writeError{err})
	}
	if err := o.snapshot(ctx, path, temp.Name()); err != nil {
		return err
	}
	in, err := os.Open(temp.Name())
	if err != nil {
		return errs.New(errs.Denied, "back up database: %w", err)
	}
	defer in.Close()
	out, err := create(to)
	if err != nil {
		return err
	}
	err = o.seal(ctx, in, out)
	return unwritten(to, errors.Join(err, out.Sync(), out.Close()))
}

func (o BackupOptions) seal(ctx context.Context, in *os.File, out *os.File) error {
	info, err := in.Stat()
	if err != nil {
		return err
	}
	open, err := reading(o.Engine)
	if err != nil {
		return err
	}
	w, err := o.Seal(out)
	if err != nil {
		return writeError{err}
	}
	if _, err := stream(ctx, w, in, info.Size(), o.Progress, open); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return writeError{err}
	}
	return nil
}

// backupSuffix is in the name of a snapshot on its way into an encrypted backup.
const backupSuffix = ".backup-"

// forget removes what runs that were killed have left, once it is a day old.
func forget(pattern string) {
	names, err := filepath.Glob(pattern)
	if err != nil {
		return
	}
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > 24*time.Hour && strings.Contains(name, backupSuffix) {
			discard(name)
		}
	}
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// measure reads a file back from the disk.
func measure(ctx context.Context, path string) (c Copied, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, err
	}
	defer f.Close()
	hash := sha256.New()
	if c.Bytes, err = io.Copy(hash, f); err != nil {
		return c, err
	}
	c.SHA256 = hex.EncodeToString(hash.Sum(nil))
	return c, ctx.Err()
}
