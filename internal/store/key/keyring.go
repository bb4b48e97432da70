package key

import (
	"errors"

	"github.com/zalando/go-keyring"

	"github.com/fleetms/obdctl/internal/errs"
)

// service is obdctl's name in the keyring.
const service = "obdctl"

// FromKeyring reads the key of a note from the system's keyring: Keychain, Credential Manager or Secret Service.
func FromKeyring(n Note) (Key, error) {
	text, err := keyring.Get(service, n.Name())
	switch {
	case errors.Is(err, keyring.ErrNotFound):
		return Key{}, errs.New(errs.Denied, "the keyring holds no key for this database").
			WithHint("it was encrypted by another user or on another computer; bring a backup here by 'obdctl db restore'")
	case err != nil:
		return Key{}, noKeyring(err)
	}
	return Parse(text)
}

// ToKeyring puts a key into the system's keyring and reads it back, so that no database is encrypted with a
// key that is not there afterwards.
func ToKeyring(n Note, k Key) error {
	if err := keyring.Set(service, n.Name(), k.Reveal()); err != nil {
		return noKeyring(err)
	}
	if back, err := FromKeyring(n); err != nil || back != k {
		return errs.New(errs.Unsupported, "the keyring did not keep the key").WithHint("use --key prompt or --key file:PATH")
	}
	return nil
}

// OutOfKeyring forgets a key; one that is not there is no error.
func OutOfKeyring(n Note) error {
	if err := keyring.Delete(service, n.Name()); err != nil && !errors.Is(err, keyring.ErrNotFound) {
		return noKeyring(err)
	}
	return nil
}

func noKeyring(err error) error {
	return errs.New(errs.Unsupported, "reach the keyring: %w", err).
		WithHint("a computer without a desktop often has none: use a passphrase (key: prompt) or a key file (key: file:PATH), see docs/database.md")
}
