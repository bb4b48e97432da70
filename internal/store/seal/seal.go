// Package seal encrypts backups with age, for a passphrase or for recipients, as a stream.
package seal

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/fleetms/obdctl/internal/errs"
)

// Sealer encrypts what is written, for those who may read it. The returned writer must be closed.
type Sealer func(io.Writer) (io.WriteCloser, error)

// ForPassphrase seals so that the passphrase opens it (scrypt of 2^18 rounds).
func ForPassphrase(passphrase []byte) (Sealer, error) {
	r, err := age.NewScryptRecipient(string(passphrase))
	if err != nil {
		return nil, errs.New(errs.Usage, "passphrase: %w", err)
	}
	return sealer(r), nil
}

// ForRecipients seals for the public keys of age ("age1..."), any of whose identities opens it.
func ForRecipients(keys []string) (Sealer, error) {
	all, err := age.ParseRecipients(strings.NewReader(strings.Join(keys, "\n")))
	if err != nil {
		return nil, errs.New(errs.Usage, "recipient: %w", err).WithHint("a recipient is an age public key such as age1..., made by 'age-keygen'")
	}
	return sealer(all...), nil
}

func sealer(to ...age.Recipient) Sealer {
	return func(w io.Writer) (io.WriteCloser, error) { return age.Encrypt(w, to...) }
}

// intro is how every age file begins.
var intro = []byte("age-encryption.org/")

// HeadSize is how many bytes [Sealed] wants to see.
const HeadSize = len(armor.Header)

// Sealed tells from the first bytes whether something was sealed.
func Sealed(head []byte) bool {
	return bytes.HasPrefix(head, intro) || bytes.HasPrefix(head, []byte(armor.Header))
}

// maxRounds bounds what a file from elsewhere may ask for: 2^20 rounds take 1 GiB of memory.
const maxRounds = 20

// Keys open what was sealed.
type Keys []age.Identity

// Passphrase opens what was sealed for it.
func Passphrase(passphrase []byte) (Keys, error) {
	id, err := age.NewScryptIdentity(string(passphrase))
	if err != nil {
		return nil, errs.New(errs.Usage, "passphrase: %w", err)
	}
	id.SetMaxWorkFactor(maxRounds)
	return Keys{id}, nil
}

// Identities reads age's own key file ("AGE-SECRET-KEY-1...").
func Identities(r io.Reader) (Keys, error) {
	all, err := age.ParseIdentities(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, errs.New(errs.Usage, "identity: the file holds no age identities").WithHint("it is the file that 'age-keygen' wrote, with AGE-SECRET-KEY-1...")
	}
	return all, nil
}

// Open decrypts a stream, armoured or not. Each block that is read was authenticated; a stream that was cut
// short ends with an error.
func (k Keys) Open(r io.Reader, head []byte) (io.Reader, error) {
	if bytes.HasPrefix(head, []byte(armor.Header)) {
		r = armor.NewReader(r)
	}
	plain, err := age.Decrypt(r, k...)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, errs.New(errs.Denied, "open backup: the passphrase or identity is not the one that it was made for")
	}
	if err != nil {
		return nil, errs.New(errs.BadInput, "open backup: it is damaged: %w", err)
	}
	return plain, nil
}
