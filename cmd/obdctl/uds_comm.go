package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) communication() *cobra.Command {
	var messages string
	cmd := &cobra.Command{
		Use:     "comm enable|rx-only|tx-only|disable|NN",
		Short:   "Stop or resume a control unit's own messages (service 28)",
		Example: "  obdctl uds comm enable --ecu 7E8 --i-know comm",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			control, err := choice("control", args[0], []string{"enable", "rx-only", "tx-only", "disable"},
				[]byte{uds.EnableBoth, uds.EnableRxOnly, uds.EnableTxOnly, uds.DisableBoth})
			if err != nil {
				return err
			}
			kind, err := choice("--messages", messages, []string{"normal", "network", "both"},
				[]byte{uds.NormalMessages, uds.NetworkManagement, uds.NormalAndNetwork})
			if err != nil {
				return err
			}
			return x.change(cmd.Context(), udsChange{
				word: "comm", service: uds.Communication,
				consequences: "A control unit that keeps silent makes the others store codes and light their lamps.",
			}, func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, uds.ControlCommunication(control, kind), false)
			})
		},
	}
	cmd.Flags().StringVar(&messages, "messages", "normal", "which messages: normal, network or both")
	return cmd
}
