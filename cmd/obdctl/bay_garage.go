package main

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/catalog/vin"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/garage"
)

// Garage gives every vehicle with its last scan.
func (b *bay) Garage(ctx context.Context) (out []garage.Vehicle, err error) {
	err = b.app.view(ctx, func(tx store.Tx) error {
		page := store.Page{Limit: mostKept}
		for {
			l, err := tx.Vehicles().List(ctx, page)
			if err != nil {
				return err
			}
			for _, v := range l.Items {
				last, err := lastScan(ctx, tx, v)
				if err != nil {
					return err
				}
				out = append(out, garage.Vehicle{Vehicle: v, Last: last})
			}
			if l.Next == "" {
				return nil
			}
			page.After = l.Next
		}
	})
	return out, err
}

// lastScan is the last scan of a vehicle, nil when there was none.
func lastScan(ctx context.Context, tx store.Tx, v fleet.Vehicle) (*fleet.ScanInfo, error) {
	if v.Scans == 0 {
		return nil, nil
	}
	l, err := tx.Scans().List(ctx, store.ScanFilter{VehicleID: v.ID}, store.Page{Limit: 1})
	if err != nil || len(l.Items) == 0 {
		return nil, err
	}
	return &l.Items[0], nil
}

// OpenVehicle tells a vehicle and its last scan to every screen. Without a scan it tells that there is none, so that nothing
// of another vehicle stays in view.
func (b *bay) OpenVehicle(ctx context.Context, id uuid.UUID) error {
	var v fleet.Vehicle
	told := screen.Scan{Past: true}
	err := b.app.view(ctx, func(tx store.Tx) (err error) {
		if v, err = tx.Vehicles().Get(ctx, id); err != nil {
			return err
		}
		last, err := lastScan(ctx, tx, v)
		if err != nil || last == nil {
			return err
		}
		told.SavedAs = last.ID.String()
		told.Scan, err = tx.Scans().Get(ctx, last.ID)
		return err
	})
	if err != nil {
		return err
	}
	b.tell(screen.Vehicle{ID: v.ID.String(), Title: v.Title(), VIN: v.VIN, About: aboutVehicle(v.Maker, v.Model, v.ModelYear), Plate: v.Plate})
	b.tell(told)
	return nil
}

// DecodeVIN says what a VIN tells.
func (b *bay) DecodeVIN(text string) obd.Vehicle { return vin.Decode(text) }

// AddVehicle adds a vehicle by its VIN.
func (b *bay) AddVehicle(ctx context.Context, text string) (fleet.Vehicle, error) {
	v := fleet.Vehicle{VIN: vin.Decode(text).VIN}
	if v.VIN == "" {
		v.VIN = text
	}
	if err := fillByVIN(&v); err != nil {
		return v, err
	}
	err := b.app.update(ctx, func(tx store.Tx) error { return tx.Vehicles().Put(ctx, &v) })
	if errors.Is(err, store.ErrExists) {
		return v, errs.New(errs.Usage, "the garage has %s already", v.VIN)
	}
	return v, err
}
