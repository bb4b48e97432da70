package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) vehicle() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vehicle",
		Short: "The vehicles that the database knows",
		Long: `vehicle keeps the garage: every car that was scanned or imported is there with its scans, codes and
readings. A vehicle is named by its VIN or the end of it, its plate, its label, or the start of its id.`,
		Example: `  obdctl vehicle list
  obdctl vehicle add --vin 1FADP3E21EL200017 --plate "B OB 2026" --label "Blue Focus"
  obdctl vehicle show focus
  obdctl vehicle merge 0198c0de 1FADP3E21EL200017`,
		Args: cobra.NoArgs,
	}
	cmd.AddCommand(a.vehicleList(), a.vehicleAdd(), a.vehicleSet(), a.vehicleShow(), a.vehicleMerge(), a.vehicleDelete())
	return cmd
}

// vehiclesDocument is what `vehicle list`, `vehicle add` and `vehicle set` write in JSON.
type vehiclesDocument struct {
	Schema   string          `json:"schema"`
	Vehicles []fleet.Vehicle `json:"vehicles"`
	Next     string          `json:"next,omitempty"`
}

func vehiclesOf(all ...fleet.Vehicle) vehiclesDocument {
	if all == nil {
		all = []fleet.Vehicle{}
	}
	return vehiclesDocument{Schema: "obdctl.vehicles/1", Vehicles: all}
}

func (a *app) vehicleList() *cobra.Command {
	var page store.Page
	cmd := &cobra.Command{
		Use:   "list [WORDS]",
		Short: "All vehicles, the last scanned first",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var l store.List[fleet.Vehicle]
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				if len(args) == 1 {
					l.Items, err = tx.Vehicles().Find(cmd.Context(), args[0])
					return err
				}
				l, err = tx.Vehicles().List(cmd.Context(), page)
				return err
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				doc := vehiclesOf(l.Items...)
				doc.Next = l.Next
				return writeJSON(a.out, doc)
			}
			return a.show(text.Vehicles(l.Items, l.Next, a.textOptions(false)))
		},
	}
	pageFlags(cmd, &page)
	return cmd
}

// pageFlags are those of every list.
func pageFlags(cmd *cobra.Command, p *store.Page) {
	cmd.Flags().IntVar(&p.Limit, "limit", 100, "entries on one page, at most 10000")
	cmd.Flags().StringVar(&p.After, "after", "", "begin behind a page, with the cursor that it ended with")
}

// vehicleFlags are the fields that a person may set.
func vehicleFlags(cmd *cobra.Command, v *fleet.Vehicle, customer *string) {
	f := cmd.Flags()
	f.StringVar(&v.VIN, "vin", "", "vehicle identification number")
	f.StringVar(&v.Label, "label", "", "what people call it")
	f.StringVar(&v.Plate, "plate", "", "number plate")
	f.StringVar(&v.Maker, "maker", "", "maker")
	f.StringVar(&v.Model, "model", "", "model")
	f.IntVar(&v.ModelYear, "year", 0, "model year")
	f.StringVar(&v.Engine, "engine", "", "engine")
	f.Func("mass", "mass in `KG` as it is driven: the work of the brakes follows from it", func(s string) error {
		kg, err := strconv.ParseFloat(s, 64)
		if err != nil || !(kg >= 50 && kg <= 100_000) {
			return fmt.Errorf("%q is no mass, want 50 to 100000 kg", s)
		}
		v.MassKg = &kg
		return nil
	})
	f.StringVar(customer, "customer", "", "whom it belongs to: `WORDS` of name, telephone or e-mail")
}

func (a *app) vehicleAdd() *cobra.Command {
	var v fleet.Vehicle
	var customer string
	cmd := &cobra.Command{
		Use:     "add",
		Short:   "Add a vehicle",
		Long:    "add makes an entry for a vehicle before its first scan, or for one that has no VIN. What the VIN tells is filled in.",
		Example: `  obdctl vehicle add --vin 1FADP3E21EL200017 --plate "B OB 2026"`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if v.VIN == "" && v.Label == "" && v.Plate == "" {
				return errs.New(errs.Usage, "a vehicle needs a VIN, a label or a plate").WithHint("see 'obdctl vehicle add --help'")
			}
			if err := fillByVIN(&v); err != nil {
				return err
			}
			return a.putVehicle(cmd.Context(), &v, customer)
		},
	}
	vehicleFlags(cmd, &v, &customer)
	return cmd
}

