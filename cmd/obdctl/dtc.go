package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/obd"
)

func (a *app) dtc() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "dtc",
		Short: "Trouble codes: list, explain, search, clear",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.dtcList(), a.dtcExplain(), a.dtcSearch(), a.dtcClear())
	return cmd
}

func (a *app) dtcList() *cobra.Command {
	return a.part(part{
		use: "list", short: "Stored, pending and permanent codes of every control unit",
		example: "  obdctl dtc list\n  obdctl dtc list --json | jq -r '.codes[].code'",
		steps:   []obd.Step{obd.StepReadiness, obd.StepStored, obd.StepPending, obd.StepPermanent},
		show:    text.Codes,
	})
}
