package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) predictPropose() *cobra.Command {
	var vehicle string
	cmd := &cobra.Command{
		Use:   "propose",
		Short: "What should be done: what, when, why, and what waiting may cost",
		Long: `propose lists the proposals of the newest predictions, the most urgent first, with the work orders that are open for
them. 'predict order' makes a work order of one.`,
		Example: "  obdctl predict propose --vehicle focus\n  obdctl predict propose --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			doc := predictionsDocument{Schema: predictionsSchema, Predictions: []fleet.Prediction{}}
			var parts []text.PredictedVehicle
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				vehicles := []fleet.Vehicle{{}}
				if vehicle != "" {
					vehicles[0], err = oneVehicle(cmd.Context(), tx, vehicle)
				} else {
					vehicles, err = everyVehicle(cmd.Context(), tx)
				}
				if err != nil {
					return err
				}
				for _, v := range vehicles {
					part, err := proposals(cmd.Context(), tx, v)
					if err != nil {
						return err
					}
					if len(part.Said) > 0 {
						parts = append(parts, part)
						doc.Predictions, doc.Orders = append(doc.Predictions, part.Said...), append(doc.Orders, part.Orders...)
					}
				}
				return nil
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.Proposals(parts, a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "only of this vehicle: `WORDS` of VIN, plate, label or id")
	return cmd
}

// proposals are the newest predictions of a vehicle that ask for something, and the orders that are open for them.
func proposals(ctx context.Context, tx store.Tx, v fleet.Vehicle) (part text.PredictedVehicle, err error) {
	part.Vehicle = v
	said, err := tx.Predictions().Latest(ctx, v.ID)
	if err != nil {
		return part, err
	}
	for _, p := range said {
		if p.Proposal == nil {
			continue
		}
		part.Said = append(part.Said, p)
		o, ok, err := orderOf(ctx, tx, p)
		if err != nil {
			return part, err
		}
		if ok {
			part.Orders = append(part.Orders, o)
		}
	}
	return part, nil
}

func (a *app) predictOrder() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "order PREDICTION",
		Short: "Make a work order of a prediction's proposal",
		Long: `order opens a work order for what a prediction proposes, after it is confirmed. When the order is closed with what was
found ('order close --found'), that becomes the label from which models learn.`,
		Example: `  obdctl predict order 0198c0de-7b2c
  obdctl predict order 0198c0de-7b2c --yes`,
		Args: cobra.ExactArgs(1),
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
			if p.Proposal == nil {
				return errs.New(errs.BadInput, "this prediction proposes nothing: %s", p.Claim).WithHint("'obdctl predict propose' lists those that do")
			}
			question := fmt.Sprintf("%s: %s\n%s, %s. Waiting: %s.", v.Title(), p.Claim, p.Proposal.What, p.Proposal.When, p.Proposal.Cost)
			if err := a.confirm(cmd.Context(), yes, question, "order"); err != nil {
				return err
			}
			var o fleet.WorkOrder
			fresh := false
			err = a.update(cmd.Context(), func(tx store.Tx) (err error) {
				o, fresh, err = openOrder(cmd.Context(), tx, p)
				return err
			})
			if err != nil {
				return err
			}
			if !fresh {
				a.notice(true, "a work order for this is open already")
			}
			return a.showShop(shopDocument{Orders: []fleet.WorkOrder{o}}, text.Orders([]fleet.WorkOrder{o}, "", a.textOptions(false)))
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "confirm: open the order without asking")
	return cmd
}

// openOrder makes a work order of a prediction's proposal; fresh is false when one is open for the same part already.
func openOrder(ctx context.Context, tx store.Tx, p fleet.Prediction) (o fleet.WorkOrder, fresh bool, err error) {
	o, open, err := orderOf(ctx, tx, p)
	if err != nil || open {
		return o, false, err
	}
	v, err := tx.Vehicles().Get(ctx, p.VehicleID)
	if err != nil {
		return o, false, err
	}
	title := p.Proposal.What
	if p.Part != "" {
		title = p.Part + ": " + title
	}
	o = fleet.WorkOrder{VehicleID: v.ID, CustomerID: v.CustomerID, Title: title, PredictionID: &p.ID}
	if err := tx.Orders().Put(ctx, &o); err != nil {
		return o, false, err
	}
	note := fmt.Sprintf("%s\nWhen: %s.\nWaiting: %s.", p.Claim, p.Proposal.When, p.Proposal.Cost)
	return o, true, tx.Notes().Put(ctx, &fleet.Note{Subject: fleet.Subject{OrderID: &o.ID}, Text: note})
}

// orderOf finds the open work order that an earlier or this prediction of the same part led to.
func orderOf(ctx context.Context, tx store.Tx, p fleet.Prediction) (fleet.WorkOrder, bool, error) {
	for _, state := range []fleet.OrderState{fleet.OrderOpen, fleet.OrderWaiting} {
		l, err := tx.Orders().List(ctx, p.VehicleID, state, store.Page{Limit: 10_000})
		if err != nil {
			return fleet.WorkOrder{}, false, err
		}
		for _, o := range l.Items {
			if o.PredictionID == nil {
				continue
			}
			of, err := tx.Predictions().Get(ctx, *o.PredictionID)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return fleet.WorkOrder{}, false, err
			}
			if of.Topic == p.Topic && of.Part == p.Part {
				return o, true, nil
			}
		}
	}
	return fleet.WorkOrder{}, false, nil
}
