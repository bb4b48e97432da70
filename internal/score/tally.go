package score

import (
	"iter"
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
)

// Count is how often a habit was seen, and over how many km it could be.
type Count struct {
	N  float64
	Km float64
}

// Drive is one trip with what its readings tell.
type Drive struct {
	Start  time.Time
	End    time.Time
	Km     float64
	Counts map[string]Count // by line; a line that is not there could not be measured
}

// Signals lists the readings that [Watch] looks at.
func Signals() []string {
	return []string{"VSS", "GPS_SPEED", "RPM", "ACC_LONG", "ACC_LAT", "GYRO_Z"}
}

const (
	hold   = 5 * time.Second // how long a value is taken to hold
	minKm  = 0.2             // of which a line must have been measured in a trip to count
	topKmh = 350
)

// Watch counts the habits in the readings of one trip, which must be in order of time; what lies outside the trip or
// is impossible is left out. codes are the serious faults of the vehicle; checked tells that it was scanned at all, or
// nothing is known of its codes.
func Watch(t fleet.Trip, readings iter.Seq[obd.Reading], codes []Code, checked bool, l Limits) Drive {
	l = l.filled()
	w := newWatch(l)
	units := map[string]string{"VSS": "km/h", "GPS_SPEED": "km/h", "RPM": "/min", "ACC_LONG": "m/s2", "ACC_LAT": "m/s2", "GYRO_Z": "deg/s"}
	for r := range readings {
		v, known := unit.Into(r.Value, r.Unit, units[r.Signal])
		r.Value = v
		if known && !r.Absent && !r.At.Before(t.Start) && !r.At.After(t.End) && !r.At.Before(w.last) && !math.IsNaN(r.Value) {
			w.take(r)
		}
	}
	d := Drive{Start: t.Start, End: t.End, Km: t.DistanceKm, Counts: w.counts()}
	if checked && l.Grace > 0 {
		d.Counts[Ignoring] = ignored(t, codes, l.Grace)
	}
	return d
}

// ignored is the distance of a trip that began with a serious code that was told longer ago than the grace.
func ignored(t fleet.Trip, codes []Code, grace time.Duration) Count {
	for _, c := range codes {
		if t.Start.After(c.Seen.Add(grace)) && (c.Gone == nil || t.Start.Before(*c.Gone)) {
			return Count{N: t.DistanceKm, Km: t.DistanceKm}
		}
	}
	return Count{Km: t.DistanceKm}
}

// watch is the state between two readings of a trip.
type watch struct {
	limits Limits
	last   time.Time
	speed  sample // km/h
	byCar  bool
	rpm    sample
	yaw    sample // deg/s

	pace, forward, side detector
	revs                detector
	stands              time.Time // since when it stands with the engine running
	idle, over          float64   // minutes, km
	km, engineKm        float64   // driven in all, and with the engine's speed known
	dense, turnKm       float64   // km with speeds that tell a harsh braking, and with sideways acceleration
	long                bool      // a sensor tells acceleration forward
	lateral             bool      // a sensor tells acceleration sideways
}

type sample struct {
	at    time.Time
	value float64
	known bool
}

func (s sample) fresh(now time.Time, within time.Duration) bool {
	return s.known && now.Sub(s.at) <= within
}

func newWatch(l Limits) *watch {
	return &watch{limits: l,
		pace:    detector{low: -l.BrakeMS2, high: l.StartMS2, asleep: 3 * time.Second},
		forward: detector{low: -l.BrakeMS2, high: l.StartMS2, smooth: true, asleep: 2 * time.Second},
		side:    detector{low: -l.CornerMS2, high: l.CornerMS2, smooth: true, asleep: 2 * time.Second},
		revs:    detector{low: math.Inf(-1), high: l.RPM, asleep: 2 * hold},
	}
}

func (w *watch) take(r obd.Reading) {
	w.last = r.At
	switch r.Signal {
	case "VSS":
		if !w.byCar {
			w.byCar, w.speed = true, sample{} // the car's own speed wins over the phone's
		}
		w.drive(r)
	case "GPS_SPEED":
		if !w.byCar {
			w.drive(r)
		}
	case "RPM":
		w.turn(r)
	case "ACC_LONG":
		if math.Abs(r.Value) < impossible {
			w.long = true
			w.forward.add(r.At, r.Value)
		}
	case "ACC_LAT":
		if math.Abs(r.Value) < impossible {
			w.lateral = true
			w.side.add(r.At, r.Value)
		}
	case "GYRO_Z":
		w.yaw = sample{r.At, r.Value, math.Abs(r.Value) < 200}
		if !w.lateral && w.speed.fresh(r.At, 2*time.Second) && w.yaw.known {
			w.side.add(r.At, w.speed.value/3.6*r.Value*math.Pi/180)
		}
	}
}

// impossible is the acceleration in m/s2 that no road car reaches.
const impossible = 15.0
