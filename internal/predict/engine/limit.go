package engine

import (
	"math"
	"slices"
)

// Sides of a deviation.
const (
	above = "above"
	below = "below"
)

// stat is the furthest that one measure went in one trip, to one side; bigger is worse.
type stat struct {
	Measure string
	Side    string
	Value   float64
	At      float64 // seconds after the trip's start
}

func (s stat) key() string { return s.Measure + "/" + s.Side }

// Limit is what a healthy trip of this vehicle does not exceed.
type Limit struct {
	Measure string  `json:"measure"`
	Side    string  `json:"side"`
	Unit    string  `json:"unit,omitempty"`
	Value   float64 `json:"value"`  // the limit
	Usual   float64 `json:"usual"`  // the median of healthy trips
	Worst   float64 `json:"worst"`  // the furthest of healthy trips, each held out in turn
	Trips   int     `json:"trips"`  // that it rests on
	Beyond  int     `json:"beyond"` // of them beyond the limit
	Spread  float64 `json:"spread"` // from the median of healthy trips to their 98th percentile
	Floor   float64 `json:"floor"`  // the smallest deviation that counts on any vehicle
}

// learnLimits sets the limits from the extremes that healthy trips reached while held out. Each measure is
// first put on its own scale: 0 at the median of trips, 1 at their 98th percentile (one odd trip in fifty
// does not open it). A margin is added for the trips that were not seen, and [widen] looks at whole trips.
func learnLimits(trips [][]stat, falseAlarm float64, floor func(measure string) (float64, string)) []Limit {
	var simple []stat
	for _, t := range trips {
		simple = append(simple, t...)
	}
	limits := onScale(simple, floor)
	scale := index(limits)
	var composed []stat
	for i, t := range trips {
		c := compose(t, scale)
		composed, trips[i] = append(composed, c...), append(t, c...)
	}
	limits = append(limits, onScale(composed, floor)...)
	for i, l := range limits {
		limits[i].Value = math.Max(l.Floor, l.Usual+l.margin()*l.Spread)
	}
	widen(limits, trips, falseAlarm)
	return limits
}

// widen opens the limits that healthy trips exceeded, a little at a time, until no more than the share
// falseAlarm of trips lies beyond any: a measure with a heavy tail pays for itself and not for the others.
func widen(limits []Limit, trips [][]stat, falseAlarm float64) {
	for {
		at := map[string]int{}
		for i := range limits {
			at[limits[i].key()], limits[i].Beyond = i, 0
		}
		flagged := 0
		for _, t := range trips {
			beyond := false
			for _, s := range t {
				if i, ok := at[s.key()]; ok && s.Value > limits[i].Value {
					limits[i].Beyond++
					beyond = true
				}
			}
			flagged += int(flag(beyond))
		}
		if float64(flagged) <= falseAlarm*float64(len(trips)) {
			return
		}
		for i, l := range limits {
			if l.Beyond > 0 {
				limits[i].Value += 0.1 * l.Spread
			}
		}
	}
}

// onScale puts each measure that enough trips allow on its scale; Value is not set yet.
func onScale(stats []stat, floor func(string) (float64, string)) []Limit {
	var limits []Limit
	values := map[string][]float64{}
	for _, s := range stats {
		if values[s.key()] == nil {
			limits = append(limits, Limit{Measure: s.Measure, Side: s.Side})
		}
		values[s.key()] = append(values[s.key()], s.Value)
	}
	limits = slices.DeleteFunc(limits, func(l Limit) bool { return len(values[l.key()]) < MinTrips })
	for i, l := range limits {
		v := values[l.key()]
		slices.Sort(v)
		l.Usual, l.Worst, l.Trips = quantile(v, 0.5), v[len(v)-1], len(v)
		l.Floor, l.Unit = floor(l.Measure)
		l.Spread = math.Max(quantile(v, 0.98)-l.Usual, 1e-9)
		limits[i] = l
	}
	return limits
}

// scores are the trips' furthest excesses, sorted.
func scores(trips [][]stat, limits map[string]Limit) []float64 {
	out := make([]float64, len(trips))
	for i, t := range trips {
		for _, s := range t {
			if l, ok := limits[s.key()]; ok {
				out[i] = math.Max(out[i], l.excess(s.Value))
			}
		}
	}
	slices.Sort(out)
	return out
}

func index(limits []Limit) map[string]Limit {
	m := map[string]Limit{}
	for _, l := range limits {
		m[l.key()] = l
	}
	return m
}

// How far beyond the 98th percentile of healthy trips a limit lies, in units of that percentile's distance
// from the median.
const (
	firm  = 1.6 // measures whose physics names a part
	soft  = 2.5 // measures that only say that something is odd
	loose = 3.5 // measures that this vehicle does not determine well
	// scatter is how many floors wide healthy trips may spread before a measure counts as such: manifold
	// pressure of a turbo diesel does not follow its throttle.
	scatter = 3
)

func (l Limit) margin() float64 {
	switch {
	case l.vague():
		return loose
	case partOf(l.Measure, l.Side) == Unknown:
		return soft
	}
	return firm
}

// part is the one that a measure beyond this limit speaks for; a vague one names none.
func (l Limit) part() Part {
	if l.vague() {
		return Unknown
	}
	return partOf(l.Measure, l.Side)
}

func (l Limit) vague() bool { return l.Spread > scatter*l.Floor }

func (l Limit) key() string { return l.Measure + "/" + l.Side }

// quantile of sorted values, linear between them.
func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

func moments(v []float64) (mean, sd float64) {
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		sd += (x - mean) * (x - mean) / float64(len(v))
	}
	return mean, math.Sqrt(sd)
}
