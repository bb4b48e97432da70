package main

import (
	"cmp"
	"context"
	"io"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/scan"
)

// watchFlags say what is done with each car.
type watchFlags struct {
	out, kind, format string
	every             time.Duration
	cars              int
}

func (a *app) watchBay() *cobra.Command {
	var f watchFlags
	cmd := &cobra.Command{
		Use:   "watch",
		Short: "Plug a car in: it is scanned, saved and reported, then the next one",
		Long: `watch waits for a car at the adapter, scans it, keeps the scan, writes a report, and waits until that car
is gone. It goes on until Ctrl-C, or until --cars cars were seen. A car whose reading fails is tried again.`,
		Example: `  obdctl watch --adapter /dev/ttyUSB0 --out ~/today
  obdctl watch --adapter tcp://192.168.0.10:35000 --report emissions --format html --out day --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.every <= 0 {
				return errs.New(errs.Usage, "--every is a time such as 3s")
			}
			if _, err := report.Find(f.kind); f.kind != "none" && err != nil {
				return errs.New(errs.Usage, "--report: %w", err).WithHint("or none")
			}
			return a.watchCars(cmd.Context(), f)
		},
	}
	cmd.Flags().StringVar(&f.out, "out", "", "`FOLDER` of the reports (default: no reports)")
	cmd.Flags().StringVar(&f.kind, "report", "health", "which report: health, emissions, compare, history or none")
	cmd.Flags().StringVar(&f.format, "format", "", "pdf, html, xlsx, csv, json or md (default: the configuration's)")
	cmd.Flags().DurationVar(&f.every, "every", 3*time.Second, "how often to look for a car, and whether it is still there")
	cmd.Flags().IntVar(&f.cars, "cars", 0, "end after so many cars; 0 for never")
	completeFlag(cmd, "report", "health", "emissions", "compare", "history", "none")
	completeFlag(cmd, "format", "pdf", "html", "xlsx", "csv", "json", "md")
	return cmd
}

// seenCar is one line of `watch --json`.
type seenCar struct {
	Schema string    `json:"schema"`
	At     time.Time `json:"at"`
	ScanID uuid.UUID `json:"scan_id"`
	VIN    string    `json:"vin,omitempty"`
	MIL    bool      `json:"mil"`
	Codes  int       `json:"codes"`
	Report string    `json:"report,omitempty"`
}

func (a *app) watchCars(ctx context.Context, f watchFlags) error {
	a.notice(true, "waiting for a car at "+a.flags.adapter+"; Ctrl-C ends")
	for cars, waiting := 0, error(nil); f.cars == 0 || cars < f.cars; {
		s, err := a.readAndSave(ctx, scan.Options{}, uuid.Nil)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			if isFinal(err) {
				return err
			}
			if waiting == nil || waiting.Error() != err.Error() {
				a.notice(s != nil, "not read: "+err.Error())
			}
			waiting = err
			if err := pause(ctx, f.every); err != nil {
				return err
			}
			continue
		}
		waiting = nil
		cars++
		if err := a.tellCar(ctx, s, f); err != nil {
			return err
		}
		if f.cars == 0 || cars < f.cars {
			if err := a.untilGone(ctx, f.every); err != nil {
				return err
			}
			a.notice(true, "the car is gone; waiting for the next one")
		}
	}
	return nil
}

// isFinal tells what waiting does not mend. A database that another program is writing is worth another try.
func isFinal(err error) bool {
	switch errs.KindOf(err) {
	case errs.Usage, errs.BadInput, errs.Unsupported, errs.Cancelled, errs.Internal:
		return true
	}
	return false
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tellCar writes the report and shows the car.
func (a *app) tellCar(ctx context.Context, s *obd.Scan, f watchFlags) error {
	seen := seenCar{Schema: "obdctl.seen/1", At: s.Started, ScanID: s.ID, VIN: s.Vehicle.VIN, MIL: s.MIL}
	codes := map[string]bool{}
	for _, c := range s.Codes {
		codes[c.Code] = true
	}
	seen.Codes = len(codes)
	if f.out != "" && f.kind != "none" && a.saves() {
		path, err := a.watchReport(ctx, s, f)
		if err != nil {
			return err
		}
		seen.Report = path
	}
	if a.flags.json {
		return writeLine(a.out, seen)
	}
	return a.show(text.Seen(s, seen.Report, a.textOptions(false)))
}

// watchReport writes the report into the folder, under the vehicle and time.
func (a *app) watchReport(ctx context.Context, s *obd.Scan, f watchFlags) (string, error) {
	r, err := report.Find(f.kind)
	if err != nil {
		return "", errs.New(errs.Usage, "--report: %w", err)
	}
	format := cmp.Or(f.format, a.conf.Report.Format, "pdf")
	name := cmp.Or(s.Vehicle.VIN, "no-vin") + "-" + s.Started.In(localZone()).Format("20060102-150405") + "-" + f.kind + "." + format
	rf := reportFlags{format: format, out: filepath.Join(f.out, filepath.Base(name))}
	if r.Needs == report.OneScan {
		rf.scan = s.ID.String()
	} else {
		rf.vehicle = s.Vehicle.VIN
	}
	if err := makeFolder(f.out); err != nil {
		return "", err
	}
	quiet := *a
	quiet.flags.quiet, quiet.flags.json, quiet.out = true, false, io.Discard
	way, err := quiet.reportWay(&rf)
	if err != nil {
		return "", err
	}
	err = quiet.withReport(ctx, r, &rf, nil, false, func(in report.Input, o report.Options) error {
		d, err := r.Build(in, o)
		if err != nil {
			return err
		}
		return way.write(d)
	})
	return rf.out, err
}

// goneAfter is how many looks in a row nobody must answer: cars doze for a moment after the engine stops.
const goneAfter = 2

// untilGone waits until the car was unplugged or switched off. It looks with the least that every car answers.
func (a *app) untilGone(ctx context.Context, every time.Duration) error {
	quiet := *a
	quiet.flags.quiet, quiet.flags.record = true, ""
	for missed := 0; missed < goneAfter; {
		if err := pause(ctx, every); err != nil {
			return err
		}
		if quiet.answers(ctx) {
			missed = 0
		} else {
			missed++
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// answers tells whether a car is at the adapter.
func (a *app) answers(ctx context.Context) bool {
	s, err := a.dialFor(ctx, link.ReadOnly(), time.Second)
	if err != nil {
		return false
	}
	defer s.done() //nolint:errcheck // nothing was written
	_, _, err = s.tester.Supported(ctx, obd.ServiceCurrentData)
	return err == nil && s.tester.Answered()
}
