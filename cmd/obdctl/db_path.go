package main

import (
	"os"

	"github.com/spf13/cobra"
)

func (a *app) dbPath() *cobra.Command {
	return &cobra.Command{
		Use:     "path",
		Short:   "Which file is used",
		Example: `  cp "$(obdctl db path)" elsewhere     # no: use 'obdctl db backup', which is safe at any time`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.flags.json {
				_, err := os.Stat(a.database())
				return writeJSON(a.out, map[string]any{"schema": "obdctl.path/1", "path": a.database(), "exists": err == nil})
			}
			_, err := a.out.Write([]byte(a.database() + "\n"))
			return err
		},
	}
}
