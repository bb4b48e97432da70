package life

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/errs"
)

// channel is a column that changes over life, and what brings it to mean 0 and deviation 1.
type channel struct {
	Name string  `json:"name"`
	At   int     `json:"at"` // in a row
	Mean float64 `json:"mean"`
	SD   float64 `json:"sd"`
	Low  float64 `json:"low"` // the range that was seen in training
	High float64 `json:"high"`
	Run  int     `json:"run"` // cycles in a row with one and the same value, at most
}

// changed is how much farther a channel must be, in mean square, from its early mean at the end of life than early in
// life. Noise and settings stand at 1; a channel that goes up in one kind of failure and down in another still counts.
const changed = 1.5

// choose returns the channels that are neither constant nor the same early and late in life.
func choose(names []string, units []Unit, window int) ([]channel, error) {
	var kept []channel
	for at, name := range names {
		c := channel{Name: name, At: at}
		c.measure(units)
		if !(c.SD > 1e-9*max(1, math.Abs(c.Mean))) {
			continue
		}
		if lateness(units, at, window) > changed {
			kept = append(kept, c)
		}
	}
	if len(kept) == 0 {
		return nil, errs.New(errs.BadInput, "none of %d channels changes over the life of the units", len(names)).
			WithHint("nothing can be learned from them; give channels that wear moves")
	}
	return kept, nil
}

// measure sets mean, deviation, range and longest run over all cycles.
func (c *channel) measure(units []Unit) {
	n, sum, square := 0.0, 0.0, 0.0
	c.Low, c.High = math.Inf(1), math.Inf(-1)
	run, last := 0, math.NaN()
	each(units, c.At, func(before, _ int, v float64) {
		if run++; v != last || before == 0 {
			run, last = 1, v
		}
		c.Run = max(c.Run, run)
		n++
		sum += v
		c.Low, c.High = min(c.Low, v), max(c.High, v)
	})
	c.Mean = sum / n
	each(units, c.At, func(_, _ int, v float64) { square += (v - c.Mean) * (v - c.Mean) })
	c.SD = math.Sqrt(square / n)
}

// lateness is the mean square distance from the early mean at the end of lives by that early in life.
func lateness(units []Unit, at, window int) float64 {
	var n, sum, early, late, nl float64
	each(units, at, func(i, _ int, v float64) {
		if i < window {
			n++
			sum += v
		}
	})
	mean := sum / n
	each(units, at, func(i, left int, v float64) {
		d := (v - mean) * (v - mean)
		if i < window {
			early += d / n
		}
		if left < window {
			late += d
			nl++
		}
	})
	return late / nl / max(early, 1e-300)
}

// each calls f for the known values of a column of the units that failed, with the cycles before and after.
func each(units []Unit, at int, f func(before, left int, v float64)) {
	for _, u := range units {
		if !u.Failed {
			continue
		}
		for i, row := range u.Rows {
			if v := row[at]; !math.IsNaN(v) {
				f(i, len(u.Rows)-1-i, v)
			}
		}
	}
}

// readable returns why units cannot be learned from.
func readable(names []string, units []Unit, s Settings) error {
	failed := 0
	for _, u := range units {
		for i, row := range u.Rows {
			if len(row) != len(names) {
				return errs.New(errs.BadInput, "unit %s, cycle %d has %d values: must be %d, one for each channel", u.ID, i+1, len(row), len(names))
			}
			for j, v := range row {
				if math.IsInf(v, 0) {
					return errs.New(errs.BadInput, "unit %s, cycle %d: %s is infinite", u.ID, i+1, names[j])
				}
			}
		}
		if u.Failed && len(u.Rows) >= 2*s.Window {
			failed++
		}
	}
	if need := 2 * s.Members; failed < need {
		return errs.New(errs.BadInput, "not trained: %s, at least %d are needed", count(failed, s), need).
			WithHint("enter repair outcomes, so that failures become labels")
	}
	return nil
}

func count(failed int, s Settings) string {
	if failed == 0 {
		return fmt.Sprintf("no labelled failures with %d cycles before them", 2*s.Window)
	}
	return fmt.Sprintf("%d labelled failures with %d cycles before them", failed, 2*s.Window)
}
