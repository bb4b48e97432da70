// Package card remembers what was learned about each adapter: the report card, the line speed that
// worked and the capabilities that were probed.
//
// What is remembered only makes the next connect faster; a card that is stale, damaged or absent never
// breaks one.
package card

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// schema is the version of a card's JSON; cards of another version are not used.
const schema = "obdctl.adapter/1"

// sizeLimit bounds a card in bytes.
const sizeLimit = 1 << 20

// Card is what is known about one adapter. The adapter's own parts stay as the owner encoded them.
type Card struct {
	Schema       string          `json:"schema"`
	Key          string          `json:"key"`     // address and hardware identity, see [Key]
	Address      string          `json:"address"` // by which it was opened last
	Seen         time.Time       `json:"seen"`
	Baud         int             `json:"baud,omitempty"` // the speed at which it answered, bits per second
	Capabilities json.RawMessage `json:"capabilities,omitempty"`
	Report       json.RawMessage `json:"report,omitempty"` // the last report card of adapter probe
	Probed       *time.Time      `json:"probed,omitempty"` // when the report was made
}

// Key names an adapter: its address without options, and the identity of the hardware behind it
// (VID:PID:serial number), "" when it has none. A device that moves to another port keeps its card when
// it has a serial number.
func Key(address, identity string) string {
	plain, _, _ := strings.Cut(address, "?")
	if IsUnique(identity) {
		return identity
	}
	if identity != "" {
		return plain + "|" + identity
	}
	return plain
}

// IsUnique tells an identity with a serial number: no other adapter has it.
func IsUnique(identity string) bool { return strings.Count(identity, ":") >= 2 }

// Box is the folder that holds the cards. The zero Box remembers nothing.
type Box struct{ Folder string }

// ErrDamaged says that a card could not be read; it counts as absent and is rewritten by the next Save.
var ErrDamaged = errors.New("the adapter's card is damaged and is made anew")

// Load returns the card of the adapter; the zero Card when there is none. The error is [ErrDamaged], or
// that of a folder that cannot be read: both are worth a notice and nothing more.
func (b Box) Load(key string) (Card, error) {
	if b.Folder == "" {
		return Card{}, nil
	}
	c, err := read(b.path(key))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Card{}, nil
	case errors.Is(err, ErrDamaged):
		return Card{}, err
	case err != nil:
		return Card{}, fmt.Errorf("read adapter card: %w", err)
	case c.Key != key:
		return Card{}, fmt.Errorf("%s: %w", b.path(key), ErrDamaged)
	}
	if c.Schema != schema {
		return Card{}, nil
	}
	return c, nil
}

// Save writes the card under its key: whole or not at all, readable by the owner only.
func (b Box) Save(c Card) error {
	if b.Folder == "" {
		return nil
	}
	c.Schema = schema
	data, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return fmt.Errorf("write adapter card: %w", err)
	}
	if len(data) > sizeLimit {
		return fmt.Errorf("write adapter card: %d bytes are too many", len(data))
	}
	if err := os.MkdirAll(b.Folder, 0o700); err != nil {
		return fmt.Errorf("write adapter card: %w", err)
	}
	if err := replace(b.path(c.Key), append(data, '\n')); err != nil {
		return fmt.Errorf("write adapter card: %w", err)
	}
	return nil
}

// List returns every card that can be read, in no order. One that cannot is left out: it counts as absent.
func (b Box) List() ([]Card, error) {
	if b.Folder == "" {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(b.Folder, "*.json"))
	if err != nil {
		return nil, fmt.Errorf("list adapter cards: %w", err)
	}
	var out []Card
	for _, path := range files {
		if c, err := read(path); err == nil && c.Schema == schema && path == b.path(c.Key) {
			out = append(out, c)
		}
	}
	return out, nil
}

// read reads a card's file.
func read(path string) (c Card, err error) {
	f, err := os.Open(path)
	if err != nil {
		return Card{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, sizeLimit+1))
	if err != nil {
		return Card{}, err
	}
	if len(data) > sizeLimit || json.Unmarshal(data, &c) != nil || c.Baud < 0 {
		return Card{}, fmt.Errorf("%s: %w", path, ErrDamaged)
	}
	return c, nil
}

// replace writes a file beside path and moves it there once it is on the disk.
func replace(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".card-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = io.Copy(f, bytes.NewReader(data))
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name()) // the first error is the one to tell
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// path names the file by a hash: an address may hold any character.
func (b Box) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(b.Folder, hex.EncodeToString(sum[:12])+".json")
}
