package battery

import (
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
)

// Spot is one voltage of one moment, as a scan reads it.
type Spot struct {
	At      time.Time
	Volts   float64
	Adapter bool // read by the adapter itself (AT RV), not by a control unit
	Running bool // the engine ran; false also for ignition on with the engine off
}

// slack is how far a spot may be off, in V: control units are good to 0.1, adapters off by up to one.
func (s Spot) slack() float64 {
	if s.Adapter {
		return 1
	}
	return 0.1
}

// WithSpots fills in what spots tell where the stream of readings told nothing. A single voltage proves a fault only where it
// is one even at the end of its error; otherwise it is said and nothing claimed from it.
func WithSpots(said []fleet.Prediction, spots []Spot) []fleet.Prediction {
	for i := range said {
		if said[i].Told() {
			continue
		}
		running := said[i].Part == chargingPart
		var last *Spot
		for k, s := range spots {
			if s.Running == running && s.Volts >= supplyLow && s.Volts <= supplyTop && (last == nil || s.At.After(last.At)) {
				last = &spots[k]
			}
		}
		if last != nil {
			said[i] = bySpot(said[i], *last)
		}
	}
	return said
}

func bySpot(p fleet.Prediction, s Spot) fleet.Prediction {
	from := "a control unit"
	if s.Adapter {
		from = "the adapter, which may be off by a volt"
	}
	state := "engine off"
	if s.Running {
		state = "engine running"
	}
	p.Marks = append(p.Marks, fleet.MarkFewData)
	p.Looked.Scans = 1
	p.Reasons = append(p.Reasons, fleet.Reason{Signal: "VPWR", Text: fmt.Sprintf("one voltage of %.1f V, %s, by %s", s.Volts, state, from)})
	v := s.Volts
	if v > 18 {
		v /= 2 // a 24 V system
	}
	low, high := v-s.slack(), v+s.slack()
	switch {
	case s.Running && low > chargeTop+0.5:
		p.Urgency, p.Claim = fleet.UrgencySoon, fmt.Sprintf("The alternator seems to overcharge: %.1f V in the last scan.", v)
	case s.Running && high < 12.8:
		p.Urgency, p.Claim = fleet.UrgencyWatch, fmt.Sprintf("The battery may not be charged: %.1f V with the engine running in the last scan.", v)
	case !s.Running && high+onLoad < 12.0:
		p.Urgency, p.Claim = fleet.UrgencyWatch, fmt.Sprintf("The battery seems discharged: %.1f V in the last scan.", v)
	default:
		return p // in no way strange, and too little to call it well
	}
	p.Quantity, p.Value, p.Unit = "voltage", &v, "V"
	p.Interval = &fleet.Interval{Low: low, High: high, Level: 0.95}
	return p
}
