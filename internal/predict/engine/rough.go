package engine

import (
	"math"
	"slices"
)

const roughName = "idle roughness"

const (
	roughWindow = 21
	roughFloor  = 20.0 // 1/min: below it no driver feels it
	roughStep   = 1.4  // seconds between samples at least: one measure at whatever rate a vehicle is polled
	roughGap    = 3.0  // seconds between samples above which a swing cannot be told
	roughStood  = 5    // seconds that the vehicle stands before and after: neither stopping nor setting off
)

// roughness is how unevenly the engine turns at idle: the median over [roughWindow] samples of how far each
// sample lies from the middle of its neighbours, in 1/min, at its worst. A step (air conditioning, gear) moves
// one or two samples and leaves the median alone; an engine that misses combustion swings all the time.
func roughness(t *Trip) (stat, bool) {
	turns := t.turns[:0:0]
	for _, s := range t.turns {
		if len(turns) == 0 || s.at-turns[len(turns)-1].at >= roughStep {
			turns = append(turns, s)
		}
	}
	fast := 1.3 * t.idleSpeed() // above it somebody revs the engine
	var swings []sample
	for i := 1; i+1 < len(turns); i++ {
		a, b, c := turns[i-1], turns[i], turns[i+1]
		if c.at-a.at <= 2*roughGap && b.value < fast && t.idles(int(a.at), int(c.at)) {
			swings = append(swings, sample{b.at, math.Abs(b.value - (a.value+c.value)/2)})
		}
	}
	if len(swings) < roughWindow {
		return stat{}, false
	}
	worst := stat{Measure: roughName, Side: above}
	window := make([]float64, roughWindow)
	for i := roughWindow; i <= len(swings); i++ {
		for k, s := range swings[i-roughWindow : i] {
			window[k] = s.value
		}
		slices.Sort(window)
		if m := window[roughWindow/2]; m > worst.Value {
			worst.Value, worst.At = m, swings[i-1].at
		}
	}
	return worst, true
}

// idles tells whether the vehicle stands with its engine running and, where it is known, its throttle at rest,
// from one second to another and a little before and after.
func (t *Trip) idles(from, until int) bool {
	for k := from - roughStood; k <= until+roughStood; k++ {
		if k < 0 || t.at("running", k) != 1 || t.at("VSS", k) != 0 {
			return false
		}
	}
	moved := math.Abs(t.at("TP", until) - t.at("TP", from))
	return !(moved > 0.6) // NaN: not known
}

// idleSpeed is the median engine speed while the vehicle stands, in 1/min.
func (t *Trip) idleSpeed() float64 {
	var v []float64
	for k := range t.seconds {
		if t.at("idle", k) == 1 {
			v = append(v, t.at("RPM", k))
		}
	}
	slices.Sort(v)
	return quantile(v, 0.5)
}
