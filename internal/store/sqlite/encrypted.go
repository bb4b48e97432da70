package sqlite

import (
	"bytes"
	"crypto/aes"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/ext/fts5"
	_ "github.com/ncruces/go-sqlite3/vfs/xts" // the file system of encrypted files
	"golang.org/x/crypto/xts"

	"github.com/fleetms/obdctl/internal/errs"
)

// KeySize is the length of an encrypted file's key in bytes: two keys of AES-256 (IEEE 1619, XTS-AES-256).
const KeySize = 64

// sector is what is encrypted as one (vfs/xts of the driver).
const sector = 512

// Encrypted is ncruces/go-sqlite3 with XTS-AES-256, for files of which no byte is readable without the key. It
// hides what is in a file; it does not prove that nobody changed it.
type Encrypted struct {
	Key [KeySize]byte
	// Proven says that the key is known to be the right one: a file that it does not open is then damaged.
	Proven bool
}

// Connect makes a pool. The key goes to each connection, never into an address that an error might show.
func (e Encrypted) Connect(path string, c connection) (*sql.DB, error) {
	address, err := url.Parse(c.address(path, url.Values{"vfs": {"xts"}}))
	if err != nil {
		return nil, errs.New(errs.Usage, "open database: %w", err)
	}
	query := address.Query()
	query.Del("_pragma")
	address.RawQuery = query.Encode()
	return driver.Open(address.String(), func(conn *sqlite3.Conn) error { return e.prepare(conn, c) })
}

func (e Encrypted) prepare(conn *sqlite3.Conn, c connection) error {
	if err := conn.Exec(fmt.Sprintf("PRAGMA hexkey='%x'", e.Key)); err != nil {
		return errors.New("set the key of the database")
	}
	if err := fts5.Register(conn); err != nil {
		return err
	}
	for _, pragma := range c.pragmas() {
		if err := conn.Exec("PRAGMA " + pragma); err != nil {
			return err
		}
	}
	return nil
}

// Check refuses a plain file, and one that the key does not open.
func (e Encrypted) Check(path string) error {
	head := make([]byte, sector)
	f, err := os.Open(path)
	if err != nil {
		return errs.New(errs.Denied, "open database: %w", err)
	}
	defer f.Close()
	n, err := io.ReadFull(f, head)
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil // made this moment
	case bytes.HasPrefix(head, magic):
		return errs.New(errs.Usage, "open database: %s is not encrypted", path).WithHint("open it without a key, or encrypt it by 'obdctl db encrypt'")
	case err != nil:
		return errs.New(errs.BadInput, "open database: %s is no database: %w", path, err)
	}
	cipher, err := xts.NewCipher(aes.NewCipher, e.Key[:])
	if err != nil {
		return errs.New(errs.Usage, "open database: %w", err)
	}
	cipher.Decrypt(head, head, 0)
	switch {
	case bytes.HasPrefix(head, magic):
	case e.Proven:
		return errs.New(errs.BadInput, "open database: %s is damaged: its head is not readable with the right key", path).WithHint("'obdctl db restore' brings back a backup")
	default:
		return errs.New(errs.Denied, "open database: the key does not open %s", path).WithHint("check the passphrase; if it is right, the file is damaged or no encrypted database")
	}
	return nil
}

// Code returns the primary result code.
func (Encrypted) Code(err error) int {
	if e, ok := asError[*sqlite3.Error](err); ok {
		return int(e.Code())
	}
	if code, ok := asError[sqlite3.ErrorCode](err); ok {
		return int(code)
	}
	if code, ok := asError[sqlite3.ExtendedErrorCode](err); ok {
		return int(code.Code())
	}
	return 0
}

// String hides the key from whatever prints the options.
func (Encrypted) String() string { return "encrypted" }

// GoString hides it from %#v.
func (Encrypted) GoString() string { return "sqlite.Encrypted{}" }

// ParseKey reads a key of 128 hexadecimal digits.
func ParseKey(text string) (e Encrypted, err error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != KeySize {
		return e, errs.New(errs.Usage, "the key of the database is not %d hexadecimal digits", 2*KeySize)
	}
	copy(e.Key[:], key)
	return e, nil
}
