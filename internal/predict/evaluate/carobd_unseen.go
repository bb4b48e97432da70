package evaluate

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// disturbance is a kind of fault that no rule was written for, put into a healthy trip from its start on.
type disturbance struct {
	name   string
	change func(obd.Reading) obd.Reading
}

func shift(signal string, by float64) func(obd.Reading) obd.Reading {
	return func(r obd.Reading) obd.Reading {
		if r.Signal == signal {
			r.Value += by
		}
		return r
	}
}

// disturbances are sized as a mechanic would call them clear: about twice the floor of the channel.
func disturbances() []disturbance {
	return []disturbance{
		{"ignition retarded by 10 deg", shift("SPARKADV", -10)},
		{"throttle reading 8 % too high", shift("TP", 8)},
		{"rich mixture, trims -20 %", shift("SHRTFT1", -20)},
		{"charging at 15.5 V", shift("VPWR", 1.7)},
		{"catalyst 200 K too hot", shift("CATEMP11", 200)},
		{"intake air reading 40 K too high", shift("IAT", 40)},
	}
}

// unseen measures how often a kind without a rule raises anything at all.
func (e *etios) unseen(folds []split.Fold) ([]Figure, error) {
	trips := e.healthy.trips()
	kinds := disturbances()
	found := make([]answers, len(kinds))
	for _, f := range folds {
		m, err := engine.Learn(split.Take(trips, f.Train), engine.Options{})
		if err != nil {
			return nil, err
		}
		for _, i := range f.Test {
			if v := m.Judge(&trips[i]); flagged(v) == 1 {
				continue // would be counted as found without the fault
			}
			for k, d := range kinds {
				t := e.healthy.trip(trips[i].ID, d.change)
				found[k].add(trips[i].ID, d.name, m.Judge(&t))
			}
		}
	}
	var out []Figure
	for k, d := range kinds {
		a := &found[k]
		rows := a.where(func(string) bool { return true })
		out = append(out, a.figure("period A, 10-fold by trip, put into every held-out healthy trip", "found of "+d.name+", share", rows,
			meanOf(a.flag), math.NaN(), Higher, fmt.Sprintf("a kind that no rule knows; %d trips", len(rows))))
	}
	return out, nil
}
