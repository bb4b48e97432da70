package main

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/catalog/vin"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/trend"
)

// fillByVIN takes over what a VIN tells where a person said nothing; a VIN that cannot be one is refused.
func fillByVIN(v *fleet.Vehicle) error {
	if v.VIN == "" {
		return nil
	}
	v.VIN = strings.ToUpper(strings.TrimSpace(v.VIN))
	told := vin.Decode(v.VIN)
	if !told.Plausible {
		return errs.New(errs.Usage, "%q is no VIN: %s", v.VIN, told.Explanation).WithHint("a vehicle without one can be added by --label or --plate alone")
	}
	if v.Maker == "" {
		v.Maker = told.Maker
	}
	if v.ModelYear == 0 {
		v.ModelYear = told.ModelYear
	}
	return nil
}

// vehicleDocument is everything of one vehicle at a glance.
type vehicleDocument struct {
	Schema    string              `json:"schema"`
	Vehicle   fleet.Vehicle       `json:"vehicle"`
	Customer  *fleet.Customer     `json:"customer,omitempty"`
	Scans     []fleet.ScanInfo    `json:"scans"`       // the last ten
	Codes     []fleet.CodeHistory `json:"codes"`       // by last seen
	Forecasts []trend.Forecast    `json:"forecasts"`   // monitor tests that near their limit
	Predicted []fleet.Prediction  `json:"predictions"` // said last on each topic
	Series    []fleet.Series      `json:"series"`
	Trips     []fleet.Trip        `json:"trips"` // the last ten
	Orders    []fleet.WorkOrder   `json:"orders"`
	Notes     []fleet.Note        `json:"notes"`
	Files     []fleet.File        `json:"files"`
}

func (a *app) vehicleShow() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:     "show WORDS",
		Short:   "Everything of one vehicle at a glance",
		Example: `  obdctl vehicle show 1FADP3E21EL200017`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			var doc vehicleDocument
			err := a.view(cmd.Context(), func(tx store.Tx) (err error) {
				doc, err = readVehicle(cmd.Context(), tx, args[0])
				return err
			})
			if err != nil {
				return err
			}
			if a.flags.json {
				return writeJSON(a.out, doc)
			}
			return a.show(text.Vehicle(text.VehicleParts{
				Vehicle: doc.Vehicle, Customer: doc.Customer, Scans: doc.Scans, Codes: doc.Codes, Forecasts: doc.Forecasts, Predicted: doc.Predicted, Series: doc.Series,
				Trips: doc.Trips, Orders: doc.Orders, Notes: doc.Notes, Files: doc.Files,
			}, a.textOptions(all)))
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "every signal that readings are kept of")
	return cmd
}

func readVehicle(ctx context.Context, tx store.Tx, words string) (vehicleDocument, error) {
	doc := vehicleDocument{Schema: "obdctl.vehicle/1"}
	v, err := oneVehicle(ctx, tx, words)
	if err != nil {
		return doc, err
	}
	if doc.Vehicle, err = tx.Vehicles().Get(ctx, v.ID); err != nil {
		return doc, err
	}
	if v.CustomerID != nil {
		c, err := tx.Customers().Get(ctx, *v.CustomerID)
		if err != nil {
			return doc, err
		}
		doc.Customer = &c
	}
	about := fleet.Subject{VehicleID: &v.ID}
	ten := store.Page{Limit: 10}
	return doc, firstError(
		take(&doc.Scans)(tx.Scans().List(ctx, store.ScanFilter{VehicleID: v.ID}, ten)),
		take(&doc.Codes)(tx.Codes().History(ctx, v.ID, "", store.Page{})),
		take(&doc.Trips)(tx.Trips().List(ctx, v.ID, time.Time{}, time.Time{}, ten)),
		take(&doc.Orders)(tx.Orders().List(ctx, v.ID, "", ten)),
		take(&doc.Notes)(tx.Notes().List(ctx, about, ten)),
		take(&doc.Files)(tx.Files().List(ctx, about, ten)),
		readSeries(ctx, tx, v, &doc),
		readPredicted(ctx, tx, v, &doc),
		readForecasts(ctx, tx, v, &doc),
	)
}

// take puts a page's items where they belong, never nil.
func take[T any](to *[]T) func(store.List[T], error) error {
	return func(l store.List[T], err error) error {
		*to = l.Items
		if l.Items == nil {
			*to = []T{}
		}
		return err
	}
}

func readSeries(ctx context.Context, tx store.Tx, v fleet.Vehicle, doc *vehicleDocument) (err error) {
	if doc.Series, err = tx.Readings().Series(ctx, v.ID); doc.Series == nil {
		doc.Series = []fleet.Series{}
	}
	return err
}

func readPredicted(ctx context.Context, tx store.Tx, v fleet.Vehicle, doc *vehicleDocument) (err error) {
	if doc.Predicted, err = tx.Predictions().Latest(ctx, v.ID); doc.Predicted == nil {
		doc.Predicted = []fleet.Prediction{}
	}
	return err
}

func readForecasts(ctx context.Context, tx store.Tx, v fleet.Vehicle, doc *vehicleDocument) error {
	points, err := testPoints(ctx, tx, v)
	doc.Forecasts = trend.Margins(points, time.Now())
	return err
}

// testPoints reads the monitor tests of all scans of a vehicle.
func testPoints(ctx context.Context, tx store.Tx, v fleet.Vehicle) ([]fleet.TestPoint, error) {
	var points []fleet.TestPoint
	err := tx.Tests().Trend(ctx, v.ID, func(p fleet.TestPoint) bool {
		points = append(points, p)
		return true
	})
	return points, err
}
