package engine

import (
	"encoding/json"
	"math"
	"slices"
)

// Standing is how far one trip went on every measure of a model, each on the scale of its healthy trips:
// 0 is their median, 1 their 98th percentile, NaN what could not be judged. The order is that of
// [Model.Measures].
type Standing struct {
	Trip   string
	Values []float64
}

// Measures names what a [Standing] holds, as measure/side.
func (m *Model) Measures() []string {
	var out []string
	for _, l := range m.Limits {
		out = append(out, l.key())
	}
	return out
}

// Stand returns a trip's standing.
func (m *Model) Stand(t *Trip) Standing { return stand(t.ID, m.measure(t), m.Limits) }

func stand(trip string, stats []stat, limits []Limit) Standing {
	s := Standing{Trip: trip, Values: blank(len(limits))}
	for i, l := range limits {
		for _, x := range stats {
			if x.key() == l.key() {
				s.Values[i] = (x.Value - l.Usual) / l.Spread
			}
		}
	}
	return s
}

// Signals lists the signals behind a measure given as measure/side, the one that is judged first.
func (m *Model) Signals(key string) []string {
	for _, l := range m.Limits {
		if l.key() == key {
			return m.signalsOf(l.Measure)
		}
	}
	return nil
}

// standingJSON has null for what is not known: JSON has no NaN.
type standingJSON struct {
	Trip   string     `json:"trip"`
	Values []*float64 `json:"values"`
}

// MarshalJSON writes what is not known as null.
func (s Standing) MarshalJSON() ([]byte, error) {
	j := standingJSON{Trip: s.Trip, Values: make([]*float64, len(s.Values))}
	for i, v := range s.Values {
		if !math.IsNaN(v) {
			j.Values[i] = &s.Values[i]
		}
	}
	return json.Marshal(j)
}

// UnmarshalJSON reads null as not known.
func (s *Standing) UnmarshalJSON(b []byte) error {
	var j standingJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*s = Standing{Trip: j.Trip, Values: blank(len(j.Values))}
	for i, v := range j.Values {
		if v != nil {
			s.Values[i] = *v
		}
	}
	return nil
}

// past keeps the standing of healthy trips, while each was held out.
func past(trips []Trip, stats [][]stat, limits []Limit) []Standing {
	var out []Standing
	for i := range trips {
		out = append(out, stand(trips[i].ID, stats[i], limits))
	}
	return slices.Clip(out)
}
