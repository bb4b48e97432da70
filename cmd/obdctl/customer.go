package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) customer() *cobra.Command {
	cmd := &cobra.Command{Use: "customer", Short: "The shop's customers", Args: cobra.NoArgs}
	var c fleet.Customer
	add := &cobra.Command{
		Use:     "add NAME",
		Short:   "Add a customer",
		Example: `  obdctl customer add "Ada Lovelace" --phone "+44 20 7946 0000"`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c.Name = args[0]
			if err := a.update(cmd.Context(), func(tx store.Tx) error { return tx.Customers().Put(cmd.Context(), &c) }); err != nil {
				return err
			}
			return a.showShop(shopDocument{Customers: []fleet.Customer{c}}, text.Customers([]fleet.Customer{c}, "", a.textOptions(false)))
		},
	}
	add.Flags().StringVar(&c.Phone, "phone", "", "telephone number")
	add.Flags().StringVar(&c.Email, "email", "", "e-mail address")
	add.Flags().StringVar(&c.Address, "address", "", "postal address")
	var page store.Page
	list := &cobra.Command{
		Use:   "list [WORDS]",
		Short: "The customers by name",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var l store.List[fleet.Customer]
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				if len(args) == 1 {
					l.Items, err = tx.Customers().Find(cmd.Context(), args[0])
				} else {
					l, err = tx.Customers().List(cmd.Context(), page)
				}
				return err
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Customers: l.Items, Next: l.Next}, text.Customers(l.Items, l.Next, a.textOptions(false)))
		},
	}
	pageFlags(list, &page)
	cmd.AddCommand(add, list)
	return cmd
}

// oneCustomer finds the customer that words mean.
func oneCustomer(ctx context.Context, tx store.Tx, words string) (fleet.Customer, error) {
	found, err := tx.Customers().Find(ctx, words)
	switch {
	case err != nil:
		return fleet.Customer{}, err
	case len(found) == 0:
		return fleet.Customer{}, errs.New(errs.BadInput, "no customer is known as %q", words).WithHint("'obdctl customer list' shows all, 'obdctl customer add' adds one")
	case len(found) > 1:
		return fleet.Customer{}, errs.New(errs.Usage, "%q may be %d customers", words, len(found)).WithHint("give more of the name, or the id")
	}
	return found[0], nil
}
