package key

import (
	"crypto/rand"

	"golang.org/x/crypto/argon2"

	"github.com/fleetms/obdctl/internal/errs"
)

// SaltSize is the length of a salt in bytes.
const SaltSize = 16

// Derivation is how a key comes from a passphrase: Argon2id (RFC 9106).
type Derivation struct {
	Passes  uint32 // t
	Memory  uint32 // m, KiB
	Threads uint8  // p
	Salt    [SaltSize]byte
}

// Bounds of a derivation: a note from elsewhere must not take the computer's whole memory or hours.
const (
	maxPasses  = 64
	minMemory  = 8 << 10 // KiB
	maxMemory  = 1 << 20 // KiB
	maxThreads = 64
)

// NewDerivation is the second recommendation of RFC 9106, section 4 (three passes over 64 MiB in four lanes) with
// a fresh salt: about a quarter of a second on a laptop.
func NewDerivation() Derivation {
	d := Derivation{Passes: 3, Memory: 64 << 10, Threads: 4}
	_, _ = rand.Read(d.Salt[:]) // never fails, see crypto/rand
	return d
}

func (d Derivation) check() error {
	if d.Passes < 1 || d.Passes > maxPasses || d.Memory < minMemory || d.Memory > maxMemory || d.Threads < 1 || d.Threads > maxThreads {
		return errs.New(errs.BadInput, "key note: parameters of Argon2id are out of bounds")
	}
	return nil
}

// Key derives the key; the same passphrase always gives the same one.
func (d Derivation) Key(passphrase []byte) (k Key, err error) {
	if err := d.check(); err != nil {
		return k, err
	}
	copy(k[:], argon2.IDKey(passphrase, d.Salt[:], d.Passes, d.Memory, d.Threads, Size))
	return k, nil
}
