package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/decode"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/importer"
)

const importLong = `import takes in what other programs and obdctl itself recorded: CSV logs of Torque, Car Scanner, OBD Fusion,
RaceChrono, Harry's LapTimer, DashCommand, pyOBD and any other table with titles; recordings (--record), JSON of
obdctl, transcripts of other tools, CAN logs (candump, .asc, .trc) and OBDb test cases. Files may be folders, zip
archives, compressed (gzip, Zstandard, bzip2), in any of the usual encodings, or "-" for standard input. What a
file is, is told by its content.

Titles become canonical signals in metric units; a column that nobody knows is kept under its own name. Lines
that cannot be understood are listed and never cost the rest. The same content twice adds nothing: the first
import is kept. A file is taken in as a whole or not at all.

--map-only shows how the columns are understood and prints a mapping file to start from (docs/importing.md).

Numbers that a known signal cannot be are left out, listed and counted; --keep-impossible takes them in.

The exit code is 6 when a file could not be read or ends early (a compressed one that is cut off: what came before is
kept), or with --strict when a line was rejected.`

// importFlags are what the command was asked for.
type importFlags struct {
	vehicle, vin, zone, start, mapping string
	dryRun, strict, mapOnly, odd       bool
	maxSize, maxRatio                  int64
}

func (a *app) importFiles() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE...",
		Short: "Take in logs of other programs, recordings and CAN logs",
		Long:  importLong,
		Example: `  obdctl import trackLog.csv --vehicle "blue golf"
  obdctl import logs/ --zone Europe/Berlin
  obdctl import trip.csv.gz --dry-run
  obdctl import odd.csv --map-only > odd.yaml; obdctl import odd.csv --mapping odd.yaml
  zcat trips.csv.gz | obdctl import - --start 2026-03-01T08:00:00Z`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			run, err := a.newImport(cmd.Context(), f)
			if err != nil {
				return err
			}
			return run.all(cmd.Context(), args)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&f.vehicle, "vehicle", "", "the vehicle that everything belongs to: its id, VIN, plate or label")
	fl.StringVar(&f.vin, "vin", "", "the same by VIN; the vehicle is added when it is new")
	fl.BoolVar(&f.dryRun, "dry-run", false, "read and tell, keep nothing")
	fl.BoolVar(&f.strict, "strict", false, "do not take in a file with a rejected line")
	fl.StringVar(&f.zone, "zone", "", "time zone of times that do not name theirs, such as Europe/Berlin (default: this computer's)")
	fl.StringVar(&f.start, "start", "", "when a log without a date began, such as 2026-03-01T08:00")
	fl.StringVar(&f.mapping, "mapping", "", "how to read the columns, YAML `FILE`")
	fl.BoolVar(&f.odd, "keep-impossible", false, "take in numbers that their signal cannot be, such as a coolant of 999 °C")
	fl.BoolVar(&f.mapOnly, "map-only", false, "only show how the columns are understood, as a mapping file")
	fl.Int64Var(&f.maxSize, "max-size", 64, "most that one file may have when decompressed, in GiB")
	fl.Int64Var(&f.maxRatio, "max-ratio", 400, "most that a compressed file may grow")
	cmd.MarkFlagsMutuallyExclusive("vehicle", "vin")
	return cmd
}

// importRun is one run of the command.
type importRun struct {
	app     *app
	flags   importFlags
	options importer.Options
	keeper  keeper
	bar     *progress
	total   importTotal
}

// keeper keeps one file, or tells that its content is there already.
type keeper interface {
	keep(ctx context.Context, src importer.Source, o importer.Options, strict bool) (importer.Summary, error)
	close() error
}

// importTotal is what became of all files.
type importTotal struct {
	files, failed, passed, skipped int
	cut                            int // compressed streams that end early
	rejected, partial              int64
	rows, readings, fresh, scans   int64
	began                          time.Time
}

func (a *app) newImport(ctx context.Context, f importFlags) (*importRun, error) {
	o, err := a.importOptions(ctx, f)
	if err != nil {
		return nil, err
	}
	run := &importRun{app: a, flags: f, options: o, bar: a.newProgress(), total: importTotal{began: time.Now()}}
	if f.dryRun || f.mapOnly {
		run.keeper = dryKeeper{}
		return run, nil
	}
	run.keeper, err = a.openKeeper(ctx, f)
	return run, err
}

