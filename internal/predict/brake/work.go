package brake

import (
	"iter"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/obd"
)

// Work is the braking that was recorded.
type Work struct {
	PerKgJ      float64 // energy that the brakes took, J per kg of vehicle
	Km          float64 // over which it was recorded
	Stops       int     // brakings, each counted once
	PeakMS2     float64 // the strongest deceleration, m/s2, positive
	Impossible  int     // speed steps that no car makes on its brakes, left out
	TooFarApart int     // steps between speeds that are too far apart to tell a braking
}

// MJ is the work of a vehicle of this mass in kg.
func (w Work) MJ(mass float64) float64 { return w.PerKgJ * mass / 1e6 }

const (
	// rolling and aero slow a coasting car: rolling resistance of 0.012 g, and half of the density of air times
	// a drag area of 0.7 m2 over 1,500 kg. What they take, the brakes need not.
	rolling = 0.012 * 9.81 // m/s2
	aero    = 0.5 * 1.2 * 0.7 / 1500
	// engine slows a car in gear by about 0.3 m/s2 more.
	engine = 0.3
	// brakes slow no road car by more than this, in m/s2.
	possible = 12.0
	// speeds further apart than this do not tell whether the car braked or coasted.
	apart = 5 * time.Second
	// speeds closer than this are joined; a little less than a second, because clocks of loggers wander.
	together = 900 * time.Millisecond
)

// Measured adds up the braking in readings of vehicle speed, which must be in order of time. It takes the
// signal "VSS", in km/h or what can be turned into it, of the first control unit that tells it. Speeds closer than a second are joined,
// or the steps of whole km/h would count as braking.
func Measured(readings iter.Seq[obd.Reading]) Work {
	var w Work
	var last obd.Reading
	var first *obd.Address
	braking := false
	for r := range readings {
		kmh, known := unit.Into(r.Value, r.Unit, "km/h")
		if r.Signal != "VSS" || r.Absent || r.At.IsZero() || !known || !(kmh >= 0 && kmh <= 350) {
			continue
		}
		r.Value = kmh
		if first == nil {
			ecu := r.ECU
			first, last = &ecu, r
			continue
		}
		dt := r.At.Sub(last.At)
		if r.ECU != *first || dt < together {
			continue
		}
		braking = w.step(last.Value/3.6, r.Value/3.6, dt, braking)
		last = r
	}
	return w
}

// step adds what happened between two speeds in m/s and tells whether the car braked.
func (w *Work) step(from, to float64, dt time.Duration, before bool) bool {
	if dt > apart {
		w.TooFarApart++
		return false
	}
	s := dt.Seconds()
	mean := (from + to) / 2
	a := (from - to) / s
	if a > possible || a < -possible {
		w.Impossible++
		return false
	}
	w.Km += mean * s / 1000
	effort := a - rolling - engine - aero*mean*mean
	if effort <= 0 {
		return false
	}
	w.PerKgJ += effort * mean * s
	w.PeakMS2 = max(w.PeakMS2, a)
	if !before {
		w.Stops++
	}
	return true
}
