package main

import (
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

func (a *app) trip() *cobra.Command {
	cmd := &cobra.Command{Use: "trip", Short: "Journeys that were found in readings", Args: cobra.NoArgs}
	var vehicle, since, until string
	var page store.Page
	list := &cobra.Command{
		Use:     "list",
		Short:   "The trips, newest first",
		Example: `  obdctl trip list --vehicle focus --since 30d`,
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			from, to, err := a.stretch(since, until)
			if err != nil {
				return err
			}
			var l store.List[fleet.Trip]
			err = a.view(cmd.Context(), func(tx store.Tx) error {
				var v fleet.Vehicle
				if vehicle != "" {
					if v, err = oneVehicle(cmd.Context(), tx, vehicle); err != nil {
						return err
					}
				}
				l, err = tx.Trips().List(cmd.Context(), v.ID, from, to, page)
				return err
			})
			if err != nil {
				return err
			}
			return a.showShop(shopDocument{Trips: l.Items, Next: l.Next}, text.Trips(l.Items, l.Next, a.textOptions(false)))
		},
	}
	list.Flags().StringVar(&vehicle, "vehicle", "", "only of this vehicle: `WORDS` of VIN, plate, label or id")
	stretchFlags(list, &since, &until)
	pageFlags(list, &page)
	cmd.AddCommand(list)
	return cmd
}
