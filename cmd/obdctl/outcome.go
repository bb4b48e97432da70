package main

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/brake"
	"github.com/fleetms/obdctl/internal/store"
)

const outcomeLong = `outcome keeps what a mechanic found at a part: that it had failed, that it was worn, or that it was sound. These are
the labels from which models learn, and by which predictions are proved or refuted. A measured brake pad corrects
that vehicle's wear at once.

Measured values are written with their unit: "41 %", "6.5 mm" (with --new-mm and --limit-mm of the pad), "9.2 mOhm".`

// outcomesDocument is what `outcome add` and `outcome list` write in JSON.
type outcomesDocument struct {
	Schema   string          `json:"schema"`
	Outcomes []fleet.Outcome `json:"outcomes"`
	Next     string          `json:"next,omitempty"`
}

// outcomeFlags are what a mechanic enters.
type outcomeFlags struct {
	vehicle, topic, part, found, order, prediction, measured, at, note string
	replaced                                                           bool
	odometer, newMM, limitMM                                           float64
}

func (a *app) outcome() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "outcome",
		Short: "What mechanics found: the labels that models learn from",
		Long:  outcomeLong,
		Example: `  obdctl outcome add --vehicle focus --topic engine --part thermostat --found failed --replaced
  obdctl outcome add --vehicle focus --topic brake --part "front pads" --found worn --measured "6.5 mm" --new-mm 12 --limit-mm 2
  obdctl outcome list --vehicle focus`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(a.outcomeAdd(), a.outcomeList(), a.outcomeDelete())
	return cmd
}

func (f *outcomeFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.topic, "topic", "", "what it is about: failure, engine, battery, cell, brake or anomaly")
	flags.StringVar(&f.part, "part", "", "the part, such as thermostat, 12 V battery, front pads")
	flags.BoolVar(&f.replaced, "replaced", false, "the part was replaced")
	flags.StringVar(&f.measured, "measured", "", "a measured value with its unit, such as \"41 %\" or \"6.5 mm\"")
	flags.Float64Var(&f.newMM, "new-mm", 0, "thickness of the pad when new, for a measurement in mm")
	flags.Float64Var(&f.limitMM, "limit-mm", 2, "thickness at which the pad must go")
	flags.Float64Var(&f.odometer, "odometer", 0, "odometer in km when it was found")
	flags.StringVar(&f.at, "at", "", "when it was found, such as 2026-03-02 (default: now)")
	flags.StringVar(&f.note, "note", "", "more about it")
	completeFlag(cmd, "topic", topicNames()...)
}

func findingNames() []string {
	var names []string
	for _, f := range fleet.Findings() {
		names = append(names, string(f))
	}
	return names
}

func (a *app) outcomeAdd() *cobra.Command {
	var f outcomeFlags
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Enter what was found",
		Long:  outcomeLong,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var o fleet.Outcome
			err := a.update(cmd.Context(), func(tx store.Tx) (err error) {
				if o, err = f.build(cmd.Context(), tx, a.at); err != nil {
					return err
				}
				return tx.Outcomes().Put(cmd.Context(), &o)
			})
			if err != nil {
				return err
			}
			return a.showOutcomes([]fleet.Outcome{o}, "")
		},
	}
	f.add(cmd)
	cmd.Flags().StringVar(&f.vehicle, "vehicle", "", "at this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&f.found, "found", "", "failed, worn or healthy (required)")
	cmd.Flags().StringVar(&f.order, "order", "", "in this work order: its number, title or id")
	cmd.Flags().StringVar(&f.prediction, "prediction", "", "the prediction that it proves or refutes: the start of its `ID`")
	_ = cmd.MarkFlagRequired("found") // the flag is defined above
	completeFlag(cmd, "found", findingNames()...)
	return cmd
}

// at reads the time of --at.
func (a *app) at(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	from, _, err := a.stretch(text, "")
	if err == nil && from.After(time.Now()) {
		err = errs.New(errs.Usage, "--at %s lies ahead", text)
	}
	return from, err
}

// build makes an outcome of what was entered; an order or a prediction says what was left out.
func (f *outcomeFlags) build(ctx context.Context, tx store.Tx, when func(string) (time.Time, error)) (o fleet.Outcome, err error) {
	if err := oneOf("found", f.found, findingNames()...); err != nil {
		return o, err
	}
	o = fleet.Outcome{Topic: fleet.Topic(f.topic), Part: f.part, Finding: fleet.Finding(f.found), Replaced: f.replaced, Note: f.note}
	if o.At, err = when(f.at); err != nil {
		return o, err
	}
	if f.odometer > 0 {
		o.OdometerKm = &f.odometer
	}
	if err := f.links(ctx, tx, &o); err != nil {
		return o, err
	}
	switch {
	case o.VehicleID == uuid.Nil:
		return o, errs.New(errs.Usage, "it is not said at which vehicle").WithHint("give --vehicle, --order or --prediction")
	case o.Topic == "":
		return o, errs.New(errs.Usage, "--topic is missing").WithHint("use one of: %s", strings.Join(topicNames(), ", "))
	case o.Part == "":
		return o, errs.New(errs.Usage, "--part is missing").WithHint("name what was looked at, such as thermostat")
	}
	return o, f.measure(&o)
}

