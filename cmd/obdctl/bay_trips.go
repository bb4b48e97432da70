package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/tui/screen/trips"
)

// KeptTrips are the trips of a vehicle, or of all.
func (b *bay) KeptTrips(ctx context.Context, vehicle string) (out []trips.Trip, err error) {
	id, err := idOf(vehicle)
	if err != nil {
		return nil, err
	}
	err = b.app.view(ctx, func(tx store.Tx) error {
		l, err := tx.Trips().List(ctx, id, time.Time{}, time.Time{}, store.Page{Limit: mostKept})
		if err != nil {
			return err
		}
		names := titled{tx, map[uuid.UUID]string{}}
		for _, t := range l.Items {
			name, err := names.of(ctx, t.VehicleID)
			if err != nil {
				return err
			}
			out = append(out, trips.Trip{Trip: t, Vehicle: name})
		}
		return nil
	})
	return out, err
}

// TripSpeed is the vehicle's speed over a trip, of the control unit that told most.
func (b *bay) TripSpeed(ctx context.Context, t fleet.Trip, n int) (out []fleet.Bucket, err error) {
	err = b.app.view(ctx, func(tx store.Tx) error {
		span := store.Span{VehicleID: t.VehicleID, From: t.Start, Until: t.End.Add(time.Microsecond)}
		out, _, err = gatherer{ctx: ctx, tx: tx}.signal(span, "VSS", n)
		return err
	})
	return out, err
}
