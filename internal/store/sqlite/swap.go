package sqlite

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/fleetms/obdctl/internal/errs"
)

// replace puts the whole file at fresh in the place of the one that is held, and lets go. At every moment one of
// both stands there, whole. What was replaced is then overwritten, which also keeps another process that
// waited for it from writing into a file that nobody will see again.
func (h *held) replace(fresh string) error {
	if runtime.GOOS == "windows" { // an open file cannot be replaced there
		if err := h.release(); err != nil {
			return err
		}
		return errors.Join(os.Rename(fresh, h.path), syncFolder(h.path))
	}
	err := os.Rename(fresh, h.path)
	if err == nil {
		err = errors.Join(syncFolder(h.path), wipe(h.file))
	}
	return errors.Join(err, h.release())
}

// wipe overwrites a file with zeros. Flash and copy-on-write file systems may keep the old blocks all the same.
func wipe(f *os.File) error {
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	zeros := make([]byte, 1<<20)
	for at := int64(0); at < size; at += int64(len(zeros)) {
		if _, err := f.WriteAt(zeros[:min(int64(len(zeros)), size-at)], at); err != nil {
			return err
		}
	}
	return f.Sync()
}

// leftovers are the files that SQLite keeps beside a database.
var leftovers = [...]string{"-wal", "-shm", "-journal"}

// discard overwrites and removes a file of ours with what SQLite left beside it; one that is not there is none.
func discard(path string) {
	for _, end := range append([]string{""}, leftovers[:]...) {
		if f, err := os.OpenFile(path+end, os.O_RDWR, 0); err == nil {
			_ = wipe(f) // it is removed in any case
			f.Close()
			os.Remove(path + end)
		}
	}
}

// syncFolder makes a rename last.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = dir.Sync() // not every file system can
	return dir.Close()
}

// create makes a new file that only its owner can read, in place of one that a crash left.
func create(path string) (*os.File, error) {
	discard(path)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, errs.New(errs.Denied, "write %s: %w", path, err).WithHint("check the permissions of the folder and the room on the disk")
	}
	return f, nil
}

// writeFile writes what is read into a new file, sector by sector and turned, onto the disk. A file that did not
// become whole is removed.
func writeFile(ctx context.Context, to string, from io.Reader, size int64, p Progress, turns ...turner) error {
	out, err := create(to)
	if err != nil {
		return err
	}
	_, err = stream(ctx, out, from, size, p, turns...)
	err = errors.Join(err, out.Sync(), out.Close())
	if err != nil {
		discard(to)
	}
	return unwritten(to, err)
}

// unwritten explains an error at the writing side; others pass through.
func unwritten(to string, err error) error {
	if _, ok := errors.AsType[writeError](err); ok {
		return errs.New(errs.Denied, "write %s: %w", to, err).WithHint("is the disk full? Nothing was changed")
	}
	return err
}
