package trip

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// The signals that trips are made of, by their SAE J1979-DA names; GPS_SPEED is what importers call a phone's.
const (
	rpm      = "RPM"
	speed    = "VSS"
	gpsSpeed = "GPS_SPEED"
	odometer = "ODO"
	coolant  = "ECT"
	voltage  = "VPWR"
)

// holdFor is how long a polled value is taken to hold on: speeds come once in a few seconds from slow lines.
const holdFor = 10 * time.Second

// maxEvents bounds what one trip keeps of its events; the counts go on.
const maxEvents = 1000

// journey is a trip in the making.
type journey struct {
	trip   fleet.Trip
	fuel   *fuelSense
	speed  sampled // km/h, from the car or else from the phone
	byCar  bool    // the speed comes from the car
	pace   pace
	odo    span
	parked time.Time // since when the engine is off, zero while it runs
	last   time.Time
	moved  time.Time // the last time that something turned
	turned bool      // the engine's speed is known
}

func begin(at time.Time, fuel *fuelSense) *journey {
	fuel.restart()
	return &journey{trip: fleet.Trip{Start: at, End: at}, fuel: fuel, last: at, moved: at}
}

func (j *journey) take(r obd.Reading) {
	j.trip.Readings++
	if r.At.Sub(j.last) > holdFor {
		j.trip.Gaps++
		j.event(fleet.TripEvent{At: j.last, Kind: "gap", Value: r.At.Sub(j.last).Seconds(), Unit: "s"})
	}
	j.last = r.At
	switch r.Signal {
	case speed:
		if !j.byCar {
			j.byCar, j.speed = true, sampled{at: j.speed.at} // the car's own speed wins over the phone's
		}
		j.drive(r)
	case gpsSpeed:
		if !j.byCar {
			j.drive(r)
		}
	case rpm:
		j.turn(r)
	case odometer:
		j.odo.add(r.Value)
	case coolant:
		j.warm(r)
	case voltage:
		j.trip.MinVoltage = lower(j.trip.MinVoltage, r.Value)
	}
	j.fuel.take(r)
}

// drive takes a speed: distance by the trapezoid, moving and idle time, hard braking and starting.
func (j *journey) drive(r obd.Reading) {
	v := math.Max(r.Value, 0)
	if dt := r.At.Sub(j.speed.at); j.speed.known && dt <= holdFor {
		s := dt.Seconds()
		j.trip.DistanceKm += (j.speed.value + v) / 2 * s / 3600
		if j.speed.value > 0 || v > 0 {
			j.trip.MovingS += s
		} else if j.parked.IsZero() {
			j.trip.IdleS += s
		}
	}
	j.speed = sampled{value: v, at: r.At, known: true}
	j.trip.MaxKmh = math.Max(j.trip.MaxKmh, v)
	if v > 0 {
		j.stir(r.At)
	}
	switch kind, a := j.pace.add(r.At, v); kind {
	case "hard_brake":
		j.trip.HardBrakes++
		j.event(fleet.TripEvent{At: r.At, Kind: kind, Value: a, Unit: "m/s2"})
	case "hard_start":
		j.trip.HardStarts++
		j.event(fleet.TripEvent{At: r.At, Kind: kind, Value: a, Unit: "m/s2"})
	}
}

// turn takes the engine's speed.
func (j *journey) turn(r obd.Reading) {
	j.turned = true
	if r.Value > 0 {
		j.stir(r.At)
		return
	}
	if j.parked.IsZero() && (!j.speed.known || j.speed.value == 0) {
		j.parked = r.At
	}
}

// stir notes that something turned: the trip goes on at least to here.
func (j *journey) stir(at time.Time) {
	j.parked, j.moved = time.Time{}, at
	j.trip.End = at
}

// parkedFor is how long the vehicle has stood with its engine off, or where the engine's speed is not
// told, how long it has stood.
func (j *journey) parkedFor(now time.Time) time.Duration {
	if !j.parked.IsZero() {
		return now.Sub(j.parked)
	}
	if !j.turned {
		return now.Sub(j.moved)
	}
	return 0
}

// coldBelow is the coolant temperature at the start, in degrees Celsius, below which the engine was cold
// (40 CFR 86 tests cold starts from 20 to 30 degrees; 40 leaves room for hot days).
const coldBelow = 40

func (j *journey) warm(r obd.Reading) {
	if j.trip.ColdStart == nil {
		cold := r.Value < coldBelow
		j.trip.ColdStart = &cold
	}
	if j.trip.MaxCoolantC == nil || r.Value > *j.trip.MaxCoolantC {
		v := r.Value
		j.trip.MaxCoolantC = &v
	}
}

func (j *journey) event(e fleet.TripEvent) {
	if len(j.trip.Events) < maxEvents {
		j.trip.Events = append(j.trip.Events, e)
	}
}

// finish works out what follows from the whole.
func (j *journey) finish() fleet.Trip {
	t := j.trip
	t.DistanceFrom = "speed"
	if d, ok := j.odo.length(); ok && plausible(d, t.DistanceKm) {
		t.DistanceKm, t.DistanceFrom = d, "odometer"
	}
	if t.MovingS > 0 {
		t.MeanKmh = t.DistanceKm / t.MovingS * 3600
	}
	t.FuelL, t.FuelSource = j.fuel.total()
	return t
}

// plausible accepts the odometer where it counts finely enough for the trip and does not contradict the speed.
func plausible(odometer, integrated float64) bool {
	return odometer >= 1 && (integrated == 0 || math.Abs(odometer-integrated) < 0.2*odometer)
}

func lower(have *float64, v float64) *float64 {
	if have == nil || v < *have {
		return &v
	}
	return have
}

// sampled is the last value of a signal.
type sampled struct {
	value float64
	at    time.Time
	known bool
}

// span is the first and last value of a counter.
type span struct {
	first, last float64
	known       bool
}

func (s *span) add(v float64) {
	if !s.known {
		s.first, s.known = v, true
	}
	s.last = v
}

func (s *span) length() (float64, bool) { return s.last - s.first, s.known && s.last > s.first }
