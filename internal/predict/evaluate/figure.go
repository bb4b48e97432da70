// Package evaluate measures every model of the project on the data that it was promised for.
//
// Each file measures one set and returns figures; none of them trains a model that is shipped.
package evaluate

import (
	"fmt"
	"math"
)

// Better says which way a metric improves.
const (
	Lower  = "lower"
	Higher = "higher"
)

// Figure is one measured number with its interval, the split that it was measured on, and its target.
type Figure struct {
	Model  string  `json:"model"`            // what was measured: "lstm", "boosted trees"
	Data   string  `json:"data"`             // on which set: "C-MAPSS FD001"
	Split  string  `json:"split"`            // how training and test were kept apart: "5-fold by unit, 1 random cut per unit"
	Metric string  `json:"metric"`           // with its unit: "RMSE, cycles"
	Value  float64 `json:"value"`            // the measured number
	Low    float64 `json:"low"`              // lower end of the 95 % interval; NaN when there is none
	High   float64 `json:"high"`             // upper end
	Target float64 `json:"target,omitempty"` // NaN when nothing was promised
	Better string  `json:"better"`           // Lower or Higher
	Met    bool    `json:"met"`              // the value itself (not its interval) reaches the target
	Note   string  `json:"note,omitempty"`   // what the reader must know: why it was missed, what the model sees
}

// Judge returns f with Met set from Value, Target and Better. A figure without a target is never met.
func (f Figure) Judge() Figure {
	switch {
	case math.IsNaN(f.Target) || math.IsNaN(f.Value):
		f.Met = false
	case f.Better == Lower:
		f.Met = f.Value <= f.Target
	default:
		f.Met = f.Value >= f.Target
	}
	return f
}

// Promised reports whether f has a target.
func (f Figure) Promised() bool { return !math.IsNaN(f.Target) }

// String returns the figure as one line of a log.
func (f Figure) String() string {
	s := fmt.Sprintf("%s on %s: %s %.4g", f.Model, f.Data, f.Metric, f.Value)
	if !math.IsNaN(f.Low) {
		s += fmt.Sprintf(" (95 %% %.4g to %.4g)", f.Low, f.High)
	}
	if f.Promised() {
		sign := map[string]string{Lower: "<=", Higher: ">="}[f.Better]
		s += fmt.Sprintf(", target %s %.4g", sign, f.Target)
	}
	return s + "; " + f.Split
}
