package main

import (
	"bytes"
	"context"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/seal"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

// backupMade is a backup in JSON.
type backupMade struct {
	Path   string `json:"path"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"` // of the file
	Sealed bool   `json:"sealed"` // encrypted with age
}

// sealFlags say for whom a backup is encrypted.
type sealFlags struct {
	passphrase     bool
	passphraseFile string
	recipients     []string
}

func (a *app) dbBackup() *cobra.Command {
	var f sealFlags
	var replace bool
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the database to a file, while it is in use",
		Long: `backup writes one consistent state of the database to FILE, checks it, and gives it its name when it is whole
and on the disk. Others may save meanwhile. It holds everything: vehicles, scans, recordings, readings, photos.

Without more it is a plain SQLite file. With --passphrase or --recipient it is encrypted by age (age-encryption.org)
as a stream; the tool 'age' opens it too. An encrypted database has encrypted backups only, which do not need
the key of the database when they are restored.`,
		Example: `  obdctl db backup /media/stick/shop.db
  obdctl db backup /media/stick/shop.age --passphrase
  obdctl db backup shop.age --recipient age1...      # who has the identity can restore it`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.backUp(cmd.Context(), args[0], f, replace) },
	}
	cmd.Flags().BoolVar(&f.passphrase, "passphrase", false, "encrypt for a passphrase, which is asked for")
	cmd.Flags().StringVar(&f.passphraseFile, "passphrase-file", "", "encrypt for the passphrase in the first line of `FILE`")
	cmd.Flags().StringArrayVar(&f.recipients, "recipient", nil, "encrypt for an age `KEY` (age1...), again for more")
	cmd.Flags().BoolVar(&replace, "replace", false, "put it in place of an older backup of the same name")
	cmd.MarkFlagsMutuallyExclusive("passphrase", "passphrase-file", "recipient")
	return cmd
}

func (a *app) backUp(ctx context.Context, to string, f sealFlags, replace bool) error {
	path, e, err := a.existing(ctx)
	if err != nil {
		return err
	}
	sealer, err := a.sealer(ctx, f)
	if err != nil {
		return err
	}
	p := a.newProgress()
	o := sqlite.BackupOptions{Engine: e, Replace: replace, Progress: p.bytesDone("copy")}
	if sealer != nil {
		o.Seal = func(w io.Writer) (io.WriteCloser, error) { return sealer(w) }
	}
	c, err := sqlite.Backup(ctx, path, to, o)
	p.clear()
	if err != nil {
		return err
	}
	made := backupMade{Path: to, Bytes: c.Bytes, SHA256: c.SHA256, Sealed: sealer != nil}
	return a.showDatabase(databaseDocument{Backup: &made}, text.Backup(made.Path, made.Bytes, made.SHA256, made.Sealed, a.textOptions(false)))
}

// sealer is who the backup is for, nil for everyone.
func (a *app) sealer(ctx context.Context, f sealFlags) (seal.Sealer, error) {
	switch {
	case len(f.recipients) > 0:
		return seal.ForRecipients(f.recipients)
	case f.passphraseFile != "":
		secret, err := readSecret(ctx, f.passphraseFile)
		if err != nil {
			return nil, err
		}
		return seal.ForPassphrase(secret)
	case f.passphrase:
		secret, err := a.newSecret(ctx, "the backup", "use --passphrase-file or --recipient where nobody can type it")
		if err != nil {
			return nil, err
		}
		return seal.ForPassphrase(secret)
	}
	return nil, nil
}

// readSecret reads the first line of a file.
func readSecret(ctx context.Context, path string) ([]byte, error) {
	data, err := await(ctx, func() ([]byte, error) {
		f, err := os.Open(path)
		if err != nil {
			return nil, errs.New(errs.Usage, "read passphrase: %w", err)
		}
		defer f.Close()
		return io.ReadAll(io.LimitReader(f, 4096))
	})
	line, _, _ := bytes.Cut(data, []byte("\n"))
	line = bytes.TrimSuffix(line, []byte("\r"))
	if err == nil && len(line) == 0 {
		err = errs.New(errs.Usage, "read passphrase: the first line of %s is empty", path)
	}
	return line, err
}
