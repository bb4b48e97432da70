package main

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/store"
)

const reportLong = `report writes what was found for people: as PDF to hand over, as a web page, as a spreadsheet, or as text.

  health      one scan: what was found, what it means, what to do
  emissions   one scan: would the car pass an inspection, and what is missing
  compare     two scans: what a repair changed
  trip        one journey, with charts
  history     everything that is kept of a vehicle
  fleet-day   one day of all vehicles

The shop's name, address, logo and colour come from the configuration ('obdctl config', settings shop.*).
With --time the same input gives the same bytes.`

// reportFlags say what a report is made of and how it is written.
type reportFlags struct {
	format, out, language, paper, time, table string
	input, scan, vehicle, day, trip           string
}

func (a *app) report() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Reports for people: PDF, web page, spreadsheet, text",
		Long:  reportLong,
		Example: `  obdctl report health --adapter sim: --out health.pdf     # read a car now
  obdctl report health --scan last --lang de --out health.pdf
  obdctl scan --json | obdctl report emissions --input - --format md
  obdctl report compare last~1 last --vehicle focus --out repair.pdf --paper letter
  obdctl report trip --trip last~1 --vehicle focus --out trip.pdf
  obdctl report fleet-day --day 2026-11-20 --format xlsx --out day.xlsx`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, r := range report.All() {
		cmd.AddCommand(a.oneReport(r))
	}
	return cmd
}

// reportUses says what each kind of report takes.
var reportUses = map[string]struct{ args, short string }{
	"health":    {"", "What was found, what it means, what to do"},
	"emissions": {"", "Would the car pass an inspection"},
	"compare":   {" [BEFORE [AFTER]]", "What a repair changed, for the customer"},
	"trip":      {"", "One journey with charts"},
	"history":   {"", "Everything that is kept of a vehicle"},
	"fleet-day": {"", "One day of all vehicles"},
}

func (a *app) oneReport(r report.Report) *cobra.Command {
	var f reportFlags
	use := reportUses[r.Name]
	cmd := &cobra.Command{
		Use: r.Name + use.args, Short: use.short, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			way, err := a.reportWay(&f)
			if err != nil {
				return err
			}
			read := cmd.Flags().Changed("adapter")
			return a.withReport(cmd.Context(), r, &f, args, read, func(in report.Input, o report.Options) error {
				d, err := r.Build(in, o)
				if err != nil {
					return err
				}
				return way.write(d)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.format, "format", "", "pdf, html, xlsx, csv, json or md (default: the end of --out, the configuration, or pdf)")
	flags.StringVarP(&f.out, "out", "o", "", "write to `FILE`, - for standard output")
	flags.StringVar(&f.language, "lang", "", "language: en, de, es or fr")
	flags.StringVar(&f.paper, "paper", "", "of PDF: a4 or letter")
	flags.StringVar(&f.time, "time", "", "time at which the report is made, RFC 3339 (default: now)")
	flags.StringVar(&f.table, "table", "", "of CSV: only the table with this `ID`, such as codes")
	completeFlag(cmd, "format", "pdf", "html", "xlsx", "csv", "json", "md")
	completeFlag(cmd, "lang", "en", "de", "es", "fr")
	completeFlag(cmd, "paper", "a4", "letter")
	a.sourceFlags(cmd, r, &f)
	return cmd
}

// sourceFlags are those by which a kind of report finds what it is made of.
func (a *app) sourceFlags(cmd *cobra.Command, r report.Report, f *reportFlags) {
	flags := cmd.Flags()
	if r.Needs == report.OneScan {
		flags.StringVar(&f.input, "input", "", "a scan's JSON: `FILE`, - for standard input")
		flags.BoolVar(&a.flags.noSave, "no-save", false, "do not keep a scan that is made for the report")
		flags.StringVar(&f.scan, "scan", "", "a kept scan: last, last~1, first or the start of an id")
	}
	if r.Needs == report.OneTrip {
		flags.StringVar(&f.trip, "trip", "", "last, last~1, first or the start of an id, see 'obdctl trip list' (default: last)")
	}
	if r.Needs == report.TwoScans {
		cmd.Args = cobra.MaximumNArgs(2)
	}
	if r.Needs == report.AFleetDay {
		flags.StringVar(&f.day, "day", "", "the day, such as 2026-11-20 (default: today)")
		return
	}
	flags.StringVar(&f.vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
}

// withReport gathers what a report is made of and hands it on while the database is open.
func (a *app) withReport(ctx context.Context, r report.Report, f *reportFlags, args []string, readCar bool, use func(report.Input, report.Options) error) error {
	o, err := a.reportOptions(ctx, f)
	if err != nil {
		return err
	}
	if r.Needs == report.OneScan && (f.input != "" || readCar && f.scan == "" && f.vehicle == "") {
		s, err := a.freshScan(ctx, f)
		if s == nil {
			return err
		}
		return firstError(use(report.Input{Scan: s}, o), told(err))
	}
	if r.Needs == report.TwoScans {
		return a.comparedReport(ctx, f, args, func(in report.Input) error { return use(in, o) })
	}
	return a.view(ctx, func(tx store.Tx) error {
		g := gatherer{ctx: ctx, tx: tx, o: o}
		in, err := g.input(r, f)
		if err != nil {
			return err
		}
		return use(in, o)
	})
}

// oneOf checks a word against those that are allowed.
func oneOf(flag, word string, allowed ...string) error {
	if slices.Contains(allowed, word) {
		return nil
	}
	return errs.New(errs.Usage, "--%s %s is not known", flag, word).WithHint("use one of: %s", strings.Join(allowed, ", "))
}
