// Package trip finds journeys in readings: when a vehicle drove, how far, how, and on how much fuel.
//
// It reads a stream in order of time and keeps only what the current trip needs, so that years of
// readings cost no memory. Scores and reports share what it finds.
package trip

import (
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// Options say what ends a trip. Zero fields take the value that they document.
type Options struct {
	VehicleID uuid.UUID
	// Gap is how long nothing may be heard before the trip is over; 5 minutes.
	Gap time.Duration
	// Rest is how long the engine may be off before the trip is over; 3 minutes, so that a stop-start
	// system does not cut a trip at every light.
	Rest time.Duration
	// MinDistance is what a trip must have driven in km, 0.2: moving a car in the yard is none.
	MinDistance float64
	// Petrol tells that the engine burns petrol at stoichiometry, so that the air mass gives the fuel
	// where the car does not tell its fuel rate. The readings may say so too (FUEL_TYPE).
	Petrol bool
}

func (o Options) filled() Options {
	if o.Gap <= 0 {
		o.Gap = 5 * time.Minute
	}
	if o.Rest <= 0 {
		o.Rest = 3 * time.Minute
	}
	if o.MinDistance <= 0 {
		o.MinDistance = 0.2
	}
	return o
}

// Find returns the trips in readings of one vehicle, which must be in order of time; readings from before
// the last one are left out. The cost grows with the number of readings, the memory with one trip's events.
func Find(readings iter.Seq[obd.Reading], o Options) []fleet.Trip {
	f := &finder{options: o.filled()}
	for r := range readings {
		f.take(r)
	}
	f.end()
	return f.trips
}

// finder is the state between two readings.
type finder struct {
	options Options
	trips   []fleet.Trip
	now     *journey  // nil while parked
	last    time.Time // of any reading
	fuel    fuelSense
}

func (f *finder) take(r obd.Reading) {
	if r.Absent || r.At.IsZero() || r.At.Before(f.last) {
		return
	}
	if f.now != nil && r.At.Sub(f.last) > f.options.Gap {
		f.end()
	}
	f.last = r.At
	if f.now == nil {
		if !f.starts(r) {
			return
		}
		f.now = begin(r.At, &f.fuel)
	}
	f.now.take(r)
	if f.now.parkedFor(r.At) > f.options.Rest {
		f.end()
	}
}

// starts tells whether a reading begins a trip: the engine turns or the wheels do.
func (f *finder) starts(r obd.Reading) bool {
	f.fuel.learn(r, f.options.Petrol)
	switch r.Signal {
	case rpm:
		return r.Value > 0
	case speed, gpsSpeed:
		return r.Value > 0
	}
	return false
}

// end closes the trip in the making and keeps it if it is one.
func (f *finder) end() {
	if f.now == nil {
		return
	}
	t := f.now.finish()
	f.now = nil
	if t.DistanceKm < f.options.MinDistance {
		return
	}
	t.VehicleID = f.options.VehicleID
	t.ID = name(t.VehicleID, t.Start)
	f.trips = append(f.trips, t)
}
