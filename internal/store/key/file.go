package key

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/fleetms/obdctl/internal/errs"
)

// ReadNote reads the note of a database; fs.ErrNotExist when it has none.
func ReadNote(database string) (Note, error) {
	data, err := readSmall(database + Suffix)
	if err != nil {
		return Note{}, errs.New(errs.Denied, "read key note: %w", err)
	}
	return ParseNote(data)
}

// WriteNote puts the note beside a database, on the disk and in place of another one at once.
func WriteNote(database string, n Note) error {
	return writeWhole(database+Suffix, n.Bytes())
}

// ReadFile reads a key from a file.
func ReadFile(path string) (Key, error) {
	data, err := readSmall(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Key{}, errs.New(errs.Denied, "read key: %w", err).WithHint("put the file back in its place, such as the stick that it is on, or set 'key' to where it is")
	case err != nil:
		return Key{}, errs.New(errs.Denied, "read key: %w", err)
	}
	return Parse(string(data))
}

// MakeFile writes a key to a file that is not there yet, readable by its owner only.
func MakeFile(path string, k Key) error {
	if _, err := os.Lstat(path); err == nil {
		return errs.New(errs.Usage, "write key: %s exists already", path).WithHint("name a new file; a key that something else needs is never written over")
	}
	return writeWhole(path, []byte(k.Reveal()+"\n"))
}

// readSmall reads a file of at most a page.
func readSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxNote+1))
}

// writeWhole writes a file so that a crash leaves the old or the new one.
func writeWhole(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*") // 0600
	if err != nil {
		return errs.New(errs.Denied, "write key: %w", err)
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return errs.New(errs.Denied, "write key: %w", err)
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync() // not every file system can; the file itself was synced
		dir.Close()
	}
	return nil
}
