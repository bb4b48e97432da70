package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) reset() *cobra.Command {
	return &cobra.Command{
		Use:     "reset hard|keyoffon|soft|NN",
		Short:   "Restart a control unit (service 11)",
		Example: "  obdctl uds reset soft --ecu 7E8 --i-know reset",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind, err := choice("reset", args[0], []string{"hard", "keyoffon", "soft"},
				[]byte{uds.HardReset, uds.KeyOffOnReset, uds.SoftReset})
			if err != nil {
				return err
			}
			return x.change(cmd.Context(), udsChange{
				word: "reset", service: uds.ECUReset,
				consequences: "A reset restarts the control unit: the engine stops, lamps come on, learned values that were not stored are lost.",
			}, func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, uds.Reset(kind), true)
			})
		},
	}
}
