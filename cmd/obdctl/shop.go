package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// subjectFlags say what a note or a file belongs to.
type subjectFlags struct{ vehicle, scan, order string }

func (s *subjectFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&s.vehicle, "vehicle", "", "of this vehicle: `WORDS` of VIN, plate, label or id")
	cmd.Flags().StringVar(&s.scan, "scan", "", "of this scan: last, or the start of an id")
	cmd.Flags().StringVar(&s.order, "order", "", "of this work order: its number, title or id")
}

func (s *subjectFlags) find(ctx context.Context, tx store.Tx) (about fleet.Subject, err error) {
	if s.vehicle != "" {
		v, err := oneVehicle(ctx, tx, s.vehicle)
		if err != nil {
			return about, err
		}
		about.VehicleID = &v.ID
	}
	if s.scan != "" {
		i, err := oneScan(ctx, tx, s.scan, [16]byte{})
		if err != nil {
			return about, err
		}
		about.ScanID = &i.ID
	}
	if s.order != "" {
		o, err := oneOrder(ctx, tx, s.order)
		if err != nil {
			return about, err
		}
		about.OrderID = &o.ID
	}
	return about, nil
}

// shopDocument is a list of customers, orders, notes, files or trips in JSON; only one of them is set.
type shopDocument struct {
	Schema    string            `json:"schema"`
	Customers []fleet.Customer  `json:"customers,omitempty"`
	Orders    []fleet.WorkOrder `json:"orders,omitempty"`
	Notes     []fleet.Note      `json:"notes,omitempty"`
	Files     []fleet.File      `json:"files,omitempty"`
	Trips     []fleet.Trip      `json:"trips,omitempty"`
	Outcomes  []fleet.Outcome   `json:"outcomes,omitempty"` // found when an order was closed
	Next      string            `json:"next,omitempty"`
}

const shopSchema = "obdctl.shop/1"

func (a *app) showShop(doc shopDocument, page *text.Page) error {
	if a.flags.json {
		doc.Schema = shopSchema
		return writeJSON(a.out, doc)
	}
	return a.show(page)
}
