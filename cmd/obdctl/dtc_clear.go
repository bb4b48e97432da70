package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/config"
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

// cleared is what `dtc clear` did.
type cleared struct {
	Schema string         `json:"schema"`
	Saved  string         `json:"saved"` // the scan from before, a file
	ECUs   []diag.Outcome `json:"ecus"`
}

func (a *app) dtcClear() *cobra.Command {
	var yes, force bool
	cmd := &cobra.Command{
		Use:   "clear",
		Short: "Clear codes, after everything was saved and you confirmed it",
		Long: clearConsequences + `

Everything is read and saved to a file first. Clearing is refused while the engine runs.
The result is given per control unit; one that refuses is not cleared.`,
		Example: "  obdctl dtc clear\n  obdctl dtc clear --yes --json     # for scripts: you have read the consequences",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.clearCodes(cmd.Context(), yes, force)
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm: I know what is erased (see --help)")
	cmd.Flags().BoolVar(&force, "engine-state-unknown", false, "clear although the car does not tell whether the engine runs")
	return cmd
}

func (a *app) clearCodes(ctx context.Context, yes, force bool) error {
	if !yes && !isTerminal(a.in) {
		return errs.New(errs.Denied, "clearing codes needs a confirmation").
			WithHint("run it on a terminal, or read 'obdctl dtc clear --help' and give --yes")
	}
	var confirmed link.Latch // until it opens, the session only reads
	s, err := a.dial(ctx, link.ReadOnly().Behind(&confirmed, obd.ServiceClear, uds.ClearInformation))
	if err != nil {
		return err
	}
	done, err := a.clearOver(ctx, s, &confirmed, yes, force)
	if done != nil {
		show := func() error { return a.show(text.Cleared(done.Saved, done.ECUs)) }
		if a.flags.json {
			show = func() error { return writeJSON(a.out, done) }
		}
		err = firstError(show(), told(err))
	}
	return firstError(err, s.done())
}

func (a *app) clearOver(ctx context.Context, s *session, confirmed *link.Latch, yes, force bool) (*cleared, error) {
	before, err := a.readOver(ctx, s, scan.Options{})
	if err != nil {
		return nil, fmt.Errorf("read everything before clearing: %w", err)
	}
	path, err := saveBefore(before)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(a.err, "obdctl: saved the scan from before to %s\n", path)
	loss := fmt.Sprintf("%s\n\nCodes to be erased: %d, freeze frames: %d.", clearConsequences, len(before.Codes), len(before.FreezeFrames))
	if err := a.confirm(ctx, yes, loss, "CLEAR"); err != nil {
		return nil, err
	}
	confirmed.Open()
	results, err := s.tester.Clear(ctx, force)
	if len(results) == 0 && err != nil {
		return nil, err
	}
	for _, r := range results {
		if !r.Done && err == nil {
			err = errs.New(errs.Denied, "control unit %s did not clear: %s", r.ECU, text.Why(r)).
				WithHint("ignition on, engine off, and try again; the scan from before is kept in %s", path)
		}
	}
	return &cleared{Schema: "obdctl.cleared/1", Saved: path, ECUs: results}, err
}

// saveBefore keeps a scan in the state folder; it is on the disk when this returns.
func saveBefore(s *obd.Scan) (string, error) {
	dir := filepath.Join(config.StateDir(), "before-clear")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", errs.New(errs.Internal, "save the scan from before: %w", err).WithHint("nothing was cleared")
	}
	name := s.Started.UTC().Format("20060102T150405Z") + "-" + s.ID.String() + ".json"
	path := filepath.Join(dir, name)
	data, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		err = writeDurably(path, data)
	}
	if err != nil {
		return "", errs.New(errs.Internal, "save the scan from before: %w", err).WithHint("nothing was cleared; is the disk full?")
	}
	return path, nil
}

func writeDurably(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = firstError(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if dir, err := os.Open(filepath.Dir(path)); err == nil {
		_ = dir.Sync() // not every file system can; the file itself was synced
		dir.Close()
	}
	return nil
}
