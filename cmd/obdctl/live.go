package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// liveFlags are what `live` was asked for.
type liveFlags struct {
	presets  []string
	rate     float64
	duration time.Duration
	count    int
	csv      bool
	readOnly bool
	save     bool
	vehicle  string
}

func (a *app) live() *cobra.Command {
	var f liveFlags
	cmd := &cobra.Command{
		Use:   "live [SIGNAL...]",
		Short: "Watch live values",
		Long: `live keeps reading the signals that you name (see 'obdctl pid list'), or those of a preset, as fast as the
line carries them or at --rate. On a terminal it shows a table that is written over; with --json a line per
value, with --csv a row per sample. It ends with Ctrl-C, --duration or --count. It only reads.`,
		Example: `  obdctl live                                # the engine preset
  obdctl live RPM ECT SHRTFT1 LONGFT1 --rate 5
  obdctl live --preset fuel --csv > trip.csv
  obdctl live RPM --json --count 100 --adapter sim:`,
		ValidArgsFunction: completeSignals,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := alwaysReadOnly(f.readOnly); err != nil {
				return err
			}
			if f.csv && a.flags.json {
				return errs.New(errs.Usage, "--csv and --json exclude each other")
			}
			if f.rate < 0 || f.duration < 0 || f.count < 0 {
				return errs.New(errs.Usage, "--rate, --duration and --count cannot be negative")
			}
			return a.watch(cmd.Context(), args, f)
		},
	}
	cmd.Flags().StringSliceVar(&f.presets, "preset", nil, "named group of signals, such as engine or fuel; --preset help names all")
	cmd.Flags().Float64Var(&f.rate, "rate", 0, "samples per second of each signal; 0 for as many as possible")
	cmd.Flags().DurationVar(&f.duration, "duration", 0, "end after this time, such as 30s")
	cmd.Flags().IntVar(&f.count, "count", 0, "end after this many values")
	cmd.Flags().BoolVar(&f.readOnly, "read-only", true, "send nothing that could change the car")
	cmd.Flags().BoolVar(&f.save, "save", false, "keep the values in the database, and find the trips in them")
	cmd.Flags().StringVar(&f.vehicle, "vehicle", "", "with --save: the vehicle, where the car does not tell its VIN: `WORDS` of label, plate or id")
	cmd.Flags().BoolVar(&f.csv, "csv", false, "a row per sample: time, ECU, signal, value, unit")
	return cmd
}

