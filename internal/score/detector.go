package score

import (
	"iter"
	"math"
	"time"
)

// detector finds stretches in which a value is beyond a limit, each counted once. A stretch ends when the value
// has come back to half of the limit, so that trembling around it is one.
type detector struct {
	low, high float64
	smooth    bool          // the value is of a sensor that shakes: it must hold for a while
	asleep    time.Duration // without a value, after which the detector begins anew

	state  int // -1 below low, 1 above high, 0 between
	since  time.Time
	last   time.Time
	mean   float64
	lows   int
	highs  int
	judged bool
}

const (
	shake  = 400 * time.Millisecond // how long a shaking value must hold
	settle = 0.3                    // seconds in which a smoothed value follows
)

// add takes a value.
func (d *detector) add(at time.Time, v float64) {
	d.judged = true
	dt := at.Sub(d.last)
	if d.last.IsZero() || dt > d.asleep {
		d.state, d.since, d.mean = 0, time.Time{}, v
	}
	d.last = at
	if d.smooth {
		share := min(1, dt.Seconds()/settle)
		d.mean += share * (v - d.mean)
		v = d.mean
	}
	switch {
	case d.state < 0 && v > d.low/2, d.state > 0 && v < d.high/2:
		d.state = 0
	case d.state == 0 && v <= d.low:
		d.beyond(at, -1)
	case d.state == 0 && v >= d.high:
		d.beyond(at, 1)
	case d.state == 0:
		d.since = time.Time{}
	}
}

// beyond counts when the value has held long enough.
func (d *detector) beyond(at time.Time, side int) {
	if d.since.IsZero() {
		d.since = at
	}
	if d.smooth && at.Sub(d.since) < shake {
		return
	}
	d.state, d.since = side, time.Time{}
	if side < 0 {
		d.lows++
	} else {
		d.highs++
	}
}

// Moments are the times at which a signal that shakes, such as an acceleration in m/s2, goes beyond a limit on either
// side, each stretch once.
func Moments(signal iter.Seq2[time.Time, float64], limit float64) []time.Time {
	d := detector{low: -limit, high: limit, smooth: true, asleep: 2 * time.Second}
	var out []time.Time
	for at, v := range signal {
		if n := d.lows + d.highs; math.Abs(v) < impossible {
			if d.add(at, v); d.lows+d.highs > n {
				out = append(out, at)
			}
		}
	}
	return out
}
