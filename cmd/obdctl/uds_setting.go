package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) setting() *cobra.Command {
	return &cobra.Command{
		Use:     "setting on|off|NN",
		Short:   "Switch the storing of trouble codes on or off (service 85)",
		Example: "  obdctl uds setting on --i-know setting",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			setting, err := choice("setting", args[0], []string{"on", "off"}, []byte{uds.SettingOn, uds.SettingOff})
			if err != nil {
				return err
			}
			return x.change(cmd.Context(), udsChange{
				word: "setting", service: uds.DTCSetting, anyECU: true,
				consequences: "With the setting off, faults leave no codes. It is on again when the session ends.",
			}, func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, uds.SetDTCSetting(setting), false)
			})
		},
	}
}
