package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) compare() *cobra.Command {
	var vehicle string
	var all bool
	cmd := &cobra.Command{
		Use:   "compare [BEFORE [AFTER]]",
		Short: "What a repair changed: two scans side by side",
		Long: `compare says which codes are gone, new and still there, how readiness, freeze frames and the car's own tests
moved, and whether the repair is proven: codes that were only cleared are gone too, until the car has tested itself.

BEFORE and AFTER are kept scans (the start of an id, first, last, last~1) or files with a scan's JSON. Without
them the last two scans are compared, with --vehicle those of one vehicle.`,
		Example: `  obdctl compare
  obdctl compare last~1 last --vehicle focus
  obdctl compare before.json after.json --json`,
		Args: cobra.MaximumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			before, after, err := a.twoScans(cmd.Context(), args, vehicle)
			if err != nil {
				return err
			}
			if after.Started.Before(before.Started) {
				a.notice(true, "the first scan was made after the second one")
			}
			r := compare.Scans(before, after)
			if a.flags.json {
				return writeJSON(a.out, r)
			}
			return a.show(text.Compare(r, a.textOptions(all)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().BoolVar(&all, "all", false, "every monitor and test, not only those that moved")
	return cmd
}

// twoScans reads the scans that were named, or the last two of the vehicle that was scanned last.
func (a *app) twoScans(ctx context.Context, args []string, vehicle string) (before, after *obd.Scan, err error) {
	names := []string{"last~1", "last"}
	copy(names, args)
	if after, err = a.scanOf(ctx, names[1], vehicle); err != nil {
		return nil, nil, err
	}
	if len(args) == 0 && vehicle == "" {
		err = a.view(ctx, func(tx store.Tx) error {
			info, err := oneScan(ctx, tx, after.ID.String(), uuid.Nil)
			vehicle = info.VehicleID.String()
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	before, err = a.scanOf(ctx, names[0], vehicle)
	if err != nil && len(args) == 0 {
		return nil, nil, errs.New(errs.BadInput, "the vehicle that was scanned last has no earlier scan").WithHint("name both scans; 'obdctl scan list' shows all")
	}
	if err == nil && before.ID == after.ID {
		err = errs.New(errs.Usage, "both are the same scan").WithHint("'obdctl scan list' shows the others")
	}
	return before, after, err
}

func isFile(name string) bool {
	return strings.HasSuffix(name, ".json") || strings.ContainsAny(name, `/\`)
}

// maxScanFile bounds a scan's JSON: the largest real one, a truck's, has about 1 MB.
const maxScanFile = 64 << 20

// scanOf reads a scan from a file, or from the database.
func (a *app) scanOf(ctx context.Context, name, vehicle string) (*obd.Scan, error) {
	if !isFile(name) {
		return a.keptScan(ctx, name, vehicle)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, errs.New(errs.BadInput, "read scan: %w", err)
	}
	defer f.Close()
	return readScanJSON(name, f)
}

// readScanJSON reads one document of the scan's schema and nothing else.
func readScanJSON(name string, r io.Reader) (*obd.Scan, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxScanFile+1))
	if err != nil {
		return nil, errs.New(errs.BadInput, "read scan: %w", err)
	}
	if len(data) > maxScanFile {
		return nil, errs.New(errs.BadInput, "%s is larger than 64 MiB and no scan", name)
	}
	var s obd.Scan
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&s); err != nil {
		return nil, errs.New(errs.BadInput, "%s is no scan in JSON: %w", name, err).WithHint("'obdctl scan --json' and 'obdctl scan show --json' write one")
	}
	if rest := bytes.TrimSpace(data[dec.InputOffset():]); len(rest) > 0 {
		return nil, errs.New(errs.BadInput, "%s holds more than one scan in JSON: %d bytes follow it", name, len(rest)).WithHint("give each scan in a file of its own")
	}
	if s.Schema != obd.ScanSchema {
		return nil, errs.New(errs.BadInput, "%s: its schema is %q, want %s", name, s.Schema, obd.ScanSchema).WithHint("'obdctl scan --json' and 'obdctl scan show --json' write one")
	}
	return &s, nil
}
