package main

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/export"
)

const exportLong = `export writes what is kept as a table for other programs: CSV, JSON lines, Excel or Parquet, row by row, so that
a hundred million readings need no more memory than one. --what is one of

  readings   values with their time, by vehicle and time (the default)
  scans      diagnoses, one row each; 'obdctl scan show --json' has all of one
  codes      trouble codes with first and last seen
  tests      results of monitor tests, scan by scan
  trips      journeys that were found in readings
  vehicles   the garage

--wide gives readings one row for each moment and one column for each signal, as spreadsheets like them. Signals
that are asked one after another have moments of their own: --step 1s puts them into rows of a second, with the
last value of each. States are their number there.

A file is written whole or not at all. Numbers are metric unless --units imperial is given; times are UTC.
docs/schema.md describes the columns.`

// exportFlags are what is exported, and how.
type exportFlags struct {
	what, format, out string
	vehicle, code     string
	since, until      string
	signals           []string
	wide              bool
	step              time.Duration
	from, to          time.Time // of since and until
}

func (a *app) export() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Tables for other programs: CSV, JSON lines, Excel, Parquet",
		Long:  exportLong,
		Example: `  obdctl export --vehicle focus --signal RPM,ECT --since 30d --out focus.csv
  obdctl export --vehicle focus --wide --step 1s --out focus.xlsx
  obdctl export --out all.parquet                    # every reading of every vehicle
  obdctl export --what codes --code P04 --format jsonl | jq .code`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if f.from, f.to, err = a.stretch(f.since, f.until); err != nil {
				return err
			}
			return a.runExport(cmd.Context(), f)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.what, "what", "readings", "readings, scans, codes, tests, trips or vehicles")
	fl.StringVar(&f.format, "format", "", "csv, jsonl, xlsx or parquet (default: the end of --out, or csv)")
	fl.StringVarP(&f.out, "out", "o", "-", "write to `FILE`, - for standard output")
	fl.StringVar(&f.vehicle, "vehicle", "", "only of this vehicle: `WORDS` of VIN, plate, label or id (default: all)")
	fl.StringSliceVar(&f.signals, "signal", nil, "of readings: only these `SIGNALS`, such as RPM,ECT")
	fl.StringVar(&f.code, "code", "", "of scans and codes: only this trouble code; codes: or its start")
	stretchFlags(cmd, &f.since, &f.until)
	fl.BoolVar(&f.wide, "wide", false, "of readings: one column for each signal")
	fl.DurationVar(&f.step, "step", 0, "of --wide: one row for each such stretch of time")
	completeFlag(cmd, "what", exportNames()...)
	completeFlag(cmd, "format", export.Formats()...)
	a.completeSignals(cmd, "signal")
	return cmd
}

// check refuses flags that do not belong together, before anything is opened.
func (f *exportFlags) check(format string) error {
	switch {
	case !slices.Contains(exportNames(), f.what):
		return errs.New(errs.Usage, "--what %s is not known", f.what).WithHint("use one of: %s", strings.Join(exportNames(), ", "))
	case f.what != "readings" && (f.wide || len(f.signals) > 0):
		return errs.New(errs.Usage, "--signal and --wide are for --what readings")
	case f.code != "" && f.what != "scans" && f.what != "codes":
		return errs.New(errs.Usage, "--code is for --what scans and --what codes")
	case f.wide && format == "jsonl":
		return errs.New(errs.Usage, "--wide is for csv, xlsx and parquet").WithHint("lines of JSON have one reading each, see docs/schema.md")
	case f.step != 0 && !f.wide:
		return errs.New(errs.Usage, "--step is for --wide")
	case f.step < 0:
		return errs.New(errs.Usage, "--step must not be below zero")
	}
	return nil
}
