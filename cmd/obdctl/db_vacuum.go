package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func (a *app) dbVacuum() *cobra.Command {
	return &cobra.Command{
		Use:   "vacuum",
		Short: "Remove what deleted things left, and make the file small",
		Long: `vacuum removes for good what is left of deleted vehicles, scans, notes, customers and files, and writes the file
anew without gaps. It needs as much room again on the disk; others may read meanwhile. Stopping it at any moment
loses nothing.`,
		Example: "  obdctl db vacuum",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, e, err := a.existing(cmd.Context())
			if err != nil {
				return err
			}
			p := a.newProgress()
			v, err := sqlite.Vacuum(cmd.Context(), path, sqlite.VacuumOptions{Engine: e, Step: p.step})
			p.clear()
			if err != nil {
				return err
			}
			return a.showDatabase(databaseDocument{Vacuum: &v}, text.Vacuumed(path, v, a.textOptions(false)))
		},
	}
}
