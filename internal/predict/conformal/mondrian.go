package conformal

import (
	"math"

	"github.com/fleetms/obdctl/internal/errs"
)

// Mondrian keeps the promise within each category (engine cold or warm, kind of vehicle): a margin for each,
// from its own held-out rows (V. Vovk et al., 2005, section 4.5).
type Mondrian struct {
	Level    float64          `json:"level"`
	Category map[string]Split `json:"category"`
}

// FitMondrian takes held-out targets, predictions, perhaps scales as [FitSplit] does, and their categories.
func FitMondrian(y, predicted, scale []float64, category []string, level float64) (*Mondrian, error) {
	if err := check(level, len(y), len(predicted), len(category)); err != nil {
		return nil, err
	}
	if scale != nil && len(scale) != len(y) {
		return nil, errs.New(errs.BadInput, "conformal interval: %d scales for %d rows", len(scale), len(y))
	}
	type rows struct{ y, predicted, scale []float64 }
	by := map[string]*rows{}
	for i, c := range category {
		if by[c] == nil {
			by[c] = &rows{}
		}
		r := by[c]
		r.y, r.predicted = append(r.y, y[i]), append(r.predicted, predicted[i])
		if scale != nil {
			r.scale = append(r.scale, scale[i])
		}
	}
	m := &Mondrian{level, map[string]Split{}}
	for c, r := range by {
		s, err := FitSplit(r.y, r.predicted, r.scale, level)
		if err != nil {
			return nil, err
		}
		m.Category[c] = s
	}
	return m, nil
}

// Interval is the range around a prediction of a category with a scale, 1 for none. Of a category without
// held-out rows nothing is known: its interval is infinite.
func (m *Mondrian) Interval(predicted, scale float64, category string) (low, high float64) {
	s, ok := m.Category[category]
	if !ok {
		return math.Inf(-1), math.Inf(1)
	}
	return s.Scaled(predicted, scale)
}
