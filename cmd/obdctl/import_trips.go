package main

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
	"github.com/fleetms/obdctl/internal/trip"
)

// findTrips finds the journeys anew where readings were added.
func (s *storeSink) findTrips(ctx context.Context) error {
	for id, added := range s.spans {
		if added.from.IsZero() {
			continue
		}
		if err := replaceTrips(ctx, s.tx, id, added.from, added.until); err != nil {
			return err
		}
	}
	return nil
}

// replaceTrips puts the journeys found in a stretch of time in place of those that were there. The stretch grows to
// whole journeys: what lies next to the new readings may belong to one with them.
func replaceTrips(ctx context.Context, tx store.Tx, vehicle uuid.UUID, first, last time.Time) error {
	from, until := first.Add(-10*time.Minute), last.Add(10*time.Minute)
	near, err := tx.Trips().List(ctx, vehicle, from.Add(-24*time.Hour), until, store.Page{Limit: 10_000})
	if err != nil {
		return err
	}
	for _, t := range near.Items {
		if t.End.Before(from) || t.Start.After(until) {
			continue
		}
		if t.Start.Before(from) {
			from = t.Start
		}
		if t.End.After(until) {
			until = t.End.Add(time.Microsecond)
		}
	}
	trips, err := tripsIn(ctx, tx, store.Span{VehicleID: vehicle, Signals: trip.Signals(), From: from, Until: until})
	if err != nil {
		return err
	}
	return tx.Trips().Replace(ctx, vehicle, from, until, trips)
}

func tripsIn(ctx context.Context, tx store.Tx, span store.Span) (trips []fleet.Trip, err error) {
	trips = trip.Find(func(yield func(obd.Reading) bool) {
		err = tx.Readings().ByTime(ctx, span, yield)
	}, trip.Options{VehicleID: span.VehicleID})
	return trips, err
}
