package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

// trainFlags say what is trained.
type trainFlags struct {
	vehicle string
	all     bool
	promote bool
	seed    uint64
}

func (a *app) modelTrain() *cobra.Command {
	var f trainFlags
	cmd := &cobra.Command{
		Use:   "train NAME",
		Short: "Train a model on what is kept here",
		Long: `train learns a model from what this installation keeps, measures it on the frozen part of the data, and keeps it as a
challenger with all that it was made of. The same data and seed give the same weights.

  engine-residuals  one vehicle's parts, from its own healthy trips; anomalies are told by the same model
  engine-failure    failure of the engine, from failures that mechanics entered at many vehicles
  brake-wear        the fleet's pads, from measured pads of several vehicles

  engine-failure-lstm learns the same from weeks of drives in order; of two champions the better one on frozen vehicles speaks`,
		Example: `  obdctl model train engine-residuals --vehicle focus --promote
  obdctl model train engine-residuals --all --promote    # for a nightly job
  obdctl model train brake-wear`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return kindNames(), cobra.ShellCompDirectiveNoFileComp
		},
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.train(cmd.Context(), args[0], f) },
	}
	cmd.Flags().StringVar(&f.vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().BoolVar(&f.all, "all", false, "one for each vehicle that has enough data")
	cmd.Flags().BoolVar(&f.promote, "promote", false, "let it speak if it is better than what speaks now")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "seed of chance")
	return cmd
}

func (a *app) train(ctx context.Context, name string, f trainFlags) error {
	k, err := predict.Find(name)
	if err != nil {
		return err
	}
	if f.all && (f.vehicle != "" || !k.Card().PerVehicle) {
		return errs.New(errs.Usage, "--all is for models of single vehicles, without --vehicle")
	}
	of, err := a.belonging(ctx, f.vehicle)
	if err != nil {
		return err
	}
	t, closeStore, err := a.tenant(ctx)
	if err != nil {
		return err
	}
	defer closeStore() //nolint:errcheck // closed below where that can still be told
	o := registry.Options{Seed: f.seed, CodeVersion: buildVersion(), Now: time.Now()}
	if f.all {
		doc, err := a.trainAll(ctx, t, k, f, o)
		return firstError(err, a.showModels(doc), closeStore())
	}
	m, r, err := trainOne(ctx, t, k, of, f, o)
	if m.ID == uuid.Nil {
		return err
	}
	doc := modelsDocument{Models: []fleet.Model{m}, Comparison: r}
	return firstError(a.showModels(doc), closeStore(), told(err))
}

// trainOne trains a model and, where that is asked for, promotes it.
func trainOne(ctx context.Context, t store.Tenant, k registry.Kind, of uuid.UUID, f trainFlags, o registry.Options) (fleet.Model, *registry.Comparison, error) {
	m, err := registry.Train(ctx, t, k, of, o)
	if err != nil || !f.promote {
		return m, nil, err
	}
	r, err := registry.Promote(ctx, t, k, m.ID, o.Now)
	if r.Model.ID != uuid.Nil {
		m = r.Model
	}
	return m, &r, err
}

// trainAll trains for each vehicle. One that has too little data, or whose champion is better, costs only itself.
func (a *app) trainAll(ctx context.Context, t store.Tenant, k registry.Kind, f trainFlags, o registry.Options) (doc modelsDocument, err error) {
	var vehicles []fleet.Vehicle
	err = t.View(ctx, func(tx store.Tx) error {
		vehicles, err = everyVehicle(ctx, tx)
		return err
	})
	if err != nil {
		return doc, err
	}
	bar := a.newProgress()
	defer bar.clear()
	for i, v := range vehicles {
		bar.step("train for "+v.Title(), i+1, len(vehicles))
		m, _, err := trainOne(ctx, t, k, v.ID, f, o)
		if m.ID != uuid.Nil {
			doc.Models = append(doc.Models, m)
		}
		switch kind := errs.KindOf(err); {
		case err == nil || m.ID != uuid.Nil && kind == errs.Denied:
		case kind == errs.BadInput || kind == errs.Usage:
			doc.Failed = append(doc.Failed, modelFailure{v.ID, err.Error()})
		default:
			return doc, err
		}
	}
	return doc, nil
}
