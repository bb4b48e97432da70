package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/key"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func (a *app) dbDecrypt() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "decrypt",
		Short: "Make an encrypted database a plain file again",
		Long: `decrypt turns an encrypted database back into a plain file, as carefully as 'obdctl db encrypt' did. A key in the
keyring is forgotten; a key file stays.`,
		Example: "  obdctl db decrypt",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return a.decrypt(cmd.Context(), yes) },
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm: everyone who gets the file can read it")
	return cmd
}

func (a *app) decrypt(ctx context.Context, yes bool) error {
	path, e, err := a.existing(ctx)
	if err != nil {
		return err
	}
	if _, locked := e.(sqlite.Encrypted); !locked {
		return errs.New(errs.Usage, "%s is not encrypted", path)
	}
	if err := a.confirm(ctx, yes, "Everyone who gets the file can then read it.", "DECRYPT"); err != nil {
		return err
	}
	p := a.newProgress()
	err = sqlite.Recode(ctx, path, sqlite.Recoding{From: e, To: sqlite.Plain{}, Progress: p.bytesDone("decrypt")})
	p.clear()
	if err != nil {
		return err
	}
	if note, err := key.ReadNote(path); err == nil {
		if note.Derivation == nil && a.conf.Key == "keyring" {
			_ = key.OutOfKeyring(note) // nothing needs it any more
		}
		os.Remove(path + key.Suffix)
	}
	no := false
	return a.showDatabase(databaseDocument{Encrypted: &no}, text.Recoded(path, false, a.textOptions(false)))
}
