package main

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/key"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func (a *app) dbRekey() *cobra.Command {
	var source string
	var yes bool
	cmd := &cobra.Command{
		Use:   "rekey",
		Short: "Give an encrypted database another key",
		Long: `rekey encrypts the database with a new key, which comes from where --key says: the keyring, a passphrase or a new
file. At no moment it lies on the disk unencrypted. It is copied and checked as 'obdctl db encrypt' does; a crash
leaves it with the old or the new key, whole. The old key is forgotten by the keyring; a key file stays.`,
		Example: "  obdctl db rekey --key prompt\n  obdctl db rekey --key file:/media/stick/new.key",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if source == "" {
				source = a.conf.Key
			}
			return a.rekey(cmd.Context(), source, yes)
		},
	}
	cmd.Flags().StringVar(&source, "key", "", "where the new key shall be: keyring, prompt or file:PATH (default: the setting 'key')")
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm: I know that nothing opens the database without its key")
	completeFlag(cmd, "key", "keyring", "prompt", "file:")
	return cmd
}

func (a *app) rekey(ctx context.Context, source string, yes bool) error {
	path, e, err := a.existing(ctx)
	if err != nil {
		return err
	}
	if _, locked := e.(sqlite.Encrypted); !locked {
		return errs.New(errs.Usage, "%s is not encrypted", path).WithHint("'obdctl db encrypt' encrypts it")
	}
	old, oldErr := key.ReadNote(path)
	if err := errors.Join(e.Check(path), a.confirm(ctx, yes, encryptConsequences, "REKEY")); err != nil {
		return err
	}
	k, note, undo, err := a.newKey(ctx, source)
	if err != nil {
		return err
	}
	fresh := sqlite.Encrypted{Key: k, Proven: true}
	p := a.newProgress()
	err = sqlite.Recode(ctx, path, sqlite.Recoding{
		From: e, To: fresh, Progress: p.bytesDone("rekey"),
		Ready: func() error { return key.WriteNext(path, note) },
	})
	p.clear()
	if err != nil {
		if e.Check(path) == nil { // still the old key's
			key.DropNext(path)
			undo()
		}
		return err
	}
	if err := key.TakeNext(path); err != nil {
		return err
	}
	if oldErr == nil && old.Derivation == nil && a.conf.Key == "keyring" {
		_ = key.OutOfKeyring(old) // nothing needs it any more
	}
	if strings.HasPrefix(source, "file:") && a.conf.Key != source {
		a.notice(true, "from now on commands need the new key: obdctl config set key "+source)
	}
	yesItIs := true
	return a.showDatabase(databaseDocument{Encrypted: &yesItIs}, text.Recoded(path, true, a.textOptions(false)))
}

// interrupted opens a database of which a change of its key was interrupted: where the new key opens it, its note takes
// its place. false leaves it to the old one.
func (a *app) interrupted(ctx context.Context, path string) (sqlite.Engine, bool) {
	note, err := key.ReadNext(path)
	if err != nil {
		return nil, false
	}
	a.notice(true, "a change of the key of "+path+" was interrupted: the new key is tried first, then the old one")
	k, err := a.findKey(ctx, note, path)
	if err != nil {
		return nil, false
	}
	e := sqlite.Encrypted{Key: k}
	if e.Check(path) != nil {
		return nil, false
	}
	e.Proven = true
	return e, key.TakeNext(path) == nil
}
