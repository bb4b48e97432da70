package main

import (
	"bytes"
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/key"
	"github.com/fleetms/obdctl/internal/store/seal"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// restored is what was brought back, in JSON.
type restored struct {
	From  string `json:"from"`
	Aside string `json:"aside,omitempty"` // where the file is that was there before
}

// restoreFlags say how a backup is opened, and what becomes of it.
type restoreFlags struct {
	passphraseFile, identity, key string
	yes                           bool
}

func (a *app) dbRestore() *cobra.Command {
	var f restoreFlags
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Bring a backup back",
		Long: `restore puts what a backup holds in place of the database, or to where --db says. The backup is checked in
full before anything is replaced, and the database that was there is kept beside it, under a name with
".before-" and the time.

An encrypted database stays encrypted with its own key. A new file is plain, unless --key says where its key
shall be, as with 'obdctl db encrypt'.`,
		Example: `  obdctl db restore /media/stick/shop.db
  obdctl db restore shop.age                            # asks for the passphrase
  obdctl db restore shop.age --identity key.txt --db /srv/shop.db`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.restore(cmd.Context(), args[0], f) },
	}
	cmd.Flags().StringVar(&f.passphraseFile, "passphrase-file", "", "the passphrase is the first line of `FILE`")
	cmd.Flags().StringVar(&f.identity, "identity", "", "age identity `FILE` that opens the backup")
	cmd.Flags().StringVar(&f.key, "key", "", "encrypt a new file, its key in: keyring, prompt or file:PATH")
	cmd.Flags().BoolVar(&f.yes, "yes", false, "confirm: replace the database that is there")
	cmd.MarkFlagsMutuallyExclusive("passphrase-file", "identity")
	return cmd
}

func (a *app) restore(ctx context.Context, from string, f restoreFlags) error {
	to := a.database()
	old, err := a.engine(ctx, to)
	if err != nil {
		return err
	}
	p := a.newProgress()
	o := sqlite.RestoreOptions{Engine: old, Old: old, Sealed: seal.Sealed, Progress: p.bytesDone("read backup")}
	if _, err := os.Stat(to); err == nil {
		if f.key != "" {
			return errs.New(errs.Usage, "--key is for a new file, and %s is there", to).WithHint("restore first, then 'obdctl db encrypt'")
		}
		if err := a.confirm(ctx, f.yes, "The backup takes the place of "+to+", which is kept beside it.", "RESTORE"); err != nil {
			return err
		}
	}
	o.Open = func(r io.Reader, head []byte) (io.Reader, error) {
		keys, err := a.sealKeys(ctx, f, head)
		if err != nil {
			return nil, err
		}
		return keys.Open(r, head)
	}
	undo := func() {}
	if f.key != "" {
		k, note, back, err := a.newKey(ctx, f.key)
		if err != nil {
			return err
		}
		undo, o.Engine = back, sqlite.Encrypted{Key: k, Proven: true}
		o.Ready = func() error { return key.WriteNote(to, note) }
	}
	aside, err := sqlite.Restore(ctx, from, to, o)
	p.clear()
	if err != nil {
		undo()
		return err
	}
	if note, err := key.ReadNote(to); aside != "" && err == nil {
		if err := key.WriteNote(aside, note); err != nil {
			return err
		}
	}
	return a.showDatabase(databaseDocument{Restored: &restored{From: from, Aside: aside}}, text.Restored(from, to, aside, a.textOptions(false)))
}

// sealKeys are what opens a backup: an identity, or a passphrase from a file or the terminal.
func (a *app) sealKeys(ctx context.Context, f restoreFlags, head []byte) (seal.Keys, error) {
	switch {
	case f.identity != "":
		file, err := os.Open(f.identity)
		if err != nil {
			return nil, errs.New(errs.Usage, "read identity: %w", err)
		}
		defer file.Close()
		return seal.Identities(file)
	case f.passphraseFile != "":
		secret, err := readSecret(ctx, f.passphraseFile)
		if err != nil {
			return nil, err
		}
		return seal.Passphrase(secret)
	case !bytes.Contains(head, []byte("-> scrypt ")) && bytes.HasPrefix(head, []byte("age-")):
		return nil, errs.New(errs.Denied, "open backup: it was made for the holder of an age identity").WithHint("give the file with it by --identity")
	}
	secret, err := a.askSecret(ctx, "Passphrase of the backup: ", "give it by --passphrase-file")
	if err != nil {
		return nil, err
	}
	return seal.Passphrase(secret)
}
