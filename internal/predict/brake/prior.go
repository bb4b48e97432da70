package brake

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat"

	"github.com/fleetms/obdctl/internal/errs"
)

// Prior is what is believed of a vehicle's scale before one of its pads was measured: log-normal, in points
// of wear per MJ or per km.
type Prior struct {
	Measure  Measure `json:"measure"`
	LogScale float64 `json:"log_scale"` // mean of the natural logarithm
	Spread   float64 `json:"spread"`    // its standard deviation over vehicles
	Vehicles int     `json:"vehicles"`  // that it was learned from; 0 when it is assumed
	Source   string  `json:"source"`    // for people
}

// Assumed is the prior of a passenger car of which nothing was learned. Front pads last 25,000 to 100,000 km, about
// 50,000; at 0.05 kJ of braking per kg and km and 1,500 kg that is 3,750 MJ.
func Assumed(m Measure) Prior {
	p := Prior{Measure: ByWork, LogScale: math.Log(100.0 / 3750), Spread: 0.5,
		Source: "assumed: pads of passenger cars last 25,000 to 100,000 km; no vehicle was measured"}
	if m == ByDistance {
		p.Measure, p.LogScale, p.Spread = ByDistance, math.Log(100.0/50_000), 0.6
	}
	return p
}

// minVehicles is how many vehicles with measured pads make a prior: fewer tell no spread.
const minVehicles = 5

// Learn makes the prior of a fleet from its vehicles with measured pads. One vehicle has one vote, however
// often it was measured. The spread over vehicles is freed from what the measurements scatter, and never
// taken to be below 5 %.
func Learn(fleet []Pads, m Measure) (Prior, error) {
	var logs, scatter []float64
	for _, p := range fleet {
		if log, variance, ok := ownScale(p, m); ok {
			logs, scatter = append(logs, log), append(scatter, variance)
		}
	}
	if len(logs) < minVehicles {
		return Prior{}, errs.New(errs.BadInput, "learn pad wear: %d vehicles have pads measured above %d %% wear, %d are needed", len(logs), minWear, minVehicles).
			WithHint("enter measured pads; until then the assumed wear of passenger cars is used")
	}
	mean, sd := stat.MeanStdDev(logs, nil)
	spread := math.Sqrt(max(sd*sd-stat.Mean(scatter, nil), 0.05*0.05))
	return Prior{Measure: m, LogScale: mean, Spread: spread, Vehicles: len(logs),
		Source: fmt.Sprintf("%d vehicles with measured pads", len(logs))}, nil
}

// minWear is the wear in percent that a pad must have reached to tell a scale of its own.
const minWear = 10

// ownScale is the scale of one vehicle by least squares, with the variance of its logarithm.
func ownScale(p Pads, m Measure) (log, variance float64, ok bool) {
	var xx, xy, most float64
	seen, fromNew := current(p)
	for _, i := range seen {
		x := m.of(i.Km, i.WorkMJ)
		if !fromNew || !usable(x) || i.WearPct >= full {
			continue
		}
		xx, xy, most = xx+x*x, xy+x*i.WearPct, max(most, i.WearPct)
	}
	if most < minWear || !(xx > 0 && xy > 0) {
		return 0, 0, false
	}
	scale := xy / xx
	return math.Log(scale), gauge * gauge / xx / (scale * scale), true
}
