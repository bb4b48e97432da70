package score

import (
	"math"
	"time"

	"github.com/sajari/regression"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/fleetms/obdctl/internal/fleet"
)

const (
	weekKm   = 20 // that make a week's score
	minWeeks = 5  // that make a trend
)

// weeks scores each week with enough km on its own, weeks from Monday in UTC.
func weeks(drives []Drive, f Fleet, l Limits) []fleet.ScoreWeek {
	groups := map[time.Time][]Drive{}
	var order []time.Time
	for _, d := range drives {
		day := d.Start.UTC().Truncate(24 * time.Hour)
		monday := day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		if groups[monday] == nil {
			order = append(order, monday)
		}
		groups[monday] = append(groups[monday], d)
	}
	out := []fleet.ScoreWeek{}
	for _, monday := range order {
		var one fleet.Score
		points, spread, measured := tariff(groups[monday], f, l, &one)
		km := 0.0
		for _, d := range groups[monday] {
			km += d.Km
		}
		if measured && km >= weekKm {
			out = append(out, fleet.ScoreWeek{Start: monday, Km: km, Points: points, Interval: *around(points, spread)})
		}
	}
	return out
}

// trend is the line through the weeks; nil where there are too few of them.
func trend(weeks []fleet.ScoreWeek) *fleet.ScoreTrend {
	if len(weeks) < minWeeks {
		return nil
	}
	var r regression.Regression
	x := make([]float64, len(weeks))
	mean := 0.0
	for i, w := range weeks {
		x[i] = w.Start.Sub(weeks[0].Start).Hours() / (7 * 24)
		mean += x[i] / float64(len(x))
		r.Train(regression.DataPoint(w.Points, []float64{x[i]}))
	}
	if r.Run() != nil || math.IsNaN(r.Coeff(1)) {
		return nil
	}
	var rest, sxx float64
	for i, w := range weeks {
		d := w.Points - r.Coeff(0) - r.Coeff(1)*x[i]
		rest, sxx = rest+d*d, sxx+(x[i]-mean)*(x[i]-mean)
	}
	n := float64(len(weeks))
	spread := distuv.StudentsT{Sigma: 1, Nu: n - 2}.Quantile(0.975) * math.Sqrt(rest/(n-2)/sxx)
	t := &fleet.ScoreTrend{PerWeek: r.Coeff(1), Verdict: "steady",
		Interval: fleet.Interval{Low: r.Coeff(1) - spread, High: r.Coeff(1) + spread, Level: 0.95}}
	switch {
	case t.Interval.Low > 0:
		t.Verdict = "better"
	case t.Interval.High < 0:
		t.Verdict = "worse"
	}
	return t
}
