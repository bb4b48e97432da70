package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
)

// part is a command that reads and shows one part of a scan. Its JSON is the same document as that of
// `scan`; `complete` tells which steps were read.
type part struct {
	use, short, long, example string
	steps                     []obd.Step
	show                      func(*obd.Scan, text.Options) *text.Page
}

func (a *app) part(p part) *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use: p.use, Short: p.short, Long: p.long, Example: p.example,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := a.read(cmd.Context(), scan.Options{Steps: p.steps})
			if s == nil {
				return err
			}
			if a.flags.json {
				return firstError(writeJSON(a.out, s), told(err))
			}
			return firstError(a.show(p.show(s, a.textOptions(all))), told(err))
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "everything, not only what matters")
	return cmd
}

func (a *app) freeze() *cobra.Command {
	return a.part(part{
		use: "freeze", short: "Freeze frames: what the car saw when a code was stored",
		example: "  obdctl freeze\n  obdctl freeze --adapter sim: --units imperial",
		steps:   []obd.Step{obd.StepFreeze}, show: text.FreezeFrames,
	})
}

func (a *app) monitors() *cobra.Command {
	return a.part(part{
		use: "monitors", short: "Readiness monitors, inspection verdict, and what completes the open ones",
		long: `monitors shows the readiness since the codes were cleared and in this driving cycle, merged over all
control units, the verdict of an inspection, and for every open monitor the drive that completes it.`,
		example: "  obdctl monitors\n  obdctl monitors --json",
		steps:   []obd.Step{obd.StepReadiness, obd.StepStored, obd.StepPermanent, obd.StepReadings, obd.StepVehicle},
		show:    text.Monitors,
	})
}

func (a *app) tests() *cobra.Command {
	return a.part(part{
		use: "tests", short: "On-board monitor tests (service 06, and 05 on older lines) with their margins",
		example: "  obdctl tests            # failed ones and those close to their limit\n  obdctl tests --all",
		steps:   []obd.Step{obd.StepTests}, show: text.Tests,
	})
}

func (a *app) info() *cobra.Command {
	return a.part(part{
		use: "info", short: "Vehicle and control units: VIN, calibrations, names, in-use counters",
		example: "  obdctl info\n  obdctl info --json",
		steps:   []obd.Step{obd.StepVehicle, obd.StepInfo, obd.StepVoltage}, show: text.Info,
	})
}
