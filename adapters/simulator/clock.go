package simulator

import (
	"math"
	"time"
)

// clock turns real time into the car's time (time since the car was made) and back.
type clock struct {
	pace  float64
	epoch time.Time
}

func newClock(pace float64) clock { return clock{pace: pace, epoch: time.Now()} }

// instant tells that nobody waits: each adapter then keeps its own count of the time.
func (c clock) instant() bool { return c.pace == 0 }

// now is the car's time; the end of all time when nobody waits, because everything has arrived then.
func (c clock) now() time.Duration {
	if c.instant() {
		return math.MaxInt64
	}
	return time.Duration(float64(time.Since(c.epoch)) / c.pace)
}

// until is how long to wait in real time for a moment of the car's time.
func (c clock) until(t time.Duration) time.Duration {
	if c.instant() {
		return 0
	}
	return time.Until(c.epoch.Add(time.Duration(float64(t) * c.pace)))
}

// wait is how long a span of the car's time takes in real time.
func (c clock) wait(d time.Duration) time.Duration { return time.Duration(float64(d) * c.pace) }

// moment is when something happens by the clock on the wall; when nobody waits, as if somebody had.
func (c clock) moment(t time.Duration) time.Time {
	if c.instant() {
		return c.epoch.Add(t)
	}
	return c.epoch.Add(time.Duration(float64(t) * c.pace))
}
