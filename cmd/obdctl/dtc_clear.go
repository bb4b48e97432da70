package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
	"github.com/fleetms/obdctl/internal/scan"
)

const clearConsequences = `Clearing codes erases from every control unit that answers:
  - stored and pending codes (permanent codes stay until the car itself proves the repair)
  - freeze frames and monitor test results, the evidence of what went wrong
  - readiness: every monitor becomes open, and the car fails an inspection until they have run again
  - learned fuel trims on many cars: it may run worse for a while
It repairs nothing.`

const previousConsequences = `Clearing the previously active codes erases from every control unit that answers:
  - the codes of faults that are not there now, with how often they came
  - their freeze frames, the evidence of a fault that comes and goes
Active codes stay.`

// cleared is what `dtc clear` did.
type cleared struct {
	Schema string         `json:"schema"`
	Saved  string         `json:"saved"` // the scan from before, a file
	ECUs   []diag.Outcome `json:"ecus"`
}

func (a *app) dtcClear() *cobra.Command {
	var o clearOptions
	cmd := &cobra.Command{
		Use:   "clear",
		Short: "Clear codes, after everything was saved and you confirmed it",
		Long: clearConsequences + `

Everything is read and saved to a file first. Clearing is refused while the engine runs.
The result is given per control unit; one that refuses is not cleared.`,
		Example: "  obdctl dtc clear\n  obdctl dtc clear --yes --json     # for scripts: you have read the consequences\n  obdctl dtc clear --previous",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.clearCodes(cmd.Context(), o)
		},
	}
	cmd.Flags().BoolVar(&o.yes, "yes", false, "confirm: I know what is erased (see --help)")
	cmd.Flags().BoolVar(&o.force, "engine-state-unknown", false, "clear although the car does not tell whether the engine runs")
	cmd.Flags().BoolVar(&o.previous, "previous", false, "trucks: clear only the codes that are no longer active (DM3)")
	return cmd
}

// clearOptions are the flags of `dtc clear`.
type clearOptions struct{ yes, force, previous bool }

// consequences says what is lost.
func (o clearOptions) consequences() string {
	if o.previous {
		return previousConsequences
	}
	return clearConsequences
}

func (a *app) clearCodes(ctx context.Context, o clearOptions) error {
	if !o.yes && !isTerminal(a.in) {
		return errs.New(errs.Denied, "clearing codes needs a confirmation").
			WithHint("run it on a terminal, or read 'obdctl dtc clear --help' and give --yes")
	}
	var confirmed link.Latch // until it opens, the session only reads
	s, err := a.dial(ctx, link.ReadOnly().Behind(&confirmed, obd.ServiceClear, uds.ClearInformation))
	if err != nil {
		return err
	}
	done, err := a.clearOver(ctx, s, &confirmed, o)
	if done != nil {
		show := func() error { return a.show(text.Cleared(done.Saved, done.ECUs)) }
		if a.flags.json {
			show = func() error { return writeJSON(a.out, done) }
		}
		err = firstError(show(), told(err))
	}
	return firstError(err, s.done())
}

func (a *app) clearOver(ctx context.Context, s *session, confirmed *link.Latch, o clearOptions) (*cleared, error) {
	c := clearing{
		latch: confirmed, options: o,
		read: func(ctx context.Context) (*obd.Scan, error) { return a.readOver(ctx, s, scan.Options{}) },
		agree: func(ctx context.Context, before *obd.Scan, path string) error {
			fmt.Fprintf(a.err, "obdctl: saved the scan from before to %s\n", path)
			return a.confirm(ctx, o.yes, o.loss(before), "CLEAR")
		},
	}
	return c.over(ctx, s.tester)
}

// loss says what is erased, in numbers.
func (o clearOptions) loss(before *obd.Scan) string {
	codes := len(before.Codes)
	if o.previous {
		codes = 0
		for _, c := range before.Codes {
			if c.Kind == obd.PreviouslyActive {
				codes++
			}
		}
		return fmt.Sprintf("%s\n\nCodes to be erased: %d.", o.consequences(), codes)
	}
	return fmt.Sprintf("%s\n\nCodes to be erased: %d, freeze frames: %d.", o.consequences(), codes, len(before.FreezeFrames))
}
