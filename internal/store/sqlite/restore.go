package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store"
)

// RestoreOptions say how a backup is brought back.
type RestoreOptions struct {
	Engine   Engine // of the file that is made; nil for [Plain]
	Old      Engine // of the file that is replaced; nil for [Plain]
	Open     func(r io.Reader, head []byte) (io.Reader, error)
	Sealed   func(head []byte) bool // tells by the first bytes whether Open is needed
	Now      func() time.Time       // nil for the system's clock
	Busy     time.Duration          // how long others may take to let go of the file; 10 seconds when zero
	Ready    func() error           // called when the new file is whole and checked, before it takes its place
	Progress Progress
}

// restoringSuffix is behind the name of the new file until it takes its place.
const restoringSuffix = ".restoring"

// Restore brings a backup back to the file at to. It is checked before it replaces anything; what was there is kept
// under the returned name, "" when nothing was there.
func Restore(ctx context.Context, from, to string, o RestoreOptions) (aside string, err error) {
	if o.Engine == nil {
		o.Engine = Plain{}
	}
	if o.Old == nil {
		o.Old = Plain{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Busy <= 0 {
		o.Busy = 10 * time.Second
	}
	if err := differ(from, to); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return "", errs.New(errs.Denied, "make folder of the database: %w", err).WithHint("choose another place by --db")
	}
	fresh := to + restoringSuffix
	if err := o.read(ctx, from, fresh); err != nil {
		discard(fresh)
		return "", err
	}
	if o.Ready != nil {
		if err := o.Ready(); err != nil {
			discard(fresh)
			return "", err
		}
	}
	if aside, err = o.place(ctx, fresh, to); err != nil {
		discard(fresh)
	}
	return aside, err
}

func differ(from, to string) error {
	a, err := os.Stat(from)
	if err != nil {
		return errs.New(errs.BadInput, "read backup: %w", err)
	}
	if a.IsDir() {
		return errs.New(errs.BadInput, "read backup: %s is a folder", from)
	}
	if b, err := os.Stat(to); err == nil && os.SameFile(a, b) {
		return errs.New(errs.Usage, "read backup: %s is the database itself", from)
	}
	return nil
}

// read writes the backup's pages to a new file of the wanted kind and checks them.
func (o RestoreOptions) read(ctx context.Context, from, fresh string) error {
	f, err := os.Open(from)
	if err != nil {
		return errs.New(errs.BadInput, "read backup: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return errs.New(errs.BadInput, "read backup: %w", err)
	}
	pages, err := o.opened(f)
	if err != nil {
		return err
	}
	lock, err := writing(o.Engine)
	if err != nil {
		return err
	}
	if err := writeFile(ctx, fresh, pages, info.Size(), o.Progress, lock); err != nil {
		return damaged(from, err)
	}
	return damaged(from, o.prove(ctx, fresh))
}

// opened is the stream of the backup's pages.
func (o RestoreOptions) opened(f *os.File) (io.Reader, error) {
	head := make([]byte, 64)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errs.New(errs.BadInput, "read backup: %w", err)
	}
	head = head[:n]
	switch {
	case o.Sealed != nil && o.Sealed(head):
		return o.Open(f, head)
	case len(head) >= len(magic) && string(head[:len(magic)]) == string(magic):
		return f, nil
	}
	return nil, errs.New(errs.BadInput, "read backup: %s is no backup", f.Name()).WithHint("a backup is a file that 'obdctl db backup' wrote")
}

// damaged says that it was the backup's fault, where the disk and the person had none.
func damaged(from string, err error) error {
	switch {
	case err == nil || errors.Is(err, store.ErrNewer) || errs.KindOf(err) == errs.Cancelled || errs.KindOf(err) == errs.Denied:
		return err
	}
	return errs.New(errs.BadInput, "the backup %s is damaged or cut short: %w", from, err).WithHint("nothing was changed; try an older backup")
}

// prove makes sure that the new file is a whole database of ours that this program can read.
func (o RestoreOptions) prove(ctx context.Context, fresh string) error {
	if err := proven(ctx, fresh, o.Engine); err != nil {
		return err
	}
	return lookAt(ctx, fresh, o.Engine, func(db *sql.DB) error {
		version, err := versionOf(ctx, db)
		if err == nil && version == 0 {
			err = errs.New(errs.BadInput, "it holds nothing of obdctl's")
		}
		if err != nil {
			return err
		}
		broken, err := texts(ctx, db, `SELECT "table" FROM pragma_foreign_key_check`)
		if err == nil && len(broken) > 0 {
			err = errs.New(errs.BadInput, "rows of %s point nowhere", broken[0])
		}
		return err
	})
}

// place puts the new file where it belongs and keeps what was there.
func (o RestoreOptions) place(ctx context.Context, fresh, to string) (aside string, err error) {
	aside = to + ".before-" + o.Now().UTC().Format("20060102T150405Z")
	if _, err := os.Stat(to); errors.Is(err, fs.ErrNotExist) {
		return "", o.move(fresh, to, "")
	}
	if err := o.Old.Check(to); err != nil {
		return "", err
	}
	h, err := alone(ctx, to, o.Old, o.Busy)
	switch {
	case errs.KindOf(err) == errs.BadInput && !errors.Is(err, store.ErrNewer) && o.broken(err):
		return aside, o.move(fresh, to, aside) // too damaged to be held, which is why a backup is wanted
	case err != nil:
		return "", err
	}
	content, size, err := h.content()
	if err == nil {
		err = writeFile(ctx, aside, content, size, nil)
	}
	if err != nil {
		return "", errors.Join(err, h.release())
	}
	if err := h.replace(fresh); err != nil {
		return "", errs.New(errs.Denied, "replace database: %w", err).WithHint("check the permissions of the folder; what was there is kept as %s", aside)
	}
	return aside, nil
}

func (o RestoreOptions) broken(err error) bool {
	code := o.Old.Code(err)
	return code == codeCorrupt || code == codeNotADB
}

// move puts the new file in place of one that is not there or cannot be held, whose log would be taken for the new one's.
func (o RestoreOptions) move(fresh, to, aside string) error {
	for _, end := range append([]string{""}, leftovers[:]...) {
		if aside == "" {
			aside = to + ".stray"
		}
		if err := os.Rename(to+end, aside+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errs.New(errs.Denied, "replace database: %w", err)
		}
	}
	if err := errors.Join(os.Rename(fresh, to), syncFolder(to)); err != nil {
		return errs.New(errs.Denied, "replace database: %w", err)
	}
	return nil
}
