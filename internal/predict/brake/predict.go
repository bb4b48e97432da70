package brake

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/fleet"
)

// Wear is an estimate of the pads now, with intervals of 95 %.
type Wear struct {
	Measure Measure
	Pct     float64 // expected wear
	Low     float64
	High    float64
	Left    float64 // median load until the limit, in MJ or km
	LeftLow float64
	LeftTop float64
	Used    int // inspections of these pads that it rests on
}

// Estimate is the wear of pads by a prior of their vehicles. It is false where the data allow none: the load is
// not known, or neither the start nor any measured pad is.
func Estimate(prior Prior, p Pads) (Wear, bool) {
	load := prior.Measure.of(p.Km, p.WorkMJ)
	if !usable(load) || !prior.sound() {
		return Wear{}, false
	}
	_, fromNew := current(p)
	b := learnScale(prior, p)
	if !fromNew && b.used == 0 {
		return Wear{}, false
	}
	w := Wear{Measure: prior.Measure, Used: b.used}
	w.Pct, w.Low, w.High = b.wear(load)
	w.Left, w.LeftLow, w.LeftTop = b.left(load)
	return w, true
}

func (p Prior) sound() bool {
	return (p.Measure == ByWork || p.Measure == ByDistance) && math.Abs(p.LogScale) < 50 && p.Spread > 0 && p.Spread < 5
}

// Predict says how worn the pads are, when they reach their limit, and what the claim rests on. It goes by
// work where that is known, else by distance; priors are those that were learned, and what is not given is assumed.
// The caller fills in whose pads they are and when.
func Predict(p Pads, priors ...Prior) fleet.Prediction {
	out := fleet.Prediction{Topic: fleet.TopicBrake, Part: "brake pads", Urgency: fleet.UrgencyUnknown,
		Quantity: "wear", Unit: "%", Marks: []string{fleet.MarkSemiSynthetic}, Missing: missing(p)}
	prior := choose(p, priors)
	out.LearnedFrom = prior.Source
	w, ok := Estimate(prior, p)
	if !ok {
		out.Claim = "Nothing can be said about the wear of the brake pads."
		out.WouldChange = []string{"a measured pad with its odometer reading, or the day on which the pads were renewed"}
		return out
	}
	if prior.Vehicles == 0 && w.Used == 0 {
		out.Marks = append(out.Marks, fleet.MarkFewData)
	}
	out.Value, out.Interval = &w.Pct, &fleet.Interval{Low: w.Low, High: w.High, Level: 0.95}
	out.Urgency = urgency(w)
	out.Claim = fmt.Sprintf("The brake pads are worn by about %.0f %% (%.0f to %.0f %%).", w.Pct, w.Low, w.High)
	if km, low, high, ok := leftKm(w, p); ok {
		out.Claim += fmt.Sprintf(" They reach their limit in about %s km (%s to %s km) if driven as until now.", round(km), round(low), round(high))
		out.Horizon = &fleet.Horizon{Value: km, Unit: "km"}
	}
	out.Reasons = reasons(w, p, prior)
	out.WouldChange = []string{fmt.Sprintf("a measured pad: the interval of %.0f points would shrink", w.High-w.Low), "new pads: the count starts again"}
	return out
}

func choose(p Pads, priors []Prior) Prior {
	m := ByDistance
	if usable(p.WorkMJ) && p.WorkMJ > 0 {
		m = ByWork
	}
	for _, prior := range priors {
		if prior.Measure == m && prior.sound() {
			return prior
		}
	}
	return Assumed(m)
}

// leftKm turns what is left into distance, at the work per km until now.
func leftKm(w Wear, p Pads) (km, low, high float64, ok bool) {
	if w.Measure == ByDistance {
		return w.Left, w.LeftLow, w.LeftTop, true
	}
	perKm := p.WorkMJ / p.Km
	if !(p.Km >= 100 && perKm > 0) {
		return 0, 0, 0, false
	}
	return w.Left / perKm, w.LeftLow / perKm, w.LeftTop / perKm, true
}

// urgency goes by the expected wear, or by the upper end of the interval where that is measured well enough.
func urgency(w Wear) fleet.Urgency {
	switch {
	case w.Pct >= 95:
		return fleet.UrgencyNow
	case w.Pct >= 80:
		return fleet.UrgencySoon
	case w.Pct >= 60 || w.High >= 90:
		return fleet.UrgencyWatch
	}
	return fleet.UrgencyNone
}

func reasons(w Wear, p Pads, prior Prior) []fleet.Reason {
	var out []fleet.Reason
	if w.Used > 0 {
		seen, _ := current(p)
		last := seen[len(seen)-1]
		out = append(out, fleet.Reason{Signal: "inspection", Contribution: float64(w.Used),
			Text: fmt.Sprintf("%d measured pads corrected this vehicle's scale, the last at %.0f %% after %.0f km", w.Used, last.WearPct, last.Km)})
	}
	load, of := prior.Measure.of(p.Km, p.WorkMJ), "driven"
	if w.Measure == ByWork {
		of = "of braking"
	}
	return append(out, fleet.Reason{Signal: "brake_" + string(w.Measure), Direction: "high", Contribution: load,
		Text: fmt.Sprintf("%.0f %s %s", load, w.Measure.unit(), of)})
}

func missing(p Pads) []string {
	var out []string
	if !(usable(p.WorkMJ) && p.WorkMJ > 0) {
		out = append(out, "the work of braking: vehicle speed at least every 5 s, and the mass of the vehicle")
	}
	if !p.FromNew {
		out = append(out, "when these pads were new")
	}
	if len(p.Inspections) == 0 {
		out = append(out, "a measured pad of this vehicle")
	}
	return out
}

// round writes a distance no finer than it is known.
func round(km float64) string {
	step := 100.0
	if km >= 10_000 {
		step = 1000
	}
	return fmt.Sprintf("%.0f", math.Round(km/step)*step)
}
