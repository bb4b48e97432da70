package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) read() *cobra.Command {
	return &cobra.Command{
		Use:   "read DID...",
		Short: "Read data identifiers (service 22)",
		Long: `read asks for data identifiers, four hexadecimal digits each, all in one request. Where the length of an
identifier's data is not known, the answer is cut at the next identifier that was asked for.`,
		Example: "  obdctl uds read F190\n  obdctl uds read F187 F18C --ecu 7E8 --json",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var dids []uint16
			for _, arg := range args {
				n, err := hexNumber("identifier", arg, 16)
				if err != nil {
					return err
				}
				dids = append(dids, uint16(n))
			}
			return x.look(cmd.Context(), func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, uds.ReadDIDs(dids...), false)
			})
		},
	}
}
