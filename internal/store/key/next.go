package key

import (
	"os"

	"github.com/fleetms/obdctl/internal/errs"
)

// next is behind the name of the note of a key that is about to take the place of another one. A crash between the new
// file and its note leaves both notes: the file itself tells which of them is its own.
const next = ".next"

// WriteNext puts the note of the new key beside that of the old one.
func WriteNext(database string, n Note) error {
	return writeWhole(database+Suffix+next, n.Bytes())
}

// ReadNext reads the note of a key that was about to be the new one; fs.ErrNotExist when there is none.
func ReadNext(database string) (Note, error) {
	data, err := readSmall(database + Suffix + next)
	if err != nil {
		return Note{}, errs.New(errs.Denied, "read key note: %w", err)
	}
	return ParseNote(data)
}

// TakeNext makes the next note the database's own.
func TakeNext(database string) error {
	if err := os.Rename(database+Suffix+next, database+Suffix); err != nil {
		return errs.New(errs.Denied, "write key: %w", err)
	}
	return nil
}

// DropNext forgets the next note: its key never was the database's.
func DropNext(database string) { os.Remove(database + Suffix + next) }