func (a *app) vehicleSet() *cobra.Command {
	var given fleet.Vehicle
	var customer string
	cmd := &cobra.Command{
		Use:     "set WORDS",
		Short:   "Change what is written of a vehicle",
		Example: `  obdctl vehicle set focus --plate "B OB 2027" --customer lovelace`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var v fleet.Vehicle
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				v, err = oneVehicle(cmd.Context(), tx, args[0])
				return err
			})
			if err != nil {
				return err
			}
			for flag, field := range map[string]struct{ to, from *string }{
				"vin": {&v.VIN, &given.VIN}, "label": {&v.Label, &given.Label}, "plate": {&v.Plate, &given.Plate}, "maker": {&v.Maker, &given.Maker},
				"model": {&v.Model, &given.Model}, "engine": {&v.Engine, &given.Engine},
			} {
				if cmd.Flags().Changed(flag) {
					*field.to = *field.from
				}
			}
			if cmd.Flags().Changed("year") {
				v.ModelYear = given.ModelYear
			}
			if given.MassKg != nil {
				v.MassKg = given.MassKg
			}
			return a.putVehicle(cmd.Context(), &v, customer)
		},
	}
	vehicleFlags(cmd, &given, &customer)
	return cmd
}

func (a *app) putVehicle(ctx context.Context, v *fleet.Vehicle, customer string) error {
	err := a.update(ctx, func(tx store.Tx) error {
		if customer != "" {
			c, err := oneCustomer(ctx, tx, customer)
			if err != nil {
				return err
			}
			v.CustomerID = &c.ID
		}
		return tx.Vehicles().Put(ctx, v)
	})
	if err != nil {
		return err
	}
	if a.flags.json {
		return writeJSON(a.out, vehiclesOf(*v))
	}
	return a.show(text.Vehicles([]fleet.Vehicle{*v}, "", a.textOptions(false)))
}

func (a *app) vehicleMerge() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "merge FROM INTO",
		Short: "Make two entries of one vehicle one",
		Long: `merge moves every scan, reading, trip, note, order and file of FROM to INTO. The id of FROM goes on finding
the vehicle. It cannot be undone.`,
		Example: `  obdctl vehicle merge 0198c0de 1FADP3E21EL200017`,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			var from, into fleet.Vehicle
			err := a.view(ctx, func(tx store.Tx) (err error) {
				if from, err = oneVehicle(ctx, tx, args[0]); err != nil {
					return err
				}
				into, err = oneVehicle(ctx, tx, args[1])
				return err
			})
			if err != nil {
				return err
			}
			if err := a.confirm(ctx, yes, "Everything of "+from.Title()+" goes to "+into.Title()+". This cannot be undone.", "MERGE"); err != nil {
				return err
			}
			err = a.update(ctx, func(tx store.Tx) (err error) {
				if err = tx.Vehicles().Merge(ctx, from.ID, into.ID); err == nil {
					into, err = tx.Vehicles().Get(ctx, into.ID)
				}
				return err
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, vehiclesOf(into))
			}
			return a.show(text.Vehicles([]fleet.Vehicle{into}, "", a.textOptions(false)))
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

func (a *app) vehicleDelete() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "delete WORDS",
		Short: "Delete a vehicle with everything of it",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			var v fleet.Vehicle
			err := a.view(ctx, func(tx store.Tx) (err error) {
				v, err = oneVehicle(ctx, tx, args[0])
				return err
			})
			if err != nil {
				return err
			}
			if err := a.confirm(ctx, yes, "Every scan, reading, trip, note, order and file of "+v.Title()+" is deleted. This cannot be undone.", "DELETE"); err != nil {
				return err
			}
			return a.update(ctx, func(tx store.Tx) error { return tx.Vehicles().Delete(ctx, v.ID) })
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}
