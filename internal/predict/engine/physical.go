package engine

import "math"

// bound is what no engine that is well does for long, whatever its past: it judges vehicles without one, and
// keeps a fault from being learned as healthy.
type bound struct {
	Name      string
	Series    string
	When      string
	After     float64 // seconds of running
	Span      float64 // seconds over which it must hold
	Low, High float64
	Unit      string
	Part      Part // of what lies above High; below Low the same unless Under is set
	Under     Part
}

// bounds: charging from SAE J1978-era 12 V practice (a battery at rest has 12.6 V, gassing begins at 15.5 V);
// coolant under a 110 kPa cap boils near 125 Cel; trims beyond 20 % are where makers set P0171 and P0172.
func bounds() []bound {
	inf := math.Inf(1)
	return []bound{
		{"charging voltage, absolute", "VPWR", "running", 60, 120, 12.0, 15.6, "V", Charging, Charging},
		{"coolant, absolute", "ECT", "running", 60, 60, -inf, 115, "Cel", Cooling, Unknown},
		{"fuel trim at idle, absolute, bank 1", "trim1", "idle warm", 90, 120, -25, 25, "%", IntakeLeak, Unknown},
		{"fuel trim on the move, absolute, bank 1", "trim1", "moving warm", 90, 120, -25, 25, "%", IntakeLeak, Unknown},
		{"fuel trim on the move, absolute, bank 2", "trim2", "moving warm", 90, 120, -25, 25, "%", IntakeLeak, Unknown},
	}
}

// truck24 is the voltage above which a supply is one of 24 V, and its bounds double.
const truck24 = 18.0

// physical returns where a trip leaves the bounds, as reasons.
func physical(t *Trip) []Reason {
	var out []Reason
	for _, b := range bounds() {
		if !t.has(b.Series) {
			continue
		}
		mean, n, factor := math.NaN(), 0, 1.0
		high, low := sample{value: math.Inf(-1)}, sample{value: math.Inf(1)}
		for k := range t.seconds {
			v := t.at(b.Series, k)
			if v != v || t.at(b.When, k) != 1 || t.at("since", k) < b.After {
				continue
			}
			if n++; mean != mean {
				mean = v
			}
			if b.Unit == "V" && v > truck24 {
				factor = 2
			}
			mean += (v - mean) / b.Span
			if float64(n) < b.Span {
				continue
			}
			if mean > high.value {
				high = sample{float64(k), mean}
			}
			if mean < low.value {
				low = sample{float64(k), mean}
			}
		}
		if high.value > b.High*factor {
			out = append(out, b.reason(t, above, high, b.High*factor, b.Part))
		}
		if low.value < b.Low*factor {
			out = append(out, b.reason(t, below, low, b.Low*factor, b.Under))
		}
	}
	return out
}

func (b bound) reason(t *Trip, side string, s sample, limit float64, p Part) Reason {
	return Reason{Measure: b.Name, Side: side, Signals: sources(b.Series), Value: s.value, Limit: limit,
		Unit: b.Unit, Excess: 1 + math.Abs(s.value-limit)/math.Max(math.Abs(limit)*0.1, 1), At: t.moment(s.at), Part: p}
}
