package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) periodic() *cobra.Command {
	return &cobra.Command{
		Use:   "periodic slow|medium|fast|stop [F2nn...]",
		Short: "Let a control unit send identifiers by itself, or stop it (service 2A)",
		Long: `periodic asks a control unit to send identifiers of the range F200 to F2FF again and again until it is told to
stop or the session ends. The messages themselves come on the bus outside of any answer: watch them with
'obdctl can dump'.`,
		Example: "  obdctl uds periodic slow F201 F202 --ecu 7E8 --session 03 --i-know periodic",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			mode, err := choice("mode", args[0], []string{"slow", "medium", "fast", "stop"},
				[]byte{uds.SendSlow, uds.SendMedium, uds.SendFast, uds.StopSending})
			if err != nil {
				return err
			}
			var low []byte
			for _, arg := range args[1:] {
				did, err := hexNumber("identifier", arg, 16)
				if err != nil || did>>8 != 0xF2 {
					return errs.New(errs.Usage, "identifier %q is not one of F200 to F2FF", arg)
				}
				low = append(low, byte(did))
			}
			return x.change(cmd.Context(), udsChange{
				word: "periodic", service: uds.ReadPeriodic,
				consequences: "Messages sent again and again load the bus of the vehicle.",
			}, func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, uds.Periodic(mode, low...), false)
			})
		},
	}
}
