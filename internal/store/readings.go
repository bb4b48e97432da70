package store

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// Span picks readings of one vehicle; zero fields do not narrow.
type Span struct {
	VehicleID uuid.UUID // required
	Signals   []string
	ECU       *obd.Address
	From      time.Time
	Until     time.Time // exclusive
}

// Readings keeps decoded values by the hundred million.
type Readings interface {
	// Add keeps readings of a vehicle and returns how many were new: a value of the same signal and ECU
	// at the same microsecond is there already. Absent readings and those without a time are refused.
	Add(ctx context.Context, vehicle uuid.UUID, readings []obd.Reading) (int, error)
	// Each yields readings by signal, ECU and time; of one signal they thus come in order of time. The
	// cost is that of what is yielded.
	Each(ctx context.Context, s Span, yield func(obd.Reading) bool) error
	// ByTime yields readings of all signals together in order of time, for trips and exports.
	ByTime(ctx context.Context, s Span, yield func(obd.Reading) bool) error
	// Plot divides From to Until into n buckets and gives minimum, maximum and mean of one signal in
	// each. The cost grows with n and, where no roll-up helps, with the readings at the edges.
	Plot(ctx context.Context, s Span, n int) ([]fleet.Bucket, error)
	// Series lists what is there of a vehicle, by signal and ECU.
	Series(ctx context.Context, vehicle uuid.UUID) ([]fleet.Series, error)
}

// Trips keeps journeys that were found in readings.
type Trips interface {
	// Replace puts the trips of a vehicle in a stretch of time in place of those that were there.
	Replace(ctx context.Context, vehicle uuid.UUID, from, until time.Time, trips []fleet.Trip) error
	Get(ctx context.Context, id uuid.UUID) (fleet.Trip, error)
	// List gives them by start, newest first; a zero vehicle means all.
	List(ctx context.Context, vehicle uuid.UUID, since, until time.Time, p Page) (List[fleet.Trip], error)
}
