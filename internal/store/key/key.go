// Package key finds the key of an encrypted database: in the system's keyring, from a passphrase, or in a file.
//
// Beside the database stands its note (a file with the suffix .keyinfo), which holds no secret: how the key is
// derived, the name under which the keyring has it, and a proof that tells a wrong key from a damaged database.
// A key is never logged, printed or given on a command line.
package key

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// Size is the length of a key in bytes: the two keys of XTS-AES-256 (IEEE 1619).
const Size = 64

// Key is the key of one database.
type Key [Size]byte

// New draws a key from the system's random numbers.
func New() (k Key) {
	_, _ = rand.Read(k[:]) // never fails, see crypto/rand
	return k
}

// Parse reads 128 hexadecimal digits; blanks and line ends around them do not count.
func Parse(text string) (k Key, err error) {
	data, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(data) != Size { // the text stays out of the error
		return k, errs.New(errs.BadInput, "the key is not %d hexadecimal digits", 2*Size)
	}
	copy(k[:], data)
	return k, nil
}

// Reveal writes the key as 128 hexadecimal digits, for the keyring and the key file.
func (k Key) Reveal() string { return hex.EncodeToString(k[:]) }

// String hides the key.
func (Key) String() string { return "key" }

// GoString hides it from %#v.
func (Key) GoString() string { return "key.Key{}" }

// proofSize is enough that a wrong key passes once in 2^128.
const proofSize = 16

// proof is what the note keeps of a key: nothing can be learned from it, and no other key gives it.
func (k Key) proof() []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte("obdctl database key"))
	return mac.Sum(nil)[:proofSize]
}

// Opens tells whether k is the key that the note was written for.
func (n Note) Opens(k Key) bool { return subtle.ConstantTimeCompare(n.Proof[:], k.proof()) == 1 }