// links finds vehicle, order and prediction.
func (f *outcomeFlags) links(ctx context.Context, tx store.Tx, o *fleet.Outcome) error {
	if f.order != "" {
		order, err := oneOrder(ctx, tx, f.order)
		if err != nil {
			return err
		}
		o.OrderID, o.VehicleID, o.PredictionID = &order.ID, order.VehicleID, order.PredictionID
	}
	if f.prediction != "" {
		p, err := onePrediction(ctx, tx, f.prediction)
		if err != nil {
			return err
		}
		o.PredictionID, o.VehicleID = &p.ID, p.VehicleID
	}
	if o.PredictionID != nil {
		p, err := tx.Predictions().Get(ctx, *o.PredictionID)
		if err != nil {
			return err
		}
		if o.Topic == "" {
			o.Topic = p.Topic
		}
		if o.Part == "" {
			o.Part = p.Part
		}
	}
	if f.vehicle == "" {
		return nil
	}
	v, err := oneVehicle(ctx, tx, f.vehicle)
	if err != nil {
		return err
	}
	if o.VehicleID != uuid.Nil && o.VehicleID != v.ID {
		return errs.New(errs.Usage, "%s is another vehicle than that of the order or prediction", v.Title())
	}
	o.VehicleID = v.ID
	return nil
}

// measure reads the measured value. A pad's thickness becomes its wear.
func (f *outcomeFlags) measure(o *fleet.Outcome) error {
	if f.measured == "" {
		return nil
	}
	number, unit, _ := strings.Cut(strings.TrimSpace(strings.Replace(f.measured, "%", " %", 1)), " ")
	v, err := strconv.ParseFloat(strings.Replace(number, ",", ".", 1), 64)
	if unit = strings.TrimSpace(unit); err != nil || unit == "" || math.IsNaN(v) || math.IsInf(v, 0) {
		return errs.New(errs.Usage, "--measured %q is no number with a unit", f.measured).WithHint("write it as \"41 %%\" or \"6.5 mm\"")
	}
	if o.Topic == fleet.TopicBrake && unit == "mm" {
		wear := brake.WearPct(f.newMM, f.limitMM, v)
		if math.IsNaN(wear) {
			return errs.New(errs.Usage, "a pad of %g mm that was %g mm when new and must go at %g mm is not possible", v, f.newMM, f.limitMM).
				WithHint("give --new-mm and --limit-mm as the maker has them")
		}
		o.Note = strings.TrimSpace(fmt.Sprintf("%s (measured %g mm of %g mm, limit %g mm)", o.Note, v, f.newMM, f.limitMM))
		v, unit = wear, "%"
	}
	if o.Topic == fleet.TopicBrake && (unit != "%" || !(v >= 0 && v <= 150)) {
		return errs.New(errs.Usage, "--measured %q is no wear of a pad", f.measured).WithHint("write wear in %%, or thickness in mm with --new-mm")
	}
	o.Measured, o.Unit = &v, unit
	return nil
}

func (a *app) showOutcomes(all []fleet.Outcome, next string) error {
	if a.flags.json {
		if all == nil {
			all = []fleet.Outcome{}
		}
		return writeJSON(a.out, outcomesDocument{Schema: "obdctl.outcomes/1", Outcomes: all, Next: next})
	}
	return a.show(text.RepairOutcomes(all, next, a.textOptions(false)))
}

func (a *app) outcomeList() *cobra.Command {
	var vehicle string
	var page store.Page
	cmd := &cobra.Command{
		Use:   "list",
		Short: "What was found, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var l store.List[fleet.Outcome]
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				var v fleet.Vehicle
				if vehicle != "" {
					if v, err = oneVehicle(cmd.Context(), tx, vehicle); err != nil {
						return err
					}
				}
				l, err = tx.Outcomes().List(cmd.Context(), v.ID, page)
				return err
			})
			if err != nil {
				return err
			}
			return a.showOutcomes(l.Items, l.Next)
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "only at this vehicle: `WORDS` of VIN, plate, label or id")
	pageFlags(cmd, &page)
	return cmd
}

func (a *app) outcomeDelete() *cobra.Command {
	return &cobra.Command{
		Use:   "delete ID",
		Short: "Take back an outcome that was entered wrongly",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := uuid.Parse(args[0])
			if err != nil {
				return errs.New(errs.Usage, "%q is no id of an outcome", args[0]).WithHint("'obdctl outcome list --json' has the whole ids")
			}
			return a.update(cmd.Context(), func(tx store.Tx) error { return tx.Outcomes().Delete(cmd.Context(), id) })
		},
	}
}
