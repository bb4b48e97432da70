// Package trace keeps what live signals did: the latest value, what was least, most and mean, every value of the last
// minutes, and one minimum, mean and maximum for each second of the last hour. Everything is of fixed size, so that
// watching for days takes as much memory as watching for a minute.
package trace

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Key tells the signals of control units apart.
type Key struct {
	Signal string // canonical id
	ECU    obd.Address
}

// How much is kept of each signal: 4096 values are three minutes and a half at twenty a second.
const (
	points  = 4096
	seconds = 3600
	signals = 256 // on a board; a network that sends under ever new addresses is not followed further
)

// point is one value.
type point struct {
	at    int64 // Unix nanoseconds
	value float64
}

// second is what a signal did within one second.
type second struct {
	at            int64 // Unix seconds
	min, max, sum float64
	count         int64
}

// signal is one signal with its past.
type signal struct {
	row     Row
	sum     float64
	every   float64 // nanoseconds between values, of late
	points  ring[point]
	seconds ring[second]
}

// ring is a list of fixed size: the newest entry takes the place of the oldest.
type ring[T any] struct {
	entries []T
	next    int
	full    bool
}

func newRing[T any](size int) ring[T] { return ring[T]{entries: make([]T, size)} }

func (r *ring[T]) add(v T) {
	r.entries[r.next] = v
	if r.next++; r.next == len(r.entries) {
		r.next, r.full = 0, true
	}
}

func (r *ring[T]) len() int {
	if r.full {
		return len(r.entries)
	}
	return r.next
}

// back is the n-th entry from the newest, which is 0.
func (r *ring[T]) back(n int) *T {
	i := r.next - 1 - n
	if i < 0 {
		i += len(r.entries)
	}
	return &r.entries[i]
}

func newSignal(r obd.Reading) *signal {
	return &signal{
		row:    Row{Key: Key{r.Signal, r.ECU}, Name: r.Name, Unit: r.Unit, Whole: true, Min: math.Inf(1), Max: math.Inf(-1)},
		points: newRing[point](points), seconds: newRing[second](seconds),
	}
}

// smoothing of the rate: the last dozen values count.
const smoothing = 0.15

// take adds a value. One that is older than the newest, as of a clock that was set back, begins the past anew.
func (s *signal) take(at time.Time, r obd.Reading) {
	if !s.row.At.IsZero() {
		every := float64(at.Sub(s.row.At))
		switch {
		case every < 0:
			s.points, s.seconds = clearRing(s.points), clearRing(s.seconds)
			s.every = 0
		case s.every == 0:
			s.every = every
		default:
			s.every += smoothing * (every - s.every)
		}
	}
	s.row.At, s.row.Value, s.row.Text = at, r.Value, r.Text
	v := r.Value
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	s.row.Whole = s.row.Whole && v == math.Trunc(v)
	s.row.Min, s.row.Max = min(s.row.Min, v), max(s.row.Max, v)
	s.row.Count++
	s.sum += v
	s.points.add(point{at.UnixNano(), v})
	s.second(at.Unix(), v)
}

func clearRing[T any](r ring[T]) ring[T] { return ring[T]{entries: r.entries} }

// second adds a value to the second that it falls into.
func (s *signal) second(at int64, v float64) {
	if s.seconds.len() > 0 {
		if last := s.seconds.back(0); last.at == at {
			last.min, last.max, last.sum, last.count = min(last.min, v), max(last.max, v), last.sum+v, last.count+1
			return
		}
	}
	s.seconds.add(second{at, v, v, v, 1})
}

// reset forgets what was least, most and mean.
func (s *signal) reset() {
	s.row.Min, s.row.Max, s.row.Count, s.sum = math.Inf(1), math.Inf(-1), 0, 0
}

func (s *signal) rate() float64 {
	if s.every <= 0 {
		return 0
	}
	return float64(time.Second) / s.every
}
