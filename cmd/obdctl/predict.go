package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict"
	"github.com/fleetms/obdctl/internal/store"
)

const predictLong = `predict says what the kept readings, scans and outcomes of a vehicle foretell: engine parts, the 12 V battery
and its charging, brake pads, anomalies. It runs here, without a network.

Each prediction says its interval, why, what it was learned from, what lacks, and what would change it. Where the data
do not allow a claim it says so and gives no number. When the engine will fail is not foretold until mechanics have
entered failures of this fleet ('obdctl outcome add'): no open data set has cars with labelled failures.

What is said is kept; 'predict list' shows it, and scans, vehicles and reports show the newest. From what should be done
soon a proposal is made: what, when, why, and what waiting may cost. 'predict order' makes a work order of it, --order
of all of them, and the setting predict.order does so by rule.`

// predictFlags say what is foretold.
type predictFlags struct {
	vehicle string
	topics  []string
	failOn  string
	all     bool
	order   bool
}

// predictionsDocument is what `predict` and `predict list` write in JSON.
type predictionsDocument struct {
	Schema      string             `json:"schema"`
	Predictions []fleet.Prediction `json:"predictions"`
	Orders      []fleet.WorkOrder  `json:"orders,omitempty"` // opened by this run
	Next        string             `json:"next,omitempty"`
}

const predictionsSchema = "obdctl.predictions/1"

