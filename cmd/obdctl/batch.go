package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/batch"
	"github.com/fleetms/obdctl/internal/errs"
)

const batchLong = `batch works through a plan: a YAML file that names adapters or recordings and what to do with each car.

  name: morning
  output: morning            # folder; one folder a vehicle is made in it
  parallel: 4                # adapters at work at once
  defaults:
    retries: 2
    wait: 5s                 # before the first retry, doubled each time
    timeout: 5m              # of one attempt
    steps: [scan, {report: {kind: health, format: pdf}}]
  jobs:
    - {name: bay-1, adapter: "serial:///dev/ttyUSB0"}
    - {name: bay-2, adapter: "tcp://192.168.0.10:35000", steps: [scan, {export: {format: csv}}]}
    - {recordings: "yesterday/*.obdrec"}

Steps are scan (quick: true), report (kind, format, language, units, paper), export (format: csv, jsonl, xlsx or
parquet) and predict (order: true opens a work order for each proposal; before report, the report shows them). A job that fails costs only itself. Nothing in a plan can change a car.

Ctrl-C ends the run; --resume goes on with what was not done. Exit code 9 says that a job failed.`

func (a *app) batch() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "batch",
		Short:   "Many cars by a plan: scan, report, export, predict",
		Long:    batchLong,
		Example: "  obdctl batch run morning.yaml\n  obdctl batch run morning.yaml --resume --json > result.json\n  obdctl batch check morning.yaml",
		Args:    cobra.NoArgs,
	}
	cmd.AddCommand(a.batchRun(), a.batchCheck())
	return cmd
}

func (a *app) batchCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check PLAN",
		Short: "Say what a plan would do, and where its mistakes are",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			p, err := readPlan(args[0])
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, planned(p))
			}
			return a.show(text.Plan(p, a.textOptions(false)))
		},
	}
}

func (a *app) batchRun() *cobra.Command {
	var out string
	var resume bool
	cmd := &cobra.Command{
		Use:   "run PLAN",
		Short: "Work through a plan",
		Long:  batchLong,
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			p, err := readPlan(args[0])
			if err != nil {
				return err
			}
			if out == "" {
				if out = p.Output; !filepath.IsAbs(out) {
					out = filepath.Join(filepath.Dir(args[0]), out)
				}
			}
			r, err := batch.Run(cmd.Context(), p, out, a.batchStep, batch.Options{Resume: resume, Notify: a.batchNews})
			return firstError(a.showBatch(r, out), told(err), told(batchVerdict(r)))
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "output `FOLDER` instead of the plan's")
	cmd.Flags().BoolVar(&resume, "resume", false, "leave out what an earlier run of this plan did")
	cmd.Flags().BoolVar(&a.flags.noSave, "no-save", false, "do not keep the scans in the database; reports are then not possible")
	return cmd
}

// maxPlanFile bounds what is read of a plan before it is parsed.
const maxPlanFile = 5 << 20

func readPlan(path string) (batch.Plan, error) {
	f, err := os.Open(path)
	if err != nil {
		return batch.Plan{}, errs.New(errs.BadInput, "read plan: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPlanFile))
	if err != nil {
		return batch.Plan{}, errs.New(errs.BadInput, "read plan: %w", err)
	}
	return batch.Parse(path, data, func(pattern string) ([]string, error) {
		if !filepath.IsAbs(pattern) {
			pattern = filepath.Join(filepath.Dir(path), pattern)
		}
		return filepath.Glob(pattern)
	})
}

// batchNews tells on stderr how each job goes on.
func (a *app) batchNews(j batch.JobResult) {
	if a.flags.quiet {
		return
	}
	var words string
	switch {
	case j.Outcome == batch.Done:
		words = fmt.Sprintf("done in %.1f s", j.Seconds)
	case j.Outcome == batch.Skipped:
		words = "was done before"
	case j.Outcome == batch.Failed:
		words = fmt.Sprintf("attempt %d: %s", j.Attempts, j.Error)
	case j.Attempts == 0:
		words = "begins at " + j.Adapter
	default:
		words = "interrupted"
	}
	fmt.Fprintf(a.colored(a.err), "obdctl: %s: %s\n", j.Job, words)
}

// showBatch writes the results into the output folder, and shows them.
func (a *app) showBatch(r *batch.Result, out string) error {
	err := replaceFile(filepath.Join(out, "results.json"), func(w io.Writer) error { return writeJSON(w, r) })
	if a.flags.json {
		return firstError(writeJSON(a.out, r), err)
	}
	return firstError(a.show(text.Batch(r, a.textOptions(false))), err)
}

// batchVerdict is the exit code of a plan: a job that failed is told from a run that was refused.
func batchVerdict(r *batch.Result) error {
	if r.Failed > 0 {
		return jobsFailed{r.Failed}
	}
	return nil
}

// jobsFailed ends a run of which some jobs failed; the table has said which.
type jobsFailed struct{ n int }

func (j jobsFailed) Error() string { return fmt.Sprintf("%d jobs failed", j.n) }
func (jobsFailed) code() int       { return 9 }

// batchStep does one step of one job, as an app of its own: side by side, nothing is shared but the database.
func (a *app) batchStep(ctx context.Context, t *batch.Task, s batch.Step) error {
	own := *a
	own.flags.adapter, own.flags.quiet, own.flags.json, own.flags.record = t.Job.Adapter, true, false, ""
	own.out = io.Discard
	switch s.Do {
	case "scan":
		return own.batchScan(ctx, t, s)
	case "report":
		return own.batchReport(ctx, t, s)
	case "export":
		return own.batchExport(t, s)
	case "predict":
		return own.batchPredict(ctx, t, s)
	}
	return errors.New("step " + s.Do + " is not known") // the plan was checked
}
