package main

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict"
	"github.com/fleetms/obdctl/internal/predict/registry"
	"github.com/fleetms/obdctl/internal/store"
)

const modelLong = `model keeps the models that predictions come from: what each was trained on (with a hash of the data), how the data were
parted, its seed, its figures on data that stay frozen, and whether it speaks.

train makes a challenger out of what this installation keeps. promote makes it champion only if it is better than the
champion on the frozen data and flags no more of the healthy part; rollback brings the one before back. Which data are
frozen never changes, so no model is ever measured on what it learned from.`

// modelsDocument is what the model commands write in JSON.
type modelsDocument struct {
	Schema     string               `json:"schema"`
	Models     []fleet.Model        `json:"models"`
	Comparison *registry.Comparison `json:"comparison,omitempty"`
	Failed     []modelFailure       `json:"failed,omitempty"` // by --all: vehicles that have no model, and why
	Next       string               `json:"next,omitempty"`
}

// modelFailure says why a vehicle has no model.
type modelFailure struct {
	VehicleID uuid.UUID `json:"vehicle_id"`
	Reason    string    `json:"reason"`
}

const modelsSchema = "obdctl.models/1"

func (a *app) model() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model",
		Short: "The models that predictions come from: train, measure, promote, roll back",
		Long:  modelLong,
		Example: `  obdctl model train engine-residuals --vehicle focus
  obdctl model train engine-residuals --all --promote   # every vehicle that has enough data
  obdctl model card engine-residuals --format md
  obdctl model export "engine-residuals 3" --out focus.obdmodel`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(a.modelList(), a.modelCard(), a.modelTrain(), a.modelEval(), a.modelPromote(), a.modelRollback(), a.modelImport(), a.modelExport(), a.modelDelete(), a.modelDrift())
	return cmd
}

func kindNames() []string {
	var names []string
	for _, k := range predict.Kinds() {
		names = append(names, k.Card().Name)
	}
	return names
}

func (a *app) showModels(doc modelsDocument) error {
	doc.Schema = modelsSchema
	if doc.Models == nil {
		doc.Models = []fleet.Model{}
	}
	if a.flags.json {
		return writeJSON(a.out, doc)
	}
	if doc.Comparison != nil {
		return a.show(text.Compared(*doc.Comparison, a.textOptions(false)))
	}
	var failed [][2]string
	for _, f := range doc.Failed {
		failed = append(failed, [2]string{f.VehicleID.String(), f.Reason})
	}
	return a.show(text.Models(doc.Models, failed, doc.Next, a.textOptions(false)))
}

func (a *app) modelList() *cobra.Command {
	var page store.Page
	cmd := &cobra.Command{
		Use:   "list [NAME]",
		Short: "The models, newest first",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var l store.List[fleet.Model]
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				l, err = tx.Models().List(cmd.Context(), append(args, "")[0], page)
				return err
			})
			if err != nil {
				return err
			}
			return a.showModels(modelsDocument{Models: l.Items, Next: l.Next})
		},
	}
	pageFlags(cmd, &page)
	return cmd
}

// oneModel finds the model that words mean: an id, a name and version, or the name of a kind, which means its champion,
// or else the newest. A vehicle narrows to its models.
func oneModel(ctx context.Context, tx store.Tx, words string, vehicle uuid.UUID) (fleet.Model, error) {
	found, err := tx.Models().Find(ctx, words)
	if err != nil {
		return fleet.Model{}, err
	}
	if vehicle != uuid.Nil {
		var of []fleet.Model
		for _, m := range found {
			if m.VehicleID != nil && *m.VehicleID == vehicle {
				of = append(of, m)
			}
		}
		found = of
	}
	if len(found) == 0 {
		return fleet.Model{}, errs.New(errs.BadInput, "no model is known as %q", words).WithHint("'obdctl model list' shows all; 'obdctl model train' makes one of: %s", strings.Join(kindNames(), ", "))
	}
	if len(found) == 1 {
		return found[0], nil
	}
	for _, m := range found {
		if found[0].Name == words && sameScope(found) && m.State == fleet.Champion {
			return m, nil
		}
	}
	if found[0].Name == words && sameScope(found) {
		return found[0], nil
	}
	return fleet.Model{}, errs.New(errs.Usage, "%q may be %d models", words, len(found)).WithHint("give the name and version, the vehicle, or the start of an id")
}

// sameScope tells that all models speak for the same vehicle, or all for every one.
func sameScope(all []fleet.Model) bool {
	for _, m := range all[1:] {
		if (m.VehicleID == nil) != (all[0].VehicleID == nil) || m.VehicleID != nil && *m.VehicleID != *all[0].VehicleID {
			return false
		}
	}
	return true
}

