package key

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// Suffix is what a database's note has behind the database's name.
const Suffix = ".keyinfo"

// idSize is the length of a note's name in bytes.
const idSize = 8

// Note says how to come by a database's key. It holds no secret.
type Note struct {
	ID         [idSize]byte    // the key's name in the keyring
	Derivation *Derivation     // nil for a key that was drawn
	Proof      [proofSize]byte // of the right key
}

// NewNote is the note of a new key.
func NewNote(k Key, d *Derivation) Note {
	n := Note{Derivation: d}
	_, _ = rand.Read(n.ID[:]) // never fails, see crypto/rand
	copy(n.Proof[:], k.proof())
	return n
}

// Name is the key's name in the keyring.
func (n Note) Name() string { return "database " + hex.EncodeToString(n.ID[:]) }

// noteHead is the first line of a note.
const noteHead = "obdctl key note 1"

// maxNote bounds a note: it is five lines.
const maxNote = 4096

// Bytes writes the note; [ParseNote] reads it.
func (n Note) Bytes() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nid %x\n", noteHead, n.ID)
	if d := n.Derivation; d != nil {
		fmt.Fprintf(&b, "argon2id passes=%d memory=%d threads=%d salt=%x\n", d.Passes, d.Memory, d.Threads, d.Salt)
	}
	fmt.Fprintf(&b, "proof %x\n", n.Proof)
	return b.Bytes()
}

// ParseNote reads a note. What [Note.Bytes] would not write is refused.
func ParseNote(data []byte) (n Note, err error) {
	wrong := errs.New(errs.BadInput, "key note: it is damaged, or of a newer obdctl").
		WithHint("bring the file back from a copy, or the database from a backup by 'obdctl db restore'")
	if len(data) > maxNote {
		return n, wrong
	}
	lines := strings.Split(string(data), "\n")
	if len(lines) < 4 || lines[0] != noteHead || !bytesOf(lines[1], "id ", n.ID[:]) {
		return n, wrong
	}
	if len(lines) == 5 {
		var d Derivation
		var salt []byte
		_, err := fmt.Sscanf(lines[2], "argon2id passes=%d memory=%d threads=%d salt=%x", &d.Passes, &d.Memory, &d.Threads, &salt)
		if err != nil || len(salt) != SaltSize {
			return n, wrong
		}
		copy(d.Salt[:], salt)
		if err := d.check(); err != nil {
			return n, err
		}
		n.Derivation = &d
	}
	if !bytesOf(lines[len(lines)-2], "proof ", n.Proof[:]) || !bytes.Equal(n.Bytes(), data) {
		return Note{}, wrong
	}
	return n, nil
}

// bytesOf reads the hexadecimal digits behind a word.
func bytesOf(line, word string, to []byte) bool {
	data, err := hex.DecodeString(strings.TrimPrefix(line, word))
	return strings.HasPrefix(line, word) && err == nil && copy(to, data) == len(to)
}
