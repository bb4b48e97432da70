package engine

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

const (
	minRunning = 120   // seconds with the engine running below which a trip tells nothing
	maxSeconds = 86400 // of one trip; what lies further out is left out and said
	maxSamples = 2_000_000
)

// Trip is what one journey (or one idling session) told, laid on a grid of one second.
type Trip struct {
	ID    string
	Start time.Time
	// Notes say what of the readings could not be used, and why.
	Notes []string

	seconds int
	series  map[string][]float64 // by signal or derived quantity; NaN where nothing is known
	turns   []sample             // engine speed as it was sampled, for roughness
}

// sample is one value, at seconds after the trip's start.
type sample struct{ at, value float64 }

// NewTrip takes the readings of one trip, in any order. Readings that are absent, without a time, in a unit
// that cannot be converted or outside what a sensor can say are left out, and said in Notes.
// Of a signal that several control units send, the one that sends most of it is heard.
func NewTrip(id string, readings iter.Seq[obd.Reading]) Trip {
	t := Trip{ID: id, series: map[string][]float64{}}
	heard := t.collect(readings)
	first, last, ok := extent(heard)
	if !ok {
		return t
	}
	if last.Sub(first) >= maxSeconds*time.Second {
		first, last = t.around(heard)
	}
	t.Start, t.seconds = first, int(last.Sub(first)/time.Second)+1
	for _, s := range signals() {
		if rs := heard[s.id]; len(rs) > 0 {
			t.lay(s, rs)
		}
	}
	t.derive()
	return t
}

// extent is the time of the first and the last reading.
func extent(heard map[string][]obd.Reading) (first, last time.Time, ok bool) {
	for _, rs := range heard {
		for _, r := range rs {
			if !ok || r.At.Before(first) {
				first = r.At
			}
			if !ok || r.At.After(last) {
				last = r.At
			}
			ok = true
		}
	}
	return first, last, ok
}

// around cuts readings to the day around their middle, because a clock that jumps (to 1970, or when GPS sets
// it) must not push a trip off the grid. It returns the new first and last time.
func (t *Trip) around(heard map[string][]obd.Reading) (first, last time.Time) {
	var times []time.Time
	for _, rs := range heard {
		for _, r := range rs {
			times = append(times, r.At)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	middle := times[len(times)/2]
	left := 0
	for id, rs := range heard {
		near := slices.DeleteFunc(slices.Clone(rs), func(r obd.Reading) bool { return r.At.Sub(middle).Abs() >= maxSeconds/2*time.Second })
		left += len(rs) - len(near)
		heard[id] = near
	}
	t.Notes = append(t.Notes, fmt.Sprintf("%d readings lie more than 12 hours from the middle of the trip and are left out", left))
	first, last, _ = extent(heard)
	return first, last
}

// collect sorts what can be used by signal, and counts what cannot.
func (t *Trip) collect(readings iter.Seq[obd.Reading]) map[string][]obd.Reading {
	known := map[string]signal{}
	for _, s := range signals() {
		known[s.id] = s
	}
	by := map[string]map[obd.Address][]obd.Reading{}
	wrong := map[string]int{}
	n := 0
	for r := range readings {
		s, ok := known[r.Signal]
		if !ok || r.Absent || r.At.IsZero() {
			continue
		}
		v, ok := convert(r.Value, r.Unit, s.unit)
		switch {
		case !ok:
			wrong[fmt.Sprintf("%s in %q cannot be converted to %s", s.id, r.Unit, s.unit)]++
			continue
		case !(v >= s.low && v <= s.high): // NaN too
			wrong[fmt.Sprintf("%s outside %g to %g %s", s.id, s.low, s.high, s.unit)]++
			continue
		}
		if n++; n > maxSamples {
			t.Notes = append(t.Notes, fmt.Sprintf("only the first %d readings are looked at", maxSamples))
			break
		}
		r.Value = v
		if by[s.id] == nil {
			by[s.id] = map[obd.Address][]obd.Reading{}
		}
		by[s.id][r.ECU] = append(by[s.id][r.ECU], r)
	}
	for _, why := range slices.Sorted(maps.Keys(wrong)) {
		t.Notes = append(t.Notes, fmt.Sprintf("%s: %d readings left out", why, wrong[why]))
	}
	heard := map[string][]obd.Reading{}
	for id, units := range by {
		heard[id] = mostHeard(units)
	}
	return heard
}

// mostHeard is the longest of several control units' series; of equal ones the first by time.
func mostHeard(units map[obd.Address][]obd.Reading) []obd.Reading {
	var best []obd.Reading
	for _, rs := range units {
		slices.SortStableFunc(rs, func(a, b obd.Reading) int { return a.At.Compare(b.At) })
		if best == nil || len(rs) > len(best) ||
			len(rs) == len(best) && cmp.Or(rs[0].At.Compare(best[0].At), cmp.Compare(rs[0].Value, best[0].Value)) < 0 {
			best = rs
		}
	}
	return best
}

// lay puts the samples of a signal on the grid: the last value in each second, held for a while.
func (t *Trip) lay(s signal, rs []obd.Reading) {
	grid := blank(t.seconds)
	for i, r := range rs {
		from := int(r.At.Sub(t.Start) / time.Second)
		until := from + int(s.hold/time.Second)
		if i+1 < len(rs) {
			until = min(until, int(rs[i+1].At.Sub(t.Start)/time.Second))
		}
		for k := from; k <= until && k < t.seconds; k++ {
			grid[k] = r.Value
		}
		if s.id == "RPM" {
			t.turns = append(t.turns, sample{r.At.Sub(t.Start).Seconds(), r.Value})
		}
	}
	t.series[s.id] = grid
}

// running counts the seconds in which the engine is known to run.
func (t *Trip) running() int {
	n := 0
	for _, v := range t.series["running"] {
		if v == 1 {
			n++
		}
	}
	return n
}

// has tells whether a series says anything at all.
func (t *Trip) has(name string) bool {
	return slices.ContainsFunc(t.series[name], func(v float64) bool { return !math.IsNaN(v) })
}

func blank(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = math.NaN()
	}
	return s
}
