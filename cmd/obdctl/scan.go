package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/scan"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) scan() *cobra.Command {
	var format, vehicle string
	var failOn []string
	var all, quick, readOnly bool
	cmd := &cobra.Command{
		Use:   "scan",
		Short: "One complete diagnosis of the car",
		Long: `scan reads everything that the car tells: vehicle, lamp, stored, pending and permanent codes, freeze
frames, readiness with an inspection verdict, monitor tests with their margins, live values,
calibrations, supply voltage. What could not be read is listed with the reason; it never costs the rest.

Every scan is kept in the database with each byte of its dialogue; --no-save leaves that out.

scan only reads: services that could change the car cannot be sent by it.`,
		Example: `  obdctl scan
  obdctl scan --adapter sim: --all
  obdctl scan --json > car.json
  obdctl scan --fail-on stored,mil && echo clean
  obdctl scan --adapter tcp://192.168.0.10:35000 --record car.obdrec`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := alwaysReadOnly(readOnly); err != nil {
				return err
			}
			if err := firstError(checkFailOn(failOn), checkFormat(format)); err != nil {
				return err
			}
			belongs, err := a.belonging(cmd.Context(), vehicle)
			if err != nil {
				return err
			}
			s, err := a.readAndSave(cmd.Context(), scan.Options{Quick: quick}, belongs)
			if s == nil {
				return err
			}
			if werr := a.writeScan(s, a.predictedLast(cmd.Context(), s), format, all); werr != nil {
				return werr
			}
			if err != nil {
				return told(err)
			}
			return told(verdictOf(s, failOn))
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json or csv")
	cmd.Flags().StringSliceVar(&failOn, "fail-on", nil, "exit with 10 when found: stored, pending, permanent, mil, readiness")
	cmd.Flags().BoolVar(&all, "all", false, "every value and every passed test")
	cmd.Flags().BoolVar(&quick, "quick", false, "only the most used live values")
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "the vehicle in the database that this is, for a car without a VIN: `WORDS` of label, plate or id")
	cmd.Flags().BoolVar(&a.flags.noSave, "no-save", false, "do not keep the scan in the database")
	cmd.Flags().BoolVar(&readOnly, "read-only", true, "send nothing that could change the car")
	cmd.AddCommand(a.scanList(), a.scanShow(), a.scanDelete())
	completeFlag(cmd, "format", "text", "json", "csv")
	completeFlag(cmd, "fail-on", "stored", "pending", "permanent", "mil", "readiness")
	return cmd
}

// alwaysReadOnly refuses to open what only reads.
func alwaysReadOnly(flag bool) error {
	if flag {
		return nil
	}
	return errs.New(errs.Usage, "this command is always read-only").
		WithHint("leave --read-only=false away; 'dtc clear' clears codes, 'raw --allow' opens single services")
}

// read runs the steps of a scan over a fresh session. A scan that was cut short comes with its error.
func (a *app) read(ctx context.Context, o scan.Options) (*obd.Scan, error) {
	s, err := a.dial(ctx, link.ReadOnly())
	if err != nil {
		return nil, err
	}
	result, err := a.readOver(ctx, s, o)
	if r, ok := s.link.(interface{ Missing() []string }); ok && len(r.Missing()) > 0 {
		a.notice(true, fmt.Sprintf("the recording has no answer to %d of the requests: %s", len(r.Missing()), strings.Join(r.Missing(), " ")))
	}
	return result, firstError(err, s.done())
}

func (a *app) readOver(ctx context.Context, s *session, o scan.Options) (*obd.Scan, error) {
	bar := a.newProgress()
	defer bar.clear()
	o.Progress = func(p scan.Progress) { bar.step(string(p.Step), p.Done, p.Total) }
	return scan.Run(ctx, s.tester, s.options(o))
}

// options fills in who scans, and by which clock.
func (s *session) options(o scan.Options) scan.Options {
	o.Tool = obd.Tool{Name: "obdctl", Version: buildVersion()}
	o.Address = s.link.Describe().Adapter.Address
	o.Now, o.NewID = s.clock.Now, func() (uuid.UUID, error) { return s.clock.NewID(), nil }
	if s.clock.Source() != "system" {
		o.Clock = obd.Clock{Source: s.clock.Source(), Offset: "+00:00"}
	}
	return o
}

