package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"github.com/fleetms/obdctl/internal/config"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/key"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// keyRing remembers how databases are opened during one run, so that a passphrase is asked for once.
type keyRing struct {
	mu      sync.Mutex
	engines map[string]sqlite.Engine
}

// engine is how the database at path is opened: an encrypted one with its key.
func (a *app) engine(ctx context.Context, path string) (sqlite.Engine, error) {
	a.keys.mu.Lock()
	defer a.keys.mu.Unlock()
	if e, ok := a.keys.engines[path]; ok {
		return e, nil
	}
	if !sqlite.MayBeEncrypted(path) {
		return sqlite.Plain{}, nil
	}
	e, err := a.unlock(ctx, path)
	if err != nil {
		return nil, err
	}
	if a.keys.engines == nil {
		a.keys.engines = map[string]sqlite.Engine{}
	}
	a.keys.engines[path] = e
	return e, nil
}

// unlock finds the key of a file that is not plain.
func (a *app) unlock(ctx context.Context, path string) (sqlite.Engine, error) {
	if e, ok := a.interrupted(ctx, path); ok {
		return e, nil
	}
	note, err := key.ReadNote(path)
	missing := errors.Is(err, fs.ErrNotExist)
	file, inFile := strings.CutPrefix(a.conf.Key, "file:")
	switch {
	case missing && inFile:
		k, err := await(ctx, func() (key.Key, error) { return key.ReadFile(file) })
		return sqlite.Encrypted{Key: k}, err
	case missing && a.conf.Origins["key"] == config.FromDefault:
		return sqlite.Plain{}, nil // it says that this is no database
	case missing:
		return nil, errs.New(errs.Denied, "open database: %s is not there, which says how to come by the key", path+key.Suffix).
			WithHint("bring it back beside the database, or the database from a backup by 'obdctl db restore'")
	case err != nil:
		return nil, err
	}
	k, err := a.findKey(ctx, note, path)
	if err != nil {
		return nil, err
	}
	e := sqlite.Encrypted{Key: k, Proven: true}
	if e.Check(path) == nil {
		key.DropNext(path)
	}
	return e, nil
}

// findKey comes by the key that a note tells of. A passphrase is asked for wherever one made the key.
func (a *app) findKey(ctx context.Context, note key.Note, path string) (k key.Key, err error) {
	file, inFile := strings.CutPrefix(a.conf.Key, "file:")
	wrong := errs.New(errs.Denied, "the passphrase of %s is wrong", path)
	switch {
	case inFile:
		wrong = errs.New(errs.Denied, "the key in %s is not that of %s", file, path)
		k, err = await(ctx, func() (key.Key, error) { return key.ReadFile(file) })
	case note.Derivation != nil:
		var passphrase []byte
		if passphrase, err = a.askSecret(ctx, "Passphrase of the database: ", "set 'key' to file:PATH where nobody can type it, see docs/database.md"); err == nil {
			k, err = note.Derivation.Key(passphrase)
		}
	case a.conf.Key == "prompt":
		err = errs.New(errs.Usage, "the key of %s does not come from a passphrase", path).WithHint("set 'key' to keyring, or to file:PATH")
	default:
		wrong = errs.New(errs.Denied, "the key in the keyring is not that of %s", path)
		k, err = await(ctx, func() (key.Key, error) { return key.FromKeyring(note) })
	}
	if err == nil && !note.Opens(k) {
		err = wrong.WithHint("the database itself was not touched; 'obdctl db restore' brings back a backup")
	}
	return k, err
}

// askSecret reads a line from the terminal without showing it.
func (a *app) askSecret(ctx context.Context, question, otherwise string) ([]byte, error) {
	f, ok := a.in.(*os.File)
	if !ok || !isTerminal(a.in) {
		return nil, errs.New(errs.Denied, "a passphrase is needed, and there is no terminal to ask on").WithHint("%s", otherwise)
	}
	fd := int(f.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return nil, errs.New(errs.Denied, "ask for a passphrase: %w", err)
	}
	fmt.Fprint(a.err, question)
	defer fmt.Fprintln(a.err)
	defer func() { _ = term.Restore(fd, before) }() // an interrupted question would leave the terminal silent
	secret, err := await(ctx, func() ([]byte, error) { return term.ReadPassword(fd) })
	switch {
	case errs.KindOf(err) == errs.Cancelled:
		return nil, err
	case err != nil:
		return nil, errs.New(errs.Denied, "ask for a passphrase: %w", err)
	case len(secret) == 0:
		return nil, errs.New(errs.Denied, "no passphrase was given")
	}
	return secret, nil
}

// leastPassphrase keeps people from the shortest mistakes; what is long enough is their decision.
const leastPassphrase = 8

// newSecret asks for a new passphrase, twice.
func (a *app) newSecret(ctx context.Context, what, otherwise string) ([]byte, error) {
	secret, err := a.askSecret(ctx, "New passphrase of "+what+": ", otherwise)
	if err != nil {
		return nil, err
	}
	if len(secret) < leastPassphrase {
		return nil, errs.New(errs.Usage, "the passphrase is shorter than %d characters", leastPassphrase).WithHint("several words that do not belong together are easy to keep in mind")
	}
	again, err := a.askSecret(ctx, "The same once more: ", otherwise)
	if err == nil && string(again) != string(secret) {
		err = errs.New(errs.Usage, "the two passphrases differ").WithHint("nothing was changed; try again")
	}
	return secret, err
}

// newKey makes a key of the wanted kind: keyring, prompt or file:PATH. undo takes back what was kept of it.
func (a *app) newKey(ctx context.Context, source string) (k key.Key, note key.Note, undo func(), err error) {
	k = key.New()
	note = key.NewNote(k, nil)
	file, inFile := strings.CutPrefix(source, "file:")
	switch {
	case inFile && file != "":
		return k, note, func() { os.Remove(file) }, key.MakeFile(file, k)
	case source == "keyring":
		_, err = await(ctx, func() (struct{}, error) { return struct{}{}, key.ToKeyring(note, k) })
		return k, note, func() { _ = key.OutOfKeyring(note) }, err // nothing needs it any more
	case source != "prompt":
		return k, note, nil, errs.New(errs.Usage, "--key %s is not known", source).WithHint("use one of: keyring, prompt, file:PATH")
	}
	secret, err := a.newSecret(ctx, "the database", "use --key file:PATH or --key keyring")
	if err != nil {
		return k, note, nil, err
	}
	d := key.NewDerivation()
	if k, err = d.Key(secret); err != nil {
		return k, note, nil, err
	}
	return k, key.NewNote(k, &d), func() {}, nil
}
