package engine

import (
	"math"
	"slices"
)

// heat is the engine's coolant as one lump: it is warmed by the air (and with it the fuel) that is burnt,
// loses heat to the outside by temperature difference, more of it in the wind, and is held by the thermostat.
//
//	dT/dt = Idle + Burn*air - Loss*(T-outside) - Wind*v*(T-outside)     while T < Regulated
type heat struct {
	Idle, Burn, Loss, Wind float64
	Regulated              float64 // that the thermostat holds, Cel
	Starts                 int     // warm-ups that it was learned from
	Coldest                float64 // air outside in them, Cel
}

const (
	heatStep     = 30  // seconds over which a rise is measured: coolant is told in whole kelvins
	belowControl = 8.0 // K below the regulated temperature at which the thermostat is surely shut
	colder       = 5.0 // K below the coldest warm-up that was learned: a heater at full draws what the balance does not know
	caution      = 1.3 // warm-up is taken to last this much longer before the thermostat is blamed
)

// Measures of the coolant.
const (
	coldName = "coolant colder than a warm engine"
	slowName = "coolant behind its warm-up curve"
	hotName  = "coolant hotter than regulated, standing"
	windName = "coolant hotter than regulated, on the move"
)

// learnHeat fits the balance to the trips. Regulated needs engines that are warm, the rest warm-ups.
func learnHeat(trips []Trip) (*heat, bool) {
	h := &heat{Coldest: math.Inf(1)}
	var levels []float64
	for i := range trips {
		levels = append(levels, settled(&trips[i])...)
	}
	if len(levels) == 0 {
		return nil, false
	}
	slices.Sort(levels)
	h.Regulated = quantile(levels, 0.5)
	all := newGram(4)
	for i := range trips {
		if h.rises(&trips[i], all) {
			h.Starts++
			h.Coldest = math.Min(h.Coldest, outside(&trips[i]))
		}
	}
	if h.Starts < MinTrips/2 {
		return nil, false
	}
	c, ok := all.solve(1e-9)
	if !ok || c[1] <= 0 && c[0] <= 0 {
		return nil, false
	}
	h.Idle, h.Burn, h.Loss, h.Wind = c[0], c[1], -c[2], -c[3]
	return h, true
}

// settled returns the coolant temperatures of a trip after fifteen minutes, when it has changed by less than
// 10 K over the last five: an engine under its thermostat's control.
func settled(t *Trip) []float64 {
	var out []float64
	for k := 300; k < t.seconds; k += heatStep {
		now, before := t.at("ECT", k), t.at("ECT", k-300)
		if t.at("since", k) > 900 && math.Abs(now-before) < 10 {
			out = append(out, now)
		}
	}
	return out
}

// outside is the temperature of the air around: ambient, else the lowest intake temperature of the first
// minutes, before the engine bay warms it.
func outside(t *Trip) float64 {
	if t.has("AAT") {
		return low(t.series["AAT"])
	}
	if s := t.series["IAT"]; len(s) > 0 {
		return low(s)
	}
	return math.NaN()
}

func low(s []float64) float64 {
	v := math.Inf(1)
	for _, x := range s {
		if x < v { // NaN is not
			v = x
		}
	}
	if math.IsInf(v, 1) {
		return math.NaN()
	}
	return v
}

// rises adds a trip's warm-up to the fit.
func (h *heat) rises(t *Trip, g *gram) bool {
	air := outside(t)
	if math.IsNaN(air) || !t.has("ECT") || !t.has("air") {
		return false
	}
	n := 0
	for k := 0; k+heatStep < t.seconds; k += heatStep {
		x := []float64{1, 0, 0, 0}
		ok := true
		for j := k; j < k+heatStep; j++ {
			flow, v := t.at("air", j), orZero(t.at("VSS", j))
			gap := t.at("ECT", j) - air
			ok = ok && t.at("running", j) == 1 && flow == flow && gap == gap
			x[1], x[2], x[3] = x[1]+flow/heatStep, x[2]+gap/heatStep, x[3]+gap*v/heatStep
		}
		end := t.at("ECT", k+heatStep)
		if !ok || end != end || end > h.Regulated-belowControl || t.at("since", k) < 20 {
			continue
		}
		g.add(x, (end-t.at("ECT", k))/heatStep, 1)
		n++
	}
	return n >= 2
}

func orZero(v float64) float64 {
	if v != v {
		return 0
	}
	return v
}

// expect simulates the coolant from its first reading. pace below 1 warms it more slowly.
// It is NaN until the engine runs and coolant has been heard.
func (h *heat) expect(t *Trip, pace float64) []float64 {
	out := blank(t.seconds)
	air, now := outside(t), math.NaN()
	if air != air {
		return out
	}
	flow := math.NaN()
	for k := range out {
		if now != now {
			now = t.at("ECT", k)
		}
		if v := t.at("air", k); v == v {
			flow = v
		}
		if now != now || flow != flow {
			continue
		}
		switch t.at("running", k) {
		case 1:
			now = h.next(now, air, flow, orZero(t.at("VSS", k)), pace)
		case 0:
			now -= 0.0005 * (now - air) // a stopped engine cools over tens of minutes
		default:
			now = math.NaN() // the engine was not heard: begin again from the next reading
			continue
		}
		out[k] = now
	}
	return out
}

// next is the coolant one second later. Above the regulated temperature the thermostat sheds all that is burnt.
func (h *heat) next(now, air, flow, speed, pace float64) float64 {
	if now > h.Regulated {
		return now - (now-h.Regulated)/120
	}
	gap := now - air
	return math.Min(now+pace*(h.Idle+h.Burn*flow-h.Loss*gap-h.Wind*gap*speed), h.Regulated)
}

// stats compares a trip's coolant with the balance.
func (h *heat) stats(t *Trip) []stat {
	if !t.has("ECT") {
		return nil
	}
	careful := h.expect(t, 1/caution)
	var behind, warm, hot, wind []sample
	for k := range t.seconds {
		now := t.at("ECT", k)
		if now != now || t.at("running", k) != 1 {
			continue
		}
		at := float64(k)
		if t.at("moving", k) == 1 { // the radiator has wind, and needs no fan
			wind = append(wind, sample{at, now - h.Regulated})
		} else {
			hot = append(hot, sample{at, now - h.Regulated})
		}
		if careful[k] == careful[k] {
			behind = append(behind, sample{at, now - careful[k]})
		}
		if careful[k] >= h.Regulated-1 && t.at("since", k) > 120 {
			warm = append(warm, sample{at, now - h.Regulated})
		}
	}
	var out []stat
	add := func(name, side string, r []sample, span float64) {
		if len(r) < minSeconds {
			return
		}
		s := stat{Measure: name, Side: side}
		high, low := ewma(r, span)
		if s.Value, s.At = high.value, high.at; side == below {
			s.Value, s.At = -low.value, low.at
		}
		out = append(out, s)
	}
	if h.knows(t) {
		add(coldName, below, warm, 60)
		add(slowName, below, behind, 60)
	}
	add(hotName, above, hot, 30)
	add(windName, above, wind, 60)
	return out
}

// knows tells whether it is not much colder outside than in any warm-up that was learned.
func (h *heat) knows(t *Trip) bool { return outside(t) >= h.Coldest-colder }

// coolantFloor is the smallest deviation of the coolant that counts, in K. A wax thermostat needs some 8 K from
// opening to full flow, and fans start some 10 K above it.
func coolantFloor(measure string) float64 {
	switch measure {
	case coldName:
		return 5
	case slowName:
		return 10
	case windName:
		return 8
	}
	return 12
}
