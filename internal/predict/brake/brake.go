// Package brake foretells the wear of brake pads from the work that they did.
//
// Wear follows Archard's law (J. F. Archard, "Contact and Rubbing of Flat Surfaces", J. Appl. Phys. 24, 1953): it
// grows with the work of friction, times a scale that pad, disc and the share of the axle decide. The work follows from
// speed and mass. The scale cannot be read from a car: it starts from what other vehicles had, with their spread,
// and every measured pad corrects it by Bayes' rule. Where no work is known, the distance stands for it, with a
// wider spread.
//
// No open data set has measured pads of real cars. What this package was evaluated on is semi-synthetic (real
// driving, modelled wear), and every prediction says so.
package brake

import (
	"math"
	"time"
)

// Inspection is one measured pad: how worn the thinnest one of the axle was, and what it had done until then.
type Inspection struct {
	At      time.Time
	Km      float64 // since the pads were new or, where that is not known, since the record began
	WorkMJ  float64 // work of braking of the whole vehicle over these km; NaN where it was not recorded
	WearPct float64 // 0 new, 100 at the limit; [WearPct] makes it from thicknesses
}

// Pads is what is known of one set of pads.
type Pads struct {
	Km          float64 // as in Inspection, until now
	WorkMJ      float64 // until now; NaN where it was not recorded
	FromNew     bool    // km and work count from new pads
	Inspections []Inspection
}

// WearPct is the wear of a pad that was new at one thickness and must go at another, all in mm. It is NaN where
// the three make no sense.
func WearPct(newMM, limitMM, nowMM float64) float64 {
	if !(newMM > limitMM && limitMM >= 0 && nowMM >= 0) || nowMM > newMM*1.02 {
		return math.NaN()
	}
	return 100 * max(0, newMM-nowMM) / (newMM - limitMM)
}

// Measure says what stands for the work of the pads.
type Measure string

// The measures, the better first.
const (
	ByWork     Measure = "work"     // in MJ
	ByDistance Measure = "distance" // in km
)

func (m Measure) unit() string {
	if m == ByWork {
		return "MJ"
	}
	return "km"
}

// of is the load of an inspection in a measure.
func (m Measure) of(km, work float64) float64 {
	if m == ByWork {
		return work
	}
	return km
}

// usable tells that a load is a number that pads can have had.
func usable(load float64) bool { return load >= 0 && load < 1e7 }
