package evaluate

import (
	"context"
	"math"

	"github.com/fleetms/obdctl/internal/predict/anomaly"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// forest measures the isolation forest over all measures together: it knows no kind of fault, so every one is
// unseen to it.
func (e *etios) forest(folds []split.Fold) ([]Figure, error) {
	var a answers
	var score []float64
	trips := e.healthy.trips()
	for _, f := range folds {
		m, err := engine.Learn(split.Take(trips, f.Train), engine.Options{})
		if err != nil {
			return nil, err
		}
		odd, err := anomaly.Learn(context.Background(), m, nil, anomaly.Options{Seed: 1})
		if err != nil {
			return nil, err
		}
		judge := func(source, fault string, t engine.Trip) {
			v := odd.Judge(m.Stand(&t))
			a.source, a.fault = append(a.source, source), append(a.fault, fault)
			a.flag, score = append(a.flag, 0), append(score, v.Score-v.Limit)
			if v.Claim == anomaly.Unusual {
				a.flag[len(a.flag)-1] = 1
			}
		}
		out := map[string]bool{}
		for _, i := range f.Test {
			out[trips[i].ID] = true
			judge(trips[i].ID, "", trips[i])
		}
		for _, id := range e.faulted.ids {
			if out[e.source[id]] {
				judge(e.source[id], e.fault[id], e.faulted.trip(id, nil))
			}
		}
	}
	const how = "period A, 10-fold by source trip"
	all := a.where(func(string) bool { return true })
	auc := func(rows []int) float64 {
		label, s := make([]bool, len(rows)), make([]float64, len(rows))
		for i, r := range rows {
			label[i], s[i] = a.fault[r] != "", score[r]
		}
		return metric.AUC(label, s)
	}
	out := []Figure{
		a.figure(how, "AUC per trip", all, auc, math.NaN(), Higher, "every kind of fault is unseen to it"),
		a.figure(how, "healthy trips flagged, share", a.where(func(f string) bool { return f == "" }), meanOf(a.flag), 0.05, Lower, ""),
		a.figure(how, "faulted trips found, share", a.where(func(f string) bool { return f != "" }), meanOf(a.flag), math.NaN(), Higher, "without any rule about parts"),
	}
	for i := range out {
		out[i].Model = "isolation forest on residuals"
	}
	return out, nil
}
