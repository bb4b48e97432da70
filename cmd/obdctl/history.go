package main

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/trend"
)

// historyDocument is what `history` writes in JSON.
type historyDocument struct {
	Schema    string              `json:"schema"`
	Codes     []fleet.CodeHistory `json:"codes"`
	Forecasts []trend.Forecast    `json:"forecasts"` // with a vehicle and without a code
	Next      string              `json:"next,omitempty"`
}

func (a *app) history() *cobra.Command {
	var vehicle string
	var page store.Page
	cmd := &cobra.Command{
		Use:   "history [CODE]",
		Short: "When codes came and went, and which monitor test will fail next",
		Long: `history follows trouble codes over all kept scans: first and last seen, and since when a code is gone. A code
is only gone when a later scan read its list in full. CODE may be the start of one, such as P04.

With a vehicle and no code it also says which monitor tests are on their way to their limit, with the 95 %
interval of when they would reach it; it is silent where the data do not allow that.`,
		Example: `  obdctl history P0420 --vehicle 1FADP3E21EL200017
  obdctl history --vehicle focus
  obdctl history P03 --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			prefix := append(args, "")[0]
			doc, names, err := a.readHistory(cmd.Context(), vehicle, prefix, page)
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.History(doc.Codes, doc.Forecasts, names, doc.Next, a.textOptions(false)))
		},
	}
	cmd.Flags().StringVar(&vehicle, "vehicle", "", "only of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&vehicle, "vin", "", "the same")
	pageFlags(cmd, &page)
	return cmd
}

// readHistory also returns what the vehicles are called.
func (a *app) readHistory(ctx context.Context, vehicle, prefix string, page store.Page) (historyDocument, map[uuid.UUID]string, error) {
	doc := historyDocument{Schema: "obdctl.history/1", Forecasts: []trend.Forecast{}}
	names := map[uuid.UUID]string{}
	err := a.view(ctx, func(tx store.Tx) error {
		var v fleet.Vehicle
		if vehicle != "" {
			var err error
			if v, err = oneVehicle(ctx, tx, vehicle); err != nil {
				return err
			}
		}
		l, err := tx.Codes().History(ctx, v.ID, prefix, page)
		doc.Next = l.Next
		if err = take(&doc.Codes)(l, err); err != nil {
			return err
		}
		for _, c := range doc.Codes {
			if names[c.VehicleID] != "" {
				continue
			}
			of, err := tx.Vehicles().Get(ctx, c.VehicleID)
			if err != nil {
				return err
			}
			names[c.VehicleID] = of.Title()
		}
		if vehicle != "" && prefix == "" {
			points, err := testPoints(ctx, tx, v)
			doc.Forecasts = trend.Margins(points, time.Now())
			return err
		}
		return nil
	})
	if err == nil && vehicle == "" && prefix == "" && len(doc.Codes) == 0 {
		a.notice(false, "no scan with a code was kept yet")
	}
	return doc, names, err
}