// named finds the model and its kind by arguments and flags of a command.
func (a *app) named(ctx context.Context, words, vehicle string) (m fleet.Model, k registry.Kind, err error) {
	err = a.view(ctx, func(tx store.Tx) error {
		var of fleet.Vehicle
		if vehicle != "" {
			if of, err = oneVehicle(ctx, tx, vehicle); err != nil {
				return err
			}
		}
		m, err = oneModel(ctx, tx, words, of.ID)
		return err
	})
	if err != nil {
		return m, nil, err
	}
	k, err = predict.Find(m.Name)
	return m, k, err
}

func (a *app) modelCard() *cobra.Command {
	var vehicle, format string
	cmd := &cobra.Command{
		Use:     "card MODEL",
		Short:   "Everything that is known of a model: data, hash, split, seed, figures, limits",
		Example: "  obdctl model card engine-residuals --vehicle focus\n  obdctl model card \"brake-wear 2\" --format md > card.md",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf("format", format, "text", "json", "md"); err != nil {
				return err
			}
			m, _, err := a.named(cmd.Context(), args[0], vehicle)
			if err != nil {
				return err
			}
			switch {
			case a.flags.json || format == "json":
				return writeJSON(a.out, modelsDocument{Schema: modelsSchema, Models: []fleet.Model{m}})
			case format == "md":
				_, err := io.WriteString(a.out, registry.Markdown(m))
				return err
			}
			return a.show(text.ModelCard(m, a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&format, "format", "text", "text, json or md")
	completeFlag(cmd, "format", "text", "json", "md")
	return cmd
}

func (a *app) modelEval() *cobra.Command {
	var vehicle string
	cmd := &cobra.Command{
		Use:   "eval MODEL",
		Short: "Measure a model and today's champion on the frozen data",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, k, err := a.named(cmd.Context(), args[0], vehicle)
			if err != nil {
				return err
			}
			t, closeStore, err := a.tenant(cmd.Context())
			if err != nil {
				return err
			}
			r, err := registry.Compare(cmd.Context(), t, k, m.ID)
			if err = firstError(err, closeStore()); err != nil {
				return err
			}
			return a.showModels(modelsDocument{Models: []fleet.Model{r.Model}, Comparison: &r})
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	return cmd
}

func (a *app) modelPromote() *cobra.Command {
	var vehicle string
	cmd := &cobra.Command{
		Use:   "promote MODEL",
		Short: "Let a model speak, if it is better than the one that does",
		Long: `promote measures the model and today's champion on the frozen data. The model becomes champion only if it is better
there and flags no more of the healthy part; else it stays what it is, the reason is written down, and the exit code is 7.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, k, err := a.named(cmd.Context(), args[0], vehicle)
			if err != nil {
				return err
			}
			t, closeStore, err := a.tenant(cmd.Context())
			if err != nil {
				return err
			}
			r, err := registry.Promote(cmd.Context(), t, k, m.ID, time.Now())
			if err = firstError(err, closeStore()); err != nil && errs.KindOf(err) != errs.Denied {
				return err
			}
			return firstError(a.showModels(modelsDocument{Models: []fleet.Model{r.Model}, Comparison: &r}), told(err))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	return cmd
}

func (a *app) modelRollback() *cobra.Command {
	var vehicle string
	cmd := &cobra.Command{
		Use:   "rollback NAME",
		Short: "Take the champion out and bring back the one before it",
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return kindNames(), cobra.ShellCompDirectiveNoFileComp
		},
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			k, err := predict.Find(args[0])
			if err != nil {
				return err
			}
			of, err := a.belonging(cmd.Context(), vehicle)
			if err != nil {
				return err
			}
			t, closeStore, err := a.tenant(cmd.Context())
			if err != nil {
				return err
			}
			gone, back, err := registry.Rollback(cmd.Context(), t, k.Card(), of, time.Now())
			if err = firstError(err, closeStore()); err != nil {
				return err
			}
			models := []fleet.Model{gone}
			if back == nil {
				a.notice(true, "no model speaks now: there was none before it")
			} else {
				models = append(models, *back)
			}
			return a.showModels(modelsDocument{Models: models})
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	return cmd
}

func (a *app) modelDelete() *cobra.Command {
	return &cobra.Command{
		Use:   "delete MODEL",
		Short: "Remove a model that does not speak",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, _, err := a.named(cmd.Context(), args[0], "")
			if err != nil {
				return err
			}
			if m.State == fleet.Champion {
				return errs.New(errs.Denied, "%s is the champion", m.Title()).WithHint("'obdctl model rollback' takes it out first")
			}
			return a.update(cmd.Context(), func(tx store.Tx) error { return tx.Models().Delete(cmd.Context(), m.ID) })
		},
	}
}
