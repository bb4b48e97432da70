// Package conformal turns any predictor's errors on held-out rows into intervals that hold the truth at least
// as often as promised, for any distribution and any number of rows, as long as new rows are exchangeable with
// the held-out ones (V. Vovk et al., "Algorithmic Learning in a Random World", 2005; A. Angelopoulos, S. Bates,
// "A Gentle Introduction to Conformal Prediction", 2023).
//
// Rows of one unit are not exchangeable with those of another: hold out whole units, and take one row, or one
// score such as the largest, from each. Where too few rows were held out for the promise, intervals are infinite.
package conformal

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
)

// Quantile returns the score that a new one stays at or below with probability level: the
// ceil((n+1)*level)-th smallest, +Inf when there are fewer scores than that takes. A NaN score is the worst.
func Quantile(scores []float64, level float64) float64 {
	sorted := slices.Clone(scores)
	for i, s := range sorted {
		if math.IsNaN(s) {
			sorted[i] = math.Inf(1)
		}
	}
	slices.Sort(sorted)
	k := int(math.Ceil(float64(len(sorted)+1)*level - 1e-9))
	if k > len(sorted) || math.IsNaN(level) {
		return math.Inf(1)
	}
	return sorted[max(k, 1)-1]
}

// Needed is how many held-out rows an interval of a level needs to be finite.
func Needed(level float64) int { return int(math.Ceil(level/(1-level) - 1e-9)) }

// Margin is a distance that may be infinite; JSON has null for that, as it has no such number.
type Margin float64

// MarshalJSON writes a number or null.
func (m Margin) MarshalJSON() ([]byte, error) {
	if math.IsInf(float64(m), 1) {
		return []byte("null"), nil
	}
	return json.Marshal(float64(m))
}

// UnmarshalJSON reads a number or null.
func (m *Margin) UnmarshalJSON(text []byte) error {
	v := math.Inf(1)
	if string(text) != "null" {
		if err := json.Unmarshal(text, &v); err != nil {
			return err
		}
	}
	*m = Margin(v)
	return nil
}

// Split is an interval around a prediction: Margin to both sides, in the unit of y or of the scale.
type Split struct {
	Level  float64 `json:"level"`
	Rows   int     `json:"rows"` // held out
	Margin Margin  `json:"margin"`
}

// FitSplit takes held-out targets and their predictions. With a scale (the spread that another model expects
// for each row, above 0) the interval widens with it: J. Lei et al., "Distribution-Free Predictive Inference for
// Regression", 2018, section 5.2. Without, scale is nil.
func FitSplit(y, predicted, scale []float64, level float64) (Split, error) {
	if err := check(level, len(y), len(predicted)); err != nil {
		return Split{}, err
	}
	if scale != nil && len(scale) != len(y) {
		return Split{}, errs.New(errs.BadInput, "conformal interval: %d scales for %d rows", len(scale), len(y))
	}
	scores := make([]float64, len(y))
	for i := range y {
		scores[i] = math.Abs(y[i] - predicted[i])
		if scale != nil {
			scores[i] = divide(scores[i], scale[i])
		}
	}
	return Split{level, len(y), Margin(Quantile(scores, level))}, nil
}

// Interval is the range around a prediction whose scale is 1.
func (s Split) Interval(predicted float64) (low, high float64) { return s.Scaled(predicted, 1) }

// Scaled is the range around a prediction with a scale.
func (s Split) Scaled(predicted, scale float64) (low, high float64) {
	margin := float64(s.Margin)
	if math.IsInf(margin, 1) || math.IsNaN(scale) {
		return math.Inf(-1), math.Inf(1)
	}
	return predicted - margin*scale, predicted + margin*scale
}

// Quantiles corrects the two quantiles of other models: conformalized quantile regression (Y. Romano,
// E. Patterson, E. Candès, 2019). Margin is negative where they were too wide.
type Quantiles struct {
	Level  float64 `json:"level"`
	Rows   int     `json:"rows"`
	Margin Margin  `json:"margin"`
}

// FitQuantiles takes held-out targets and the quantiles that were predicted for them.
func FitQuantiles(y, low, high []float64, level float64) (Quantiles, error) {
	if err := check(level, len(y), len(low), len(high)); err != nil {
		return Quantiles{}, err
	}
	scores := make([]float64, len(y))
	for i := range y {
		scores[i] = max(low[i]-y[i], y[i]-high[i])
	}
	return Quantiles{level, len(y), Margin(Quantile(scores, level))}, nil
}

// Interval corrects two predicted quantiles. Where they would cross, both are their middle.
func (q Quantiles) Interval(low, high float64) (float64, float64) {
	a, b := low-float64(q.Margin), high+float64(q.Margin)
	if a > b {
		return (low + high) / 2, (low + high) / 2
	}
	return a, b
}

// divide is a/b, infinite for a scale that is none.
func divide(a, b float64) float64 {
	if !(b > 0) {
		return math.Inf(1)
	}
	return a / b
}

func check(level float64, n int, others ...int) error {
	if !(level > 0 && level < 1) {
		return errs.New(errs.Usage, "conformal interval: level %g is not between 0 and 1", level)
	}
	for _, other := range others {
		if other != n {
			return errs.New(errs.BadInput, "conformal interval: %d targets and %d predictions", n, other)
		}
	}
	return nil
}
