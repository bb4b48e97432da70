package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func (x *expert) routine() *cobra.Command {
	return &cobra.Command{
		Use:   "routine start|stop|results ID [DATA...]",
		Short: "Start or stop a routine, or ask for its results (service 31)",
		Example: `  obdctl uds routine start 0203 --ecu 7E8 --session 03 --i-know routine
  obdctl uds routine results 0203 --ecu 7E8 --i-know routine`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			control, err := choice("control", args[0], []string{"start", "stop", "results"},
				[]byte{uds.StartRoutine, uds.StopRoutine, uds.RoutineResults})
			if err != nil {
				return err
			}
			id, err := hexNumber("routine", args[1], 16)
			if err != nil {
				return err
			}
			data, err := hexBytes("data", args[2:]...)
			if err != nil {
				return err
			}
			return x.change(cmd.Context(), udsChange{
				word: "routine", service: uds.RoutineControl,
				consequences: "What a routine does is the maker's matter: it may move parts, erase memory or teach new values.",
			}, func(_ *session, d *diag.Dialogue) error {
				return x.ask(cmd.Context(), d, uds.Routine(control, uint16(id), data...), true)
			})
		},
	}
}
