package main

import (
	"cmp"
	"context"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/batch"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/export"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/scan"
	"github.com/fleetms/obdctl/internal/store"
)

// batchScan reads the car, keeps the scan and writes its JSON.
func (a *app) batchScan(ctx context.Context, t *batch.Task, s batch.Step) error {
	belongs, err := a.belonging(ctx, t.Job.Vehicle)
	if err != nil {
		return err
	}
	result, err := a.readAndSave(ctx, scan.Options{Quick: s.Settings["quick"] == "true"}, belongs)
	if err != nil {
		return err
	}
	t.VIN, t.ScanID, t.MIL = result.Vehicle.VIN, result.ID, result.MIL
	seen := map[string]bool{}
	for _, c := range result.Codes {
		seen[c.Code] = true
	}
	t.Codes = len(seen)
	return writeTask(t, "scan.json", func(w io.Writer) error { return writeJSON(w, result) })
}

// batchReport writes a report of the scan that was kept, or of its vehicle.
func (a *app) batchReport(ctx context.Context, t *batch.Task, s batch.Step) error {
	if !a.saves() {
		return errs.New(errs.Usage, "a report needs the scan to be kept").WithHint("leave --no-save away, or the setting save: false")
	}
	kind := cmp.Or(s.Settings["kind"], "health")
	r, err := report.Find(kind)
	if err != nil {
		return errs.New(errs.Usage, "report: %w", err)
	}
	f := reportFlags{format: s.Settings["format"], language: s.Settings["language"], paper: s.Settings["paper"]}
	if f.format == "" {
		f.format = cmp.Or(a.conf.Report.Format, "pdf")
	}
	switch r.Needs {
	case report.OneScan:
		f.scan = t.ScanID.String()
	case report.AFleetDay:
	default:
		if f.vehicle = cmp.Or(t.Job.Vehicle, t.VIN); f.vehicle == "" {
			return errs.New(errs.BadInput, "report %s: the vehicle has no VIN", kind).WithHint("name it in the plan: vehicle: WORDS")
		}
	}
	a.flags.units = cmp.Or(s.Settings["units"], a.flags.units)
	folder, err := t.Place()
	if err != nil {
		return err
	}
	f.out = filepath.Join(folder, kind+"."+f.format)
	way, err := a.reportWay(&f)
	if err != nil {
		return err
	}
	err = a.withReport(ctx, r, &f, nil, false, func(in report.Input, o report.Options) error {
		d, err := r.Build(in, o)
		if err != nil {
			return err
		}
		return way.write(d)
	})
	if err == nil {
		t.Files = append(t.Files, f.out)
	}
	return err
}

// batchPredict says what the kept data foretell of the vehicle that was scanned.
func (a *app) batchPredict(ctx context.Context, t *batch.Task, s batch.Step) error {
	if !a.saves() {
		return errs.New(errs.Usage, "predict needs the scan to be kept").WithHint("leave --no-save away, or the setting save: false")
	}
	shop, closeStore, err := a.tenant(ctx)
	if err != nil {
		return err
	}
	var v fleet.Vehicle
	err = shop.View(ctx, func(tx store.Tx) error {
		info, err := oneScan(ctx, tx, t.ScanID.String(), uuid.Nil)
		if err == nil {
			v, err = tx.Vehicles().Get(ctx, info.VehicleID)
		}
		return err
	})
	doc := predictionsDocument{Schema: predictionsSchema}
	if err == nil {
		doc.Predictions, doc.Orders, err = a.foretell(ctx, shop, v, predict.Options{Now: time.Now()}, s.Settings["order"] == "true")
	}
	if err = firstError(err, closeStore()); err != nil {
		return err
	}
	return writeTask(t, "predictions.json", func(w io.Writer) error { return writeJSON(w, doc) })
}

// readingColumns are the columns of a scan's readings.
var readingColumns = []export.Column{
	{Name: "at", Kind: export.Time}, {Name: "vin", Kind: export.Text}, {Name: "ecu", Kind: export.Text}, {Name: "signal", Kind: export.Text},
	{Name: "name", Kind: export.Text}, {Name: "value", Kind: export.Number}, {Name: "text", Kind: export.Text}, {Name: "unit", Kind: export.Text},
}

// batchExport writes the readings of the scan as a table.
func (a *app) batchExport(t *batch.Task, s batch.Step) error {
	format := cmp.Or(s.Settings["format"], "csv")
	folder, err := t.Place()
	if err != nil {
		return err
	}
	f, err := os.Open(filepath.Join(folder, "scan.json"))
	if err != nil {
		return errs.New(errs.Internal, "export: %w", err)
	}
	defer f.Close()
	result, err := readScanJSON("scan.json", f)
	if err != nil {
		return err
	}
	return writeTask(t, "readings."+format, func(w io.Writer) error { return exportReadings(w, format, result) })
}

func exportReadings(w io.Writer, format string, s *obd.Scan) error {
	out, err := export.New(w, format, export.Table{Name: "readings", Columns: readingColumns})
	if err != nil {
		return err
	}
	for _, r := range s.Readings {
		if r.Absent {
			continue
		}
		at := r.At
		if at.IsZero() {
			at = s.Started
		}
		if err := out.Write([]any{at, s.Vehicle.VIN, r.ECU.String(), r.Signal, r.Name, r.Value, r.Text, r.Unit}); err != nil {
			return err
		}
	}
	return out.Close()
}

// writeTask writes a file into the task's folder.
func writeTask(t *batch.Task, name string, write func(io.Writer) error) error {
	folder, err := t.Place()
	if err != nil {
		return err
	}
	path := filepath.Join(folder, name)
	if err := replaceFile(path, write); err != nil {
		return err
	}
	t.Files = append(t.Files, path)
	return nil
}

// makeFolder makes a folder for what is written.
func makeFolder(path string) error {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return errs.New(errs.Denied, "make folder: %w", err).WithHint("choose another one by --out")
	}
	return nil
}
