package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/store/sqlite"
)

func (a *app) dbCheck() *cobra.Command {
	var full bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Look whether the database is sound",
		Long: `check reads the database, beside others who use it, and changes nothing: the structure of the file, and whether
what is kept agrees with itself: roll-ups with readings, codes with scans, search entries with what they find, and
files with their SHA-256.

The exit code is 6 when something is wrong.`,
		Example: "  obdctl db check\n  obdctl db check --full",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, e, err := a.existing(cmd.Context())
			if err != nil {
				return err
			}
			p := a.newProgress()
			found, err := sqlite.Check(cmd.Context(), path, sqlite.CheckOptions{Engine: e, Full: full, Step: p.step})
			p.clear()
			if err != nil {
				return err
			}
			verdict := sqlite.Err(path, found)
			sound := verdict == nil
			shown := a.showDatabase(databaseDocument{Sound: &sound, Checks: found}, text.Checks(path, found, full, a.textOptions(false)))
			return firstError(shown, told(verdict))
		},
	}
	cmd.Flags().BoolVar(&full, "full", false, "compare every index, roll-up and file, not samples")
	return cmd
}
