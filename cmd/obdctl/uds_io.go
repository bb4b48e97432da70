package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) control() *cobra.Command {
	return &cobra.Command{
		Use:   "io DID return|default|freeze|adjust [STATE...]",
		Short: "Take over an input or output, or give it back (service 2F)",
		Example: `  obdctl uds io 0155 adjust 07 --ecu 7E8 --session 03 --i-know io
  obdctl uds io 0155 return --ecu 7E8 --i-know io`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			did, err := hexNumber("identifier", args[0], 16)
			if err != nil {
				return err
			}
			parameter, err := choice("control", args[1], []string{"return", "default", "freeze", "adjust"},
				[]byte{uds.ReturnControl, uds.ResetDefault, uds.FreezeState, uds.ShortTermTest})
			if err != nil {
				return err
			}
			state, err := hexBytes("state", args[2:]...)
			if err != nil {
				return err
			}
			return x.change(cmd.Context(), udsChange{
				word: "io", service: uds.InputOutputControl,
				consequences: "Parts may move, heat up or switch: keep hands and clothes away from fans, flaps and belts. Control goes back when the session ends.",
			}, func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, uds.ControlIO(uint16(did), parameter, state...), false)
			})
		},
	}
}
