package gbdt

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Set is rows with their targets. X has NaN where a value is missing; Weight is nil when all rows count the same.
type Set struct {
	X      [][]float64
	Y      []float64
	Weight []float64
}

func (s Set) weight(i int) float64 {
	if s.Weight == nil {
		return 1
	}
	return s.Weight[i]
}

// validate tells what stands in the way of learning from s, which must have the given number of features.
func (s Set) validate(name string, features int, loss Loss) error {
	bad := func(format string, args ...any) error {
		return errs.New(errs.BadInput, "train boosted trees: %s: %w", name, fmt.Errorf(format, args...))
	}
	if len(s.X) == 0 || len(s.X) > math.MaxInt32 {
		return bad("%d rows", len(s.X))
	}
	if features < 1 || features > tree.MaxFeatures {
		return bad("%d features, not 1 to %d", features, tree.MaxFeatures)
	}
	if len(s.Y) != len(s.X) || s.Weight != nil && len(s.Weight) != len(s.X) {
		return bad("%d rows, %d targets, %d weights", len(s.X), len(s.Y), len(s.Weight))
	}
	for i, row := range s.X {
		if len(row) != features {
			return bad("row %d has %d values, not %d", i, len(row), features)
		}
		for f, v := range row {
			if math.IsInf(v, 0) {
				return bad("row %d, feature %d is infinite; a missing value is NaN", i, f)
			}
		}
		if y := s.Y[i]; math.IsNaN(y) || math.IsInf(y, 0) {
			return bad("target %d is no finite number", i)
		} else if loss == Logistic && y != 0 && y != 1 {
			return bad("target %d is %g, not 0 or 1", i, y)
		}
		if w := s.weight(i); !(w >= 0) || math.IsInf(w, 0) {
			return bad("weight %d is %g", i, w)
		}
	}
	total := 0.0
	for i := range s.X {
		total += s.weight(i)
	}
	if !(total > 0) || math.IsInf(total, 0) {
		return bad("the weights sum to %g", total)
	}
	return nil
}