func (a *app) predict() *cobra.Command {
	var f predictFlags
	cmd := &cobra.Command{
		Use:   "predict",
		Short: "What will need care next: engine, battery, brakes, anomalies",
		Long:  predictLong,
		Example: `  obdctl predict                          # the vehicle that was scanned last
  obdctl predict --vin 1FADP3E21EL200017
  obdctl predict --all --fail-on now      # every vehicle; exit code 10 when something is urgent
  obdctl predict propose --vehicle focus
  obdctl predict order 0198c0de --yes`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.runPredict(cmd.Context(), f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id (default: the one scanned last)")
	flags.StringVar(&f.vehicle, "vin", "", "the same")
	flags.BoolVar(&f.all, "all", false, "of every vehicle")
	flags.StringSliceVar(&f.topics, "topic", nil, "only this: failure, engine, battery, brake, anomaly")
	flags.StringVar(&f.failOn, "fail-on", "", "exit with 10 when something is at least this urgent: watch, soon or now")
	flags.BoolVar(&f.order, "order", false, "open a work order for every proposal, where none is open")
	flags.BoolVar(&a.flags.noSave, "no-save", false, "do not keep what is said")
	completeFlag(cmd, "fail-on", "watch", "soon", "now")
	completeFlag(cmd, "topic", topicNames()...)
	cmd.AddCommand(a.predictList(), a.predictShow(), a.predictPropose(), a.predictOrder())
	return cmd
}

func topicNames() []string {
	var names []string
	for _, t := range fleet.Topics() {
		names = append(names, string(t))
	}
	return names
}

// topics reads words of --topic.
func topicsOf(words []string) ([]fleet.Topic, error) {
	var topics []fleet.Topic
	for _, w := range words {
		if err := oneOf("topic", w, topicNames()...); err != nil {
			return nil, err
		}
		topics = append(topics, fleet.Topic(w))
	}
	return topics, nil
}

func (a *app) runPredict(ctx context.Context, f predictFlags) error {
	topics, err := topicsOf(f.topics)
	if err != nil {
		return err
	}
	if f.failOn != "" {
		if err := oneOf("fail-on", f.failOn, "watch", "soon", "now"); err != nil {
			return err
		}
	}
	if f.all && f.vehicle != "" {
		return errs.New(errs.Usage, "--all and --vehicle exclude each other")
	}
	if f.order && !a.saves() {
		return errs.New(errs.Usage, "--order needs the predictions to be kept").WithHint("leave --no-save away, or the setting save: false")
	}
	t, closeStore, err := a.tenant(ctx)
	if err != nil {
		return err
	}
	defer closeStore() //nolint:errcheck // closed below where that can still be told
	vehicles, err := chosenVehicles(ctx, t, f)
	if err != nil {
		return err
	}
	doc := predictionsDocument{Schema: predictionsSchema, Predictions: []fleet.Prediction{}}
	parts := make([]text.PredictedVehicle, 0, len(vehicles))
	bar := a.newProgress()
	defer bar.clear()
	for i, v := range vehicles {
		bar.step("predict "+v.Title(), i+1, len(vehicles))
		said, orders, err := a.foretell(ctx, t, v, predict.Options{Now: time.Now(), Topics: topics}, f.order)
		if err != nil {
			return err
		}
		doc.Predictions, doc.Orders = append(doc.Predictions, said...), append(doc.Orders, orders...)
		parts = append(parts, text.PredictedVehicle{Vehicle: v, Said: said, Orders: orders})
	}
	bar.clear()
	if err := firstError(a.showPredictions(doc, parts), closeStore()); err != nil {
		return err
	}
	return told(urgencyVerdict(doc.Predictions, f.failOn))
}

func (a *app) showPredictions(doc predictionsDocument, parts []text.PredictedVehicle) error {
	if a.flags.json {
		return writeJSON(a.out, doc)
	}
	return a.show(text.Predictions(parts, a.textOptions(false)))
}

// urgencyVerdict is the exit code that --fail-on asks for.
func urgencyVerdict(said []fleet.Prediction, word string) error {
	if word == "" {
		return nil
	}
	limit := fleet.Urgency(word).Rank()
	if slices.ContainsFunc(said, func(p fleet.Prediction) bool { return p.Urgency.Rank() >= limit }) {
		return exitVerdict{[]string{word}}
	}
	return nil
}

// chosenVehicles are those that the flags name.
func chosenVehicles(ctx context.Context, t store.Tenant, f predictFlags) (all []fleet.Vehicle, err error) {
	err = t.View(ctx, func(tx store.Tx) error {
		if f.all {
			all, err = everyVehicle(ctx, tx)
			return err
		}
		v, err := (gatherer{ctx: ctx, tx: tx}).vehicle(&reportFlags{vehicle: f.vehicle})
		all = []fleet.Vehicle{v}
		return err
	})
	if err == nil && len(all) == 0 {
		err = errs.New(errs.BadInput, "no vehicle is kept yet").WithHint("'obdctl scan' keeps the vehicle that it reads, 'obdctl import' takes in logs")
	}
	return all, err
}

func everyVehicle(ctx context.Context, tx store.Tx) (all []fleet.Vehicle, err error) {
	for v, err := range paged(func(p store.Page) (store.List[fleet.Vehicle], error) { return tx.Vehicles().List(ctx, p) }) {
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// foretell asks the models about one vehicle, keeps what they said, and opens the work orders that a rule or a flag asks for.
func (a *app) foretell(ctx context.Context, t store.Tenant, v fleet.Vehicle, o predict.Options, order bool) (said []fleet.Prediction, orders []fleet.WorkOrder, err error) {
	err = t.View(ctx, func(tx store.Tx) error {
		said, err = predict.Vehicle(ctx, tx, v, o)
		return err
	})
	if err != nil || !a.saves() {
		return said, nil, err
	}
	err = t.Update(ctx, func(tx store.Tx) error {
		if err := tx.Predictions().Add(ctx, v.ID, said); err != nil {
			return err
		}
		for _, p := range said {
			if p.Proposal == nil || !order && !a.byRule(p.Urgency) {
				continue
			}
			made, fresh, err := openOrder(ctx, tx, p)
			if err != nil {
				return err
			}
			if fresh {
				orders = append(orders, made)
			}
		}
		return nil
	})
	return said, orders, err
}

// byRule tells whether the setting predict.order opens a work order at this urgency.
func (a *app) byRule(u fleet.Urgency) bool {
	rule := a.conf.Predict.Order
	return rule != "" && rule != "never" && u.Rank() >= fleet.Urgency(rule).Rank()
}

func (a *app) predictList() *cobra.Command {
	var vehicle, topic, since, until string
	var page store.Page
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "What was predicted, newest first",
		Example: `  obdctl predict list --vehicle focus --topic battery --since 90d`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, to, err := a.stretch(since, until)
			if err != nil {
				return err
			}
			filter := store.PredictionFilter{Since: from, Until: to}
			if topic != "" {
				topics, err := topicsOf([]string{topic})
				if err != nil {
					return err
				}
				filter.Topic = topics[0]
			}
			doc := predictionsDocument{Schema: predictionsSchema}
			names := map[string]fleet.Vehicle{}
			err = a.view(cmd.Context(), func(tx store.Tx) error {
				if vehicle != "" {
					v, err := oneVehicle(cmd.Context(), tx, vehicle)
					if err != nil {
						return err
					}
					filter.VehicleID = v.ID
				}
				l, err := tx.Predictions().List(cmd.Context(), filter, page)
				doc.Next = l.Next
				if err := take(&doc.Predictions)(l, err); err != nil {
					return err
				}
				return nameVehicles(cmd.Context(), tx, doc.Predictions, names)
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.PredictionList(doc.Predictions, names, doc.Next, a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "only of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&topic, "topic", "", "only this topic")
	completeFlag(cmd, "topic", topicNames()...)
	stretchFlags(cmd, &since, &until)
	pageFlags(cmd, &page)
	return cmd
}

func nameVehicles(ctx context.Context, tx store.Tx, said []fleet.Prediction, names map[string]fleet.Vehicle) error {
	for _, p := range said {
		if _, ok := names[p.VehicleID.String()]; ok {
			continue
		}
		v, err := tx.Vehicles().Get(ctx, p.VehicleID)
		if err != nil {
			return err
		}
		names[p.VehicleID.String()] = v
	}
	return nil
}

func (a *app) predictShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show PREDICTION",
		Short: "One prediction in full",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var p fleet.Prediction
			var v fleet.Vehicle
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				if p, err = onePrediction(cmd.Context(), tx, args[0]); err != nil {
					return err
				}
				v, err = tx.Vehicles().Get(cmd.Context(), p.VehicleID)
				return err
			})
			if err != nil {
				return err
			}
			return a.showPredictions(predictionsDocument{Schema: predictionsSchema, Predictions: []fleet.Prediction{p}},
				[]text.PredictedVehicle{{Vehicle: v, Said: []fleet.Prediction{p}}})
		},
	}
}

// onePrediction finds the prediction that words mean.
func onePrediction(ctx context.Context, tx store.Tx, words string) (fleet.Prediction, error) {
	found, err := tx.Predictions().Find(ctx, strings.TrimSpace(words))
	switch {
	case err != nil:
		return fleet.Prediction{}, err
	case len(found) == 0:
		return fleet.Prediction{}, errs.New(errs.BadInput, "no prediction is known as %q", words).WithHint("'obdctl predict list' shows all; the start of an id finds one")
	case len(found) > 1:
		return fleet.Prediction{}, errs.New(errs.Usage, "%q may be %s", words, fmt.Sprintf("%d predictions", len(found))).WithHint("give more of the id")
	}
	return found[0], nil
}
