package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
)

// unwritable tells the codes by which SQLite says that it cannot put its log beside a file.
func unwritable(code int) bool {
	return code == codeCantOpen || code == codeReadOnly || code == codeIO || code == codePerm
}

// still tells that a file is whole in itself and that nobody writes it: whoever has it open keeps a log beside it.
func still(path string) bool {
	info, err := os.Stat(path + "-wal")
	return errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0
}

// reach connects to a file for reading, also where nothing can be put beside it.
func reach(ctx context.Context, path string, e Engine, c connection) (*sql.DB, error) {
	db, err := e.Connect(path, c)
	if err != nil {
		return nil, err
	}
	if _, err = versionOf(ctx, db); !unwritable(e.Code(err)) || !still(path) {
		return db, nil // what else is wrong shows when it is used
	}
	c.still = true
	if err := db.Close(); err != nil {
		return nil, err
	}
	return e.Connect(path, c)
}
