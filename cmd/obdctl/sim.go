package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/cmd/obdctl/text"
)

func (a *app) sim() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Simulated cars: list them, or serve one to any OBD program",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.simList(), a.simServe())
	return cmd
}

func (a *app) simList() *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "The simulated cars and adapters",
		Example: "  obdctl sim list\n  obdctl scan --adapter sim:diesel-4ecu-29bit",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if a.flags.json {
				return writeJSON(a.out, map[string]any{"schema": "obdctl.simulated/1", "scenarios": simulator.Scenarios()})
			}
			p := text.NewPage(a.width())
			p.Section("Simulated cars")
			var rows [][]text.Cell
			for _, s := range simulator.Scenarios() {
				rows = append(rows, []text.Cell{text.T(text.Strong, "sim:%s", s.Name), text.C("%s", s.Title)})
			}
			p.Table(2, rows)
			return a.show(p)
		},
	}
}