func (a *app) importOptions(ctx context.Context, f importFlags) (importer.Options, error) {
	o := importer.Options{Zone: localZone(), MapOnly: f.mapOnly, KeepImpossible: f.odd}
	o.Limits = importer.Limits{Bytes: f.maxSize << 30, Ratio: f.maxRatio}
	cat, err := a.catalog(ctx)
	if err != nil {
		return o, err
	}
	book, err := a.book(ctx)
	if err != nil {
		return o, err
	}
	o.Catalog = cat
	if o.Interpret, err = a.interpreters(cat, book); err != nil {
		return o, err
	}
	if f.zone != "" {
		if o.Zone, err = time.LoadLocation(f.zone); err != nil {
			return o, errs.New(errs.Usage, "--zone: %w", err).WithHint("use a name such as Europe/Berlin or UTC")
		}
		o.ZoneSet = true
	}
	if f.start != "" {
		if o.Start, err = parseStart(f.start, o.Zone); err != nil {
			return o, err
		}
	}
	if f.mapping != "" {
		data, err := os.ReadFile(f.mapping)
		if err != nil {
			return o, errs.New(errs.Usage, "--mapping: %w", err)
		}
		o.Mapping, err = importer.ParseMapping(f.mapping, data)
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

func (a *app) interpreters(cat *catalog.Catalog, book *dtc.Book) (func() importer.Interpreter, error) {
	protocol, err := a.protocol()
	if err != nil {
		return nil, err
	}
	d := &decode.Decoder{Catalog: cat, Book: book, Protocol: protocol, SPNMethod: uint8(a.flags.spnMethod)}
	return func() importer.Interpreter { return &interpreter{decoder: d} }, nil
}

// parseStart reads a time to the day, the minute, the second, or with its offset.
func parseStart(s string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errs.New(errs.Usage, "--start %s is not a time", s).WithHint("write it as 2026-03-01T08:00 or 2026-03-01T08:00:00+01:00")
}

// all takes in every file and says what became of each.
func (r *importRun) all(ctx context.Context, paths []string) (err error) {
	defer func() { err = firstError(err, r.keeper.close()) }()
	for src, err := range importer.Files(paths, interruptible(ctx, r.app.in)) {
		if ctx.Err() != nil {
			return errs.New(errs.Cancelled, "interrupted")
		}
		sum := importer.Summary{Schema: importer.Schema, Name: src.Name}
		if err == nil {
			sum, err = r.one(ctx, src)
		}
		if stop := r.told(src, sum, err); stop != nil {
			return stop
		}
	}
	return r.verdict()
}

func (r *importRun) one(ctx context.Context, src importer.Source) (importer.Summary, error) {
	o := r.options
	began := time.Now()
	name := filepath.Base(src.Name)
	if r := []rune(name); len(r) > 24 { // so that the line of progress stays one
		name = string(r[:23]) + "…"
	}
	o.Progress = func(p importer.Progress) {
		rate := float64(p.Rows) / time.Since(began).Seconds()
		r.bar.step(fmt.Sprintf("%s  %s rows, %s rows/s", name, text.Thousands(p.Rows), text.Thousands(int64(rate))), int(p.Bytes>>10), int(p.Size>>10))
	}
	defer r.bar.clear()
	return r.keeper.keep(ctx, src, o, r.flags.strict)
}

// told counts a file and shows it. Errors that are not the file's own end the run.
func (r *importRun) told(src importer.Source, sum importer.Summary, err error) error {
	r.total.files++
	switch {
	case err == nil:
	case errs.KindOf(err) != errs.BadInput && errs.KindOf(err) != errs.Usage:
		return err
	case src.Group != src.Name && importer.NoLog(err):
		r.total.passed++
		sum.Passed = strings.TrimPrefix(err.Error(), "import: "+src.Name+": ")
	default:
		r.total.failed++
		sum.Error = err.Error()
	}
	r.total.count(sum)
	if r.app.flags.json {
		return writeLine(r.app.out, sum)
	}
	if r.flags.mapOnly && sum.Error == "" && sum.Passed == "" {
		return writeMapping(r.app.out, sum)
	}
	if hint := errs.HintOf(err); hint != "" && sum.Error != "" {
		sum.Notes = append(sum.Notes, hint)
	}
	return r.app.show(text.Imported(sum, r.app.textOptions(false)))
}

func (t *importTotal) count(sum importer.Summary) {
	if sum.Skipped {
		t.skipped++
	}
	if sum.Cut {
		t.cut++
	}
	t.rejected += sum.Rejected
	t.partial += sum.Partial
	t.rows += sum.Rows
	t.readings += sum.Readings
	t.fresh += sum.New
	t.scans += sum.Scans
}

// verdict ends the run: with the total, and an error where something could not be taken in.
func (r *importRun) verdict() error {
	t := r.total
	if t.files > 1 && !r.app.flags.json && !r.flags.mapOnly {
		if err := r.app.show(text.ImportTotal(text.ImportSum{
			Files: t.files, Failed: t.failed, Passed: t.passed, Skipped: t.skipped, Rejected: t.rejected + t.partial,
			Rows: t.rows, Readings: t.readings, New: t.fresh, Scans: t.scans, Took: time.Since(t.began),
		}, r.app.textOptions(false))); err != nil {
			return err
		}
	}
	switch {
	case t.files == t.passed:
		return told(errs.New(errs.BadInput, "nothing to import was found").WithHint("docs/importing.md lists the formats"))
	case t.failed > 0:
		return told(errs.New(errs.BadInput, "%d of %d files could not be imported", t.failed, t.files))
	case t.cut > 0:
		return told(errs.New(errs.BadInput, "%d of %d files end early or are damaged: what comes before that was read", t.cut, t.files).
			WithHint("import the whole file later: only what is missing is added"))
	case r.flags.strict && t.rejected+t.partial > 0:
		return told(errs.New(errs.BadInput, "%d lines were rejected", t.rejected+t.partial))
	case t.rejected+t.partial > 0:
		r.app.notice(true, fmt.Sprintf("lines rejected in whole or in part: %d; --strict refuses such files", t.rejected+t.partial))
	}
	return nil
}

// errStrict rolls back a file with rejected lines.
var errStrict = errors.New("not taken in, since lines were rejected (--strict)")
