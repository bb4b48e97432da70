// Package engine learns how one vehicle behaves while it is healthy and tells, trip by trip, when it
// does not and which part explains it.
//
// Each channel (charging voltage, manifold pressure, fuel trim ...) is a small quadratic ridge model of
// one signal from others that cause it in any engine; coolant has a heat balance. What a trip leaves
// unexplained is smoothed and compared with what the vehicle's own healthy trips left when they were
// held out. Rules then name the part whose physics fits the pattern; what fits none is an anomaly.
//
// Nothing here knows a make: limits are learned from the vehicle, and the smallest deviation that counts
// is a physical one (a volt, a kelvin, a kilopascal), so that a very even vehicle does not cry wolf.
package engine

import (
	"github.com/fleetms/obdctl/internal/errs"
)

// MinTrips is how many healthy trips [Learn] wants: limits from fewer would be guesses.
const MinTrips = 10

// Options of learning. Zero fields take the value that they document.
type Options struct {
	// FalseAlarm is the share of healthy trips that may be flagged, over all limits together; 0.02.
	FalseAlarm float64
	// Vehicle is kept in the model, to say whose it is.
	Vehicle string
}

// Learn fits every channel that the trips allow and sets its limits. The trips must be of one vehicle and
// believed healthy; a few that are not do little harm, because the limits rest on quartiles.
// The cost grows with the seconds driven; the memory with one trip and a small matrix per channel and trip.
func Learn(trips []Trip, o Options) (*Model, error) {
	if o.FalseAlarm <= 0 || o.FalseAlarm >= 0.5 {
		o.FalseAlarm = 0.02
	}
	usable := drivable(trips)
	if len(usable) < MinTrips {
		return nil, errs.New(errs.BadInput, "learn: %d healthy trips of at least %d s with the engine running, %d are needed",
			len(usable), minRunning, MinTrips).WithHint("record more trips; until then only physical limits judge")
	}
	m := &Model{Version: modelVersion, Vehicle: o.Vehicle, FalseAlarm: o.FalseAlarm, Trips: len(usable)}
	for _, t := range usable {
		m.Hours += float64(t.running()) / 3600
	}
	stats := m.fit(usable)
	m.Limits = learnLimits(stats, o.FalseAlarm, m.floor)
	m.Furthest = scores(stats, index(m.Limits))
	m.Past = past(usable, stats, m.Limits)
	return m, nil
}

// Untrained returns a model that knows only physical limits, for a vehicle without a healthy past.
func Untrained() *Model { return &Model{Version: modelVersion} }

func drivable(trips []Trip) []Trip {
	var keep []Trip
	for _, t := range trips {
		if t.running() >= minRunning {
			keep = append(keep, t)
		}
	}
	return keep
}
