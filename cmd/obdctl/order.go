package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) order() *cobra.Command {
	cmd := &cobra.Command{Use: "order", Short: "Work orders", Args: cobra.NoArgs}
	cmd.AddCommand(a.orderAdd(), a.orderSet(), a.orderClose(), a.orderList())
	return cmd
}

// orderFlags are what a person may set of a work order.
type orderFlags struct{ vehicle, customer, number, title, state, before, after string }

func (f *orderFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.customer, "customer", "", "who ordered it: `WORDS` of name, telephone or e-mail")
	cmd.Flags().StringVar(&f.number, "number", "", "the shop's own number")
	cmd.Flags().StringVar(&f.state, "state", "", "open, waiting, done or cancelled")
	cmd.Flags().StringVar(&f.before, "before", "", "the scan from before the work: last, or the start of an id")
	cmd.Flags().StringVar(&f.after, "after-scan", "", "the scan from after the work")
	completeFlag(cmd, "state", "open", "waiting", "done", "cancelled")
}

// lay puts what was given over an order.
func (f *orderFlags) lay(ctx context.Context, tx store.Tx, o *fleet.WorkOrder) error {
	for text, to := range map[string]*string{f.number: &o.Number, f.title: &o.Title} {
		if text != "" {
			*to = text
		}
	}
	if f.customer != "" {
		c, err := oneCustomer(ctx, tx, f.customer)
		if err != nil {
			return err
		}
		o.CustomerID = &c.ID
	}
	if f.before != "" {
		i, err := oneScan(ctx, tx, f.before, o.VehicleID)
		if err != nil {
			return err
		}
		o.Before = &i.ID
	}
	if f.after != "" {
		i, err := oneScan(ctx, tx, f.after, o.VehicleID)
		if err != nil {
			return err
		}
		o.After = &i.ID
	}
	if f.state != "" {
		o.State = fleet.OrderState(f.state)
		o.Closed = nil
		if o.State == fleet.OrderDone || o.State == fleet.OrderCancelled {
			now := time.Now()
			o.Closed = &now
		}
	}
	return nil
}

func (a *app) orderAdd() *cobra.Command {
	var f orderFlags
	cmd := &cobra.Command{
		Use:     "add TITLE",
		Short:   "Open a work order",
		Example: `  obdctl order add "Replace coil of cylinder 1" --vehicle focus --number 2026-117 --before last`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var o fleet.WorkOrder
			f.title = args[0]
			err := a.update(cmd.Context(), func(tx store.Tx) error {
				v, err := oneVehicle(cmd.Context(), tx, f.vehicle)
				if err != nil {
					return err
				}
				o.VehicleID, o.CustomerID = v.ID, v.CustomerID
				if err := f.lay(cmd.Context(), tx, &o); err != nil {
					return err
				}
				return tx.Orders().Put(cmd.Context(), &o)
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Orders: []fleet.WorkOrder{o}}, text.Orders([]fleet.WorkOrder{o}, "", a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&f.vehicle, "vehicle", "", "the vehicle: `WORDS` of VIN, plate, label or id (required)")
	_ = cmd.MarkFlagRequired("vehicle") // the flag is defined one line above
	f.add(cmd)
	return cmd
}

func (a *app) orderSet() *cobra.Command {
	var f orderFlags
	cmd := &cobra.Command{
		Use:     "set ORDER",
		Short:   "Change a work order",
		Example: `  obdctl order set 2026-117 --state done --after-scan last`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var o fleet.WorkOrder
			err := a.update(cmd.Context(), func(tx store.Tx) (err error) {
				if o, err = oneOrder(cmd.Context(), tx, args[0]); err != nil {
					return err
				}
				if err := f.lay(cmd.Context(), tx, &o); err != nil {
					return err
				}
				return tx.Orders().Put(cmd.Context(), &o)
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Orders: []fleet.WorkOrder{o}}, text.Orders([]fleet.WorkOrder{o}, "", a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&f.title, "title", "", "what is to be done")
	f.add(cmd)
	return cmd
}

func (a *app) orderList() *cobra.Command {
	var vehicle, state string
	var page store.Page
	cmd := &cobra.Command{
		Use:   "list",
		Short: "The work orders, newest first",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var l store.List[fleet.WorkOrder]
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				var v fleet.Vehicle
				if vehicle != "" {
					if v, err = oneVehicle(cmd.Context(), tx, vehicle); err != nil {
						return err
					}
				}
				l, err = tx.Orders().List(cmd.Context(), v.ID, fleet.OrderState(state), page)
				return err
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Orders: l.Items, Next: l.Next}, text.Orders(l.Items, l.Next, a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "only of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&state, "state", "", "only in this state: open, waiting, done or cancelled")
	completeFlag(cmd, "state", "open", "waiting", "done", "cancelled")
	pageFlags(cmd, &page)
	return cmd
}

func oneOrder(ctx context.Context, tx store.Tx, words string) (fleet.WorkOrder, error) {
	found, err := tx.Orders().Find(ctx, words)
	switch {
	case err != nil:
		return fleet.WorkOrder{}, err
	case len(found) == 0:
		return fleet.WorkOrder{}, errs.New(errs.BadInput, "no work order is known as %q", words).WithHint("'obdctl order list' shows all")
	case len(found) > 1:
		return fleet.WorkOrder{}, errs.New(errs.Usage, "%q may be %d work orders", words, len(found)).WithHint("give its number or id")
	}
	return found[0], nil
}