func completeSignals(_ *cobra.Command, _ []string, prefix string) ([]string, cobra.ShellCompDirective) {
	var ids []string
	for c := range catalog.Builtin().All() {
		for i := range c.Signals {
			if strings.HasPrefix(c.Signals[i].ID, strings.ToUpper(prefix)) {
				ids = append(ids, c.Signals[i].ID+"\t"+c.Signals[i].Name)
			}
		}
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}

func (a *app) watch(ctx context.Context, signals []string, f liveFlags) error {
	signals, err := chooseSignals(signals, f.presets)
	if err != nil {
		return err
	}
	s, err := a.dialFor(ctx, link.ReadOnly(), 0)
	if err != nil {
		return err
	}
	return firstError(a.watchOver(ctx, s, signals, f), s.done())
}

func chooseSignals(signals, presets []string) ([]string, error) {
	if len(signals) == 0 && len(presets) == 0 {
		presets = []string{"engine"}
	}
	for _, name := range presets {
		p, ok := catalog.Builtin().Preset(name)
		if name == "help" {
			return nil, errs.New(errs.Usage, "presets: %s", presetNames())
		}
		if !ok {
			return nil, errs.New(errs.Usage, "preset %q is not known", name).WithHint("one of: %s", presetNames())
		}
		signals = append(signals, p.Signals...)
	}
	return signals, nil
}

// wantsOf finds the commands of signals. Those of one's own signal sets that cannot be read are refused with
// the reason, for nothing would ever answer them.
func wantsOf(t *diag.Tester, rate float64, signals ...string) ([]diag.Want, error) {
	wants, err := t.Wants(rate, signals...)
	if err != nil {
		return nil, err
	}
	for _, w := range wants {
		name := strings.Join(w.Signals, ", ")
		if w.Command.Service == 0 && t.Dialect() == obd.DialectJ1939 {
			continue // a truck's broadcasts are listened to
		}
		if w.Command.Service == 0 {
			return nil, errs.New(errs.Unsupported, "%s: the vehicle sends it by itself, it cannot be asked for", name).
				WithHint("'obdctl decode --signals FILE' decodes it in a log of the bus")
		}
		if err := link.ReadOnly().Check([]byte{byte(w.Command.Service)}); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return wants, nil
}

func (a *app) watchOver(ctx context.Context, s *session, signals []string, f liveFlags) error {
	wants, err := wantsOf(s.tester, f.rate, signals...)
	if err != nil {
		return err
	}
	support, _, err := s.tester.Supported(ctx, obd.ServiceCurrentData)
	if err != nil {
		return err
	}
	if wants = a.supported(wants, support, len(f.presets) > 0); len(wants) == 0 {
		return errs.New(errs.Unsupported, "this vehicle has none of the signals").
			WithHint("'obdctl pid list --supported' shows those that it has")
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if f.duration > 0 {
		ctx, stop = context.WithTimeout(ctx, f.duration)
		defer stop()
	}
	var keep *liveKeeper
	if f.save {
		if keep, err = a.keepLive(ctx, s, f.vehicle); err != nil {
			return err
		}
	}
	face := a.liveFace(f)
	left := f.count
	var failed error
	var poller *diag.Poller
	giveUp := patienceWith(s, len(wants))
	poller, err = s.tester.Poller(diag.PollerOptions{
		GiveUp:   giveUp,
		Wants:    wants,
		Notify:   func(err error) { a.noticeLink(err) },
		Patience: -1,
		Emit: func(sample diag.Sample) {
			if failed != nil || f.count > 0 && left == 0 {
				return
			}
			readings := sample.Readings
			if f.count > 0 && len(readings) > left {
				readings = readings[:left]
			}
			left -= len(readings)
			if keep != nil {
				keep.add(readings)
			}
			if failed = face.sample(sample.At, readings, poller); failed != nil || f.count > 0 && left == 0 {
				stop()
			}
		},
	})
	if err == nil {
		err = poller.Run(ctx)
	}
	if ctx.Err() != nil {
		err = nil // Ctrl-C, --duration and --count are how it ends
	}
	if keep != nil {
		err = firstError(err, keep.end(context.WithoutCancel(ctx)))
	}
	return firstError(failed, err, face.end(poller))
}

// patienceWith is how many unanswered requests end it: a recording has an end, a car may come back.
func patienceWith(s *session, wants int) int {
	if r, ok := s.link.(interface{ IsReplay() bool }); ok && r.IsReplay() {
		return 2 * wants
	}
	return 0
}

// supported drops what the vehicle does not have; those that were named one by one are told.
func (a *app) supported(wants []diag.Want, support diag.Support, quietly bool) []diag.Want {
	var kept []diag.Want
	for _, w := range wants {
		if w.Command.Service == obd.ServiceCurrentData && !support.Any(byte(w.Command.ID)) {
			if !quietly {
				a.notice(true, "this vehicle does not have "+strings.Join(w.Signals, ", "))
			}
			continue
		}
		kept = append(kept, w)
	}
	return kept
}

func (a *app) noticeLink(err error) {
	switch {
	case err == nil:
		a.notice(true, "the car is back")
	case link.IsLost(err):
		a.notice(true, "lost: "+err.Error()+"; trying again")
	default:
		a.notice(true, err.Error())
	}
}

func presetNames() string {
	var names []string
	for _, p := range catalog.Builtin().Presets() {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}
