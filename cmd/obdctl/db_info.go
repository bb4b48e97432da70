package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func (a *app) dbInfo() *cobra.Command {
	var full bool
	cmd := &cobra.Command{
		Use:     "info",
		Short:   "What the database holds, and how large it is",
		Example: "  obdctl db info\n  obdctl db info --full --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, e, err := a.existing(cmd.Context())
			if err != nil {
				return err
			}
			i, err := sqlite.Look(cmd.Context(), path, e, full)
			if err != nil {
				return err
			}
			return a.showDatabase(databaseDocument{Info: &i}, text.Database(path, i, a.textOptions(false)))
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "measure the readings also where they are more than five million")
	return cmd
}
