package main

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func (a *app) db() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "db",
		Short: "The database: where it is, backup, encryption",
		Long: `db looks after the one file that everything is kept in: vehicles, scans, readings, notes, orders, files.
Saving needs none of this; a backup on another disk does.`,
		Example: `  obdctl db info
  obdctl db backup /media/stick/shop.age --passphrase
  obdctl db check`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(a.dbPath(), a.dbInfo(), a.dbCheck(), a.dbBackup(), a.dbRestore(), a.dbVacuum(), a.dbEncrypt(), a.dbRekey(), a.dbDecrypt())
	return cmd
}

const databaseSchema = "obdctl.database/1"

// databaseDocument is what a `db` command found or did, in JSON.
type databaseDocument struct {
	Schema    string           `json:"schema"`
	Path      string           `json:"path"`
	Info      *sqlite.Info     `json:"info,omitempty"`
	Sound     *bool            `json:"sound,omitempty"`
	Checks    []sqlite.Finding `json:"checks,omitempty"`
	Backup    *backupMade      `json:"backup,omitempty"`
	Restored  *restored        `json:"restored,omitempty"`
	Vacuum    *sqlite.Vacuumed `json:"vacuum,omitempty"`
	Encrypted *bool            `json:"encrypted,omitempty"` // since encrypt or decrypt
}

func (a *app) showDatabase(doc databaseDocument, page *text.Page) error {
	if a.flags.json {
		doc.Schema, doc.Path = databaseSchema, a.database()
		return writeJSON(a.out, doc)
	}
	return a.show(page)
}

// existing is the database with the way to open it; one that is not there yet is an error.
func (a *app) existing(ctx context.Context) (string, sqlite.Engine, error) {
	path := a.database()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return path, nil, errs.New(errs.BadInput, "database %s does not exist", path).WithHint("the first scan makes it; 'obdctl db restore' brings back a backup")
	}
	e, err := a.engine(ctx, path)
	return path, e, err
}

// bytesDone shows a copy's progress.
func (p *progress) bytesDone(name string) sqlite.Progress {
	return func(done, total int64) {
		if total > 0 {
			p.step(name, int(min(done, total)*100/total), 100)
		}
	}
}
