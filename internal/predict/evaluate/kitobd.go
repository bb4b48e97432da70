package evaluate

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/predict/drift"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

const (
	leonSet     = "kit_obd (one Seat Leon, no faults known)"
	leonLearned = "trips_2017-07_to_2018-02.csv.gz"
)

func leonLayout() layout {
	return layout{trip: "trip", seconds: "t_s", signals: map[string]string{"ect_c": "ECT", "map_kpa": "MAP", "rpm": "RPM", "speed_kmh": "VSS",
		"iat_c": "IAT", "maf_gs": "MAF", "tps_pct": "TP", "aat_c": "AAT", "app_d_pct": "APP_D"}}
}

// KITOBD measures false alarms on a second vehicle, and whether drift is seen where its cause is known.
func KITOBD(dir string) ([]Figure, error) {
	j, err := readJournal(filepath.Join(dir, "kit_obd", leonLearned), leonLayout())
	if err != nil {
		return nil, err
	}
	trips := j.trips()
	random, err := split.Grouped(j.ids, 10, 1)
	if err != nil {
		return nil, err
	}
	var out []Figure
	for _, s := range []struct {
		how, note string
		folds     []split.Fold
	}{
		{"10-fold by trip", "", random},
		{"10 blocks in the order of dates", "", blocks(len(trips), 10)},
		{"learned from summer, measured on winter", "the model says where it drives outside what it learned", []split.Fold{seasons(j.ids)}},
	} {
		f, err := leonAlarms(trips, s.folds, s.how, s.note)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	for _, path := range others(filepath.Join(dir, "kit_obd"), "*.csv.gz", leonLearned) {
		later, err := readJournal(path, leonLayout())
		if err != nil {
			return nil, err
		}
		both := append(slices.Clone(trips), later.trips()...)
		fold := split.Fold{Train: split.Rows(len(trips))}
		for i := range later.ids {
			fold.Test = append(fold.Test, len(trips)+i)
		}
		f, err := leonAlarms(both, []split.Fold{fold}, "learned from all earlier trips, measured on later months", "")
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return append(out, j.drifts()...), nil
}

// seasons parts the trips at October: their names begin with the date.
func seasons(ids []string) split.Fold {
	var f split.Fold
	for i, id := range ids {
		if strings.Compare(id, "2017-10") < 0 {
			f.Train = append(f.Train, i)
		} else {
			f.Test = append(f.Test, i)
		}
	}
	return f
}

func leonAlarms(trips []engine.Trip, folds []split.Fold, how, note string) (Figure, error) {
	var ids []string
	var flag []float64
	for _, f := range folds {
		m, err := engine.Learn(split.Take(trips, f.Train), engine.Options{})
		if err != nil {
			return Figure{}, err
		}
		for _, i := range f.Test {
			ids, flag = append(ids, trips[i].ID), append(flag, flagged(m.Judge(&trips[i])))
		}
	}
	share := meanOf(flag)
	i := metric.Bootstrap(ids, 1000, 0.95, 1, share)
	return Figure{Model: etiosModel, Data: leonSet, Split: how, Metric: "healthy trips flagged, share", Value: share(split.Rows(len(flag))),
		Low: i.Low, High: i.High, Target: 0.05, Better: Lower, Note: strings.TrimSpace(fmt.Sprintf("%d trips %s", len(flag), note))}.Judge(), nil
}

// drifts compares summer with winter, and odd with even trips of the summer, where nothing changed.
func (j *journal) drifts() []Figure {
	f := seasons(j.ids)
	summer, winter := j.rows(split.Take(j.ids, f.Train)), j.rows(split.Take(j.ids, f.Test))
	var odd, even []drift.Trip
	for i, t := range summer {
		if i%2 == 0 {
			even = append(even, t)
		} else {
			odd = append(odd, t)
		}
	}
	changed := map[string]bool{"AAT": true, "IAT": true, "ECT": true}
	same := map[string]bool{"VSS": true, "MAP": true}
	var out []Figure
	for _, c := range []struct {
		how           string
		before, after []drift.Trip
		control       bool
	}{
		{"summer to winter, whole trips permuted", summer, winter, false},
		{"odd to even summer trips, whole trips permuted", odd, even, true},
	} {
		for _, s := range drift.Compare(c.before, c.after, drift.Options{}) {
			target := math.NaN()
			switch {
			case c.control, same[s.Signal]:
				target = 0
			case changed[s.Signal]:
				target = 1
			}
			out = append(out, driftFigure(s, c.how, target))
		}
	}
	return out
}

// driftFigure tells an alarm as 1 and silence as 0; a target is met by being equal to it.
func driftFigure(s drift.Shift, how string, target float64) Figure {
	f := Figure{Model: "PSI and KS of trips", Data: leonSet, Split: how, Metric: "alarm on " + s.Signal, Low: math.NaN(), High: math.NaN(),
		Target: target, Better: Higher,
		Note: fmt.Sprintf("PSI %.2f (limit %.2f, chance %.4f), KS %.2f (limit %.2f, chance %.4f), median %.4g to %.4g, %d and %d trips",
			s.PSI, s.PSILimit, s.PSIChance, s.KS, s.KSLimit, s.KSChance, s.From, s.To, s.Before, s.After)}
	if target == 0 {
		f.Better = Lower
	}
	if s.Alarm {
		f.Value = 1
	}
	if s.Missing != "" {
		f.Value, f.Note = math.NaN(), s.Missing
	}
	return f.Judge()
}

// rows are the trips' readings by signal, as they were sampled.
func (j *journal) rows(ids []string) []drift.Trip {
	var out []drift.Trip
	for _, id := range ids {
		t := drift.Trip{ID: id, Values: map[string][]float64{}}
		for _, r := range j.readings[id] {
			t.Values[r.Signal] = append(t.Values[r.Signal], r.Value)
		}
		out = append(out, t)
	}
	return out
}
