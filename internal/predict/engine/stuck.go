package engine

import "math"

// flat is a signal that cannot stand still for long, and where.
type flat struct {
	Signal string
	When   string  // seconds that count: "moving" or "running"
	Floor  float64 // seconds, that a healthy sensor may well stay
	Name   string
}

const flatCoolant = "coolant reading unchanged"

func flats() []flat {
	return []flat{
		{"ECT", "moving", 240, "coolant reading unchanged on the move"},
		{"ECT", "running", 480, flatCoolant},
		{"MAP", "moving", 60, "manifold pressure unchanged on the move"},
		{"RPM", "moving", 40, "engine speed unchanged on the move"},
		{"VSS", "moving", 120, "vehicle speed unchanged"},
		{"MAF", "moving", 60, "air flow unchanged on the move"},
		{"LOAD_PCT", "moving", 90, "calculated load unchanged on the move"},
		{"TP", "moving", 120, "throttle unchanged on the move"},
		{"SHRTFT1", "moving", 120, "short-term fuel trim unchanged on the move"},
		{"SPARKADV", "moving", 90, "ignition timing unchanged on the move"},
		{"IAT", "running", 1200, "intake air reading unchanged"},
		{"CATEMP11", "moving", 180, "catalyst temperature unchanged on the move"},
	}
}

// longest returns for how many counted seconds a reading stayed exactly the same. A trip in which the reading
// is seldom heard counts only where it is.
func (f flat) longest(t *Trip) (stat, bool) {
	if !t.has(f.Signal) || !t.has(f.When) {
		return stat{}, false
	}
	worst := stat{Measure: f.Name, Side: above}
	last, run, counted := math.NaN(), 0.0, 0
	for k := range t.seconds {
		v := t.at(f.Signal, k)
		if v != v {
			last, run = v, 0
			continue
		}
		if v != last {
			last, run = v, 0
		}
		if t.at(f.When, k) == 1 {
			counted++
			if run++; run > worst.Value {
				worst.Value, worst.At = run, float64(k)
			}
		}
	}
	return worst, counted >= minRunning
}
