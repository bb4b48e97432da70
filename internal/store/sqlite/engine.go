package sqlite

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"strings"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/fleetms/obdctl/internal/errs"
)

// Engine is a driver for SQLite files. One file is only ever opened by one kind: plain files by [Plain],
// encrypted ones by [Encrypted].
type Engine interface {
	// Connect makes a pool; each connection has the settings of c.
	Connect(path string, c connection) (*sql.DB, error)
	// Check refuses a file that is not of this kind, before it is opened.
	Check(path string) error
	// Code returns SQLite's primary result code of an error, 0 when it is none of SQLite's.
	Code(err error) int
}

// connection is what a pool's connections are set to.
type connection struct {
	write    bool // transactions take the write lock at once
	readOnly bool // the file is not written at all
	still    bool // nobody writes it meanwhile, and nothing can be put beside it
	keep     bool // the file stays in the journal mode that it has
	into     bool // other files are written from it, as VACUUM INTO does
	busy     time.Duration
}

// pragmas in the order in which they must be given.
func (c connection) pragmas() []string {
	p := []string{fmt.Sprintf("busy_timeout(%d)", c.busy.Milliseconds()), "foreign_keys(1)", "temp_store(memory)", "cache_size(-16000)", "mmap_size(268435456)"}
	if !c.readOnly && !c.keep {
		p = append(p, "journal_mode(wal)", "synchronous(full)", "wal_autocheckpoint(4000)")
	}
	if (!c.write || c.readOnly) && !c.into {
		p = append(p, "query_only(1)")
	}
	return p
}

// address is the file as the drivers' URI, with its settings.
func (c connection) address(path string, more url.Values) string {
	q := url.Values{"_pragma": c.pragmas()}
	if c.write && !c.readOnly {
		q.Set("_txlock", "immediate")
	}
	if c.readOnly {
		q.Set("mode", "ro")
	}
	if c.still {
		q.Set("immutable", "1")
	}
	maps.Copy(q, more)
	escaped := strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path)
	return "file:" + escaped + "?" + q.Encode()
}

// Plain is modernc.org/sqlite, for files that are not encrypted.
type Plain struct{}

// Connect makes a pool.
func (Plain) Connect(path string, c connection) (*sql.DB, error) {
	return sql.Open("sqlite", c.address(path, nil))
}

// magic is how every plain SQLite file begins.
var magic = []byte("SQLite format 3\x00")

// Check refuses what is there and is no plain SQLite file.
func (Plain) Check(path string) error {
	head, err := readHead(path)
	switch {
	case err != nil:
		return errs.New(errs.Denied, "open database: %w", err)
	case len(head) == 0 || bytes.Equal(head, magic):
		return nil
	}
	return errs.New(errs.BadInput, "open database: %s is no database, or an encrypted one", path).
		WithHint("an encrypted one needs its key, see 'obdctl db encrypt --help'; 'obdctl db restore' brings back a backup")
}

func readHead(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, len(magic))
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}

// Code returns the primary result code.
func (Plain) Code(err error) int {
	if e, ok := asError[*sqlite.Error](err); ok {
		return e.Code() & 0xFF
	}
	return 0
}

// SQLite's primary result codes that are told apart.
const (
	codeBusy     = sqlite3.SQLITE_BUSY
	codeLocked   = sqlite3.SQLITE_LOCKED
	codeReadOnly = sqlite3.SQLITE_READONLY
	codeIO       = sqlite3.SQLITE_IOERR
	codeCorrupt  = sqlite3.SQLITE_CORRUPT
	codeFull     = sqlite3.SQLITE_FULL
	codeCantOpen = sqlite3.SQLITE_CANTOPEN
	codeNotADB   = sqlite3.SQLITE_NOTADB
	codePerm     = sqlite3.SQLITE_PERM
)
