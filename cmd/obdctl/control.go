package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

const controlConsequences = `Service 08 makes the car do something: close a vent valve, run a pump, start a test. What a test ID does
is the maker's matter beyond the few that SAE J1979 names (01 closes the evaporative system for a leak test).`

// controlled is what `control --json` writes.
type controlled struct {
	Schema string         `json:"schema"`
	ECUs   []diag.Outcome `json:"ecus"`
}

func (a *app) control() *cobra.Command {
	var yes, force bool
	cmd := &cobra.Command{
		Use:   "control TID [DATA]",
		Short: "Control an on-board system (service 08), after you confirmed it",
		Long: controlConsequences + `

It is refused while the engine runs. TID is one hexadecimal byte, DATA up to five.`,
		Example: "  obdctl control 01\n  obdctl control 01 0000000000 --yes",
		Args:    cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			tid, err := strconv.ParseUint(args[0], 16, 8)
			if err != nil {
				return errs.New(errs.Usage, "test ID %q is not one hexadecimal byte", args[0])
			}
			data, err := hex.DecodeString(strings.Join(args[1:], ""))
			if err != nil {
				return errs.New(errs.Usage, "data %q is not hexadecimal", args[1])
			}
			if err := a.confirm(cmd.Context(), yes, controlConsequences, "CONTROL"); err != nil {
				return err
			}
			s, err := a.dial(cmd.Context(), link.ReadOnly().With(obd.ServiceControl))
			if err != nil {
				return err
			}
			out, err := s.tester.Control(cmd.Context(), byte(tid), data, force)
			if err = firstError(err, s.done()); err != nil {
				return err
			}
			return a.showControlled(out)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm: I know what the test does")
	cmd.Flags().BoolVar(&force, "engine-state-unknown", false, "go on although the car does not tell whether the engine runs")
	return cmd
}

func (a *app) showControlled(out []diag.Outcome) error {
	var err error
	for _, o := range out {
		if !o.Done {
			err = errs.New(errs.Denied, "control unit %s did not do it: %s", o.ECU, text.Why(o))
		}
	}
	if a.flags.json {
		return firstError(writeJSON(a.out, controlled{Schema: "obdctl.controlled/1", ECUs: out}), told(err))
	}
	return firstError(a.show(text.Outcomes("Control", out)), err)
}

// confirm names the consequences and asks on a terminal for one whole word; a script says yes.
func (a *app) confirm(ctx context.Context, yes bool, consequences, word string) error {
	if yes {
		return nil
	}
	denied := errs.New(errs.Denied, "this needs a confirmation").
		WithHint("run it on a terminal, or read the command's --help and give --yes")
	if !isTerminal(a.in) {
		return denied
	}
	fmt.Fprintf(a.err, "\n%s\n\nType %s to go on: ", consequences, word)
	answer, err := bufio.NewReader(interruptible(ctx, a.in)).ReadString('\n')
	if err != nil || strings.TrimSpace(answer) != word {
		return errs.New(errs.Denied, "not confirmed, nothing was sent")
	}
	return nil
}