// scanDocument is a scan with what was predicted last of its vehicle; the scan itself stays as it was made.
type scanDocument struct {
	*obd.Scan
	Predictions []fleet.Prediction `json:"predictions,omitempty"`
}

// predictedLast is what was said last of the vehicle of a kept scan. Nothing that goes wrong here costs the scan.
func (a *app) predictedLast(ctx context.Context, s *obd.Scan) (said []fleet.Prediction) {
	if !a.saves() {
		return nil
	}
	err := a.view(ctx, func(tx store.Tx) error {
		found, err := tx.Scans().Find(ctx, s.ID.String(), uuid.Nil)
		if err == nil && len(found) == 1 {
			said, err = tx.Predictions().Latest(ctx, found[0].VehicleID)
		}
		return err
	})
	if err != nil {
		a.notice(true, "what was predicted last could not be read: "+err.Error())
	}
	return said
}

func (a *app) writeScan(s *obd.Scan, said []fleet.Prediction, format string, all bool) error {
	if a.flags.json {
		format = "json"
	}
	switch format {
	case "json":
		return writeJSON(a.out, scanDocument{s, said})
	case "csv":
		return writeScanCSV(a.out, s)
	}
	return a.show(text.Scan(s, said, a.textOptions(all)))
}

func checkFormat(format string) error {
	switch format {
	case "json", "csv", "text":
		return nil
	}
	return errs.New(errs.Usage, "--format %s is not known", format).WithHint("use text, json or csv")
}

var failures = map[string]func(*obd.Scan) bool{
	"stored":    func(s *obd.Scan) bool { return hasKind(s, obd.Stored) },
	"pending":   func(s *obd.Scan) bool { return hasKind(s, obd.Pending) },
	"permanent": func(s *obd.Scan) bool { return hasKind(s, obd.Permanent) },
	"mil":       func(s *obd.Scan) bool { return s.MIL },
	"readiness": func(s *obd.Scan) bool { return s.Assessment.Inspection.Verdict != obd.Pass },
}

func hasKind(s *obd.Scan, kind obd.CodeKind) bool {
	return slices.ContainsFunc(s.Codes, func(c obd.DTC) bool { return c.Kind == kind })
}

func checkFailOn(words []string) error {
	for _, w := range words {
		if failures[w] == nil {
			return errs.New(errs.Usage, "--fail-on %s is not known", w).
				WithHint("use any of: stored, pending, permanent, mil, readiness")
		}
	}
	return nil
}

// needs are the steps that must have been read in full before the absence of something counts.
var needs = map[string]obd.Step{
	"stored": obd.StepStored, "pending": obd.StepPending, "permanent": obd.StepPermanent,
	"mil": obd.StepReadiness, "readiness": obd.StepReadiness,
}

// unsupported tells that the vehicle does not have what the step reads: cars before 2010 know no
// permanent codes, and thus have none.
func unsupported(s *obd.Scan, step obd.Step) bool {
	known := false
	for _, u := range s.Unread {
		if u.Step == step {
			if u.Reason != obd.NotSupported {
				return false
			}
			known = true
		}
	}
	return known
}

// verdictOf says what --fail-on found. A list that could not be read is not an empty list: it is an
// adapter fault for a script, never a pass; permanent codes that the car does not have are none.
func verdictOf(s *obd.Scan, words []string) error {
	var found, blind []string
	for _, w := range words {
		switch {
		case failures[w](s):
			found = append(found, w)
		case !slices.Contains(s.Complete, needs[w]) && !(w == "permanent" && unsupported(s, obd.StepPermanent)):
			blind = append(blind, w)
		}
	}
	if len(found) > 0 {
		return exitVerdict{found}
	}
	if len(blind) > 0 {
		return errs.New(errs.Adapter, "--fail-on: %s could not be read in full", strings.Join(blind, ", ")).
			WithHint("the section 'Not read' of the scan says why")
	}
	return nil
}
