package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/key"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

const encryptConsequences = `Who loses the key loses everything in the database; nobody can bring it back. Make a backup
first ('obdctl db backup FILE --passphrase'): it opens without the key of the database.`

func (a *app) dbEncrypt() *cobra.Command {
	var source string
	var yes bool
	cmd := &cobra.Command{
		Use:   "encrypt",
		Short: "Encrypt the database on the disk",
		Long: `encrypt turns the database into a file of which nothing can be read without its key (XTS-AES-256). The key is
drawn at random and kept in the keyring of the system or in a file, such as on a stick, or it comes from a
passphrase (Argon2id), which then is asked for by every command.

It is copied, the copy compared and checked, and only then takes the place of the plain file, which is
overwritten. A crash at any moment leaves one of both, whole. No other obdctl may use it meanwhile.
FILE.keyinfo beside the database holds no secret and must stay there: see docs/database.md.

` + encryptConsequences,
		Example: "  obdctl db encrypt\n  obdctl db encrypt --key prompt\n  obdctl db encrypt --key file:/media/stick/shop.key",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if source == "" {
				source = a.conf.Key
			}
			return a.encrypt(cmd.Context(), source, yes)
		},
	}
	cmd.Flags().StringVar(&source, "key", "", "where the key shall be: keyring, prompt or file:PATH (default: the setting 'key')")
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm: I know that nothing opens the database without its key")
	return cmd
}

func (a *app) encrypt(ctx context.Context, source string, yes bool) error {
	path, e, err := a.existing(ctx)
	if err != nil {
		return err
	}
	if _, already := e.(sqlite.Encrypted); already {
		return errs.New(errs.Usage, "%s is encrypted already", path).WithHint("'obdctl db rekey' gives it another key")
	}
	if err := e.Check(path); err != nil {
		return err
	}
	if err := a.confirm(ctx, yes, encryptConsequences, "ENCRYPT"); err != nil {
		return err
	}
	k, note, undo, err := a.newKey(ctx, source)
	if err != nil {
		return err
	}
	p := a.newProgress()
	err = sqlite.Recode(ctx, path, sqlite.Recoding{
		From: e, To: sqlite.Encrypted{Key: k, Proven: true}, Progress: p.bytesDone("encrypt"),
		Ready: func() error { return key.WriteNote(path, note) },
	})
	p.clear()
	if err != nil {
		if e.Check(path) == nil { // still the plain file
			undo()
		}
		return err
	}
	if strings.HasPrefix(source, "file:") && a.conf.Key != source {
		a.notice(true, "from now on commands need the key: obdctl config set key "+source)
	}
	yesItIs := true
	return a.showDatabase(databaseDocument{Encrypted: &yesItIs}, text.Recoded(path, true, a.textOptions(false)))
}
