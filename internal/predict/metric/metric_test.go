package metric_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/metric"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-12 || math.IsNaN(got) != math.IsNaN(want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

func TestErrorsOfNumbers(t *testing.T) {
	y, p := []float64{1, 2, 3, 4}, []float64{1, 3, 3, 2}
	near(t, "RMSE", metric.RMSE(y, p), math.Sqrt(5.0/4))
	near(t, "MAE", metric.MAE(y, p), 0.75)
	near(t, "R2", metric.R2(y, p), 0)
	near(t, "R2 of the truth", metric.R2(y, y), 1)
	near(t, "R2 of a constant", metric.R2([]float64{2, 2}, []float64{1, 3}), math.NaN())
	near(t, "Pinball", metric.Pinball(y, p, 0.9), (0.1*1+0.9*2)/4)
	near(t, "Coverage", metric.Coverage(y, []float64{1, 0, 0, 0}, []float64{1, 2, 2, 9}), 0.75)
	near(t, "RMSE of nothing", metric.RMSE(nil, nil), math.NaN())
}

// The example of scikit-learn's documentation of roc_auc_score and average_precision_score, and ties.
func TestRankings(t *testing.T) {
	label, score := []bool{false, false, true, true}, []float64{0.1, 0.4, 0.35, 0.8}
	near(t, "AUC", metric.AUC(label, score), 0.75)
	near(t, "PRAUC", metric.PRAUC(label, score), 0.5*1+0.5*2/3)
	near(t, "AUC of ties", metric.AUC(label, []float64{1, 1, 1, 1}), 0.5)
	near(t, "PRAUC of ties", metric.PRAUC(label, []float64{1, 1, 1, 1}), 0.5)
	near(t, "AUC of one class", metric.AUC([]bool{true, true}, []float64{1, 2}), math.NaN())
	near(t, "AUC with a score that is no number", metric.AUC(label, []float64{1, 2, math.NaN(), 3}), math.NaN())
	limit, f1 := metric.BestF1(label, score)
	near(t, "best limit", limit, 0.35)
	near(t, "best F1", f1, 0.8)
	near(t, "LogLoss", metric.LogLoss([]bool{true, false}, []float64{0.5, 0.5}), math.Ln2)
}

func TestConfusion(t *testing.T) {
	c := metric.Confuse([]bool{true, true, true, false, false, false}, []float64{0.9, 0.5, math.NaN(), 0.6, 0.1, 0.2}, 0.5)
	if c != (metric.Confusion{TP: 2, FP: 1, FN: 1, TN: 2}) {
		t.Fatalf("%+v", c)
	}
	near(t, "precision", c.Precision(), 2.0/3)
	near(t, "recall", c.Recall(), 2.0/3)
	near(t, "F1", c.F1(), 2.0/3)
	near(t, "FPR", c.FPR(), 1.0/3)
	near(t, "accuracy", c.Accuracy(), 2.0/3)
	near(t, "FPR without negatives", metric.Confusion{TP: 1}.FPR(), math.NaN())
}

// Ten rows that say the same are one piece of evidence: the interval must be as wide as that of one row each.
func TestBootstrapDrawsWholeGroups(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var y, zero []float64
	var unit, row []int
	for u := range 50 {
		v := r.NormFloat64()
		for range 10 {
			unit, row = append(unit, u), append(row, len(row))
			y, zero = append(y, v), append(zero, 0)
		}
	}
	width := func(groups []int) float64 {
		i := metric.Bootstrap(groups, 500, 0.95, 1, metric.Of(metric.RMSE, y, zero))
		return i.High - i.Low
	}
	if ratio := width(unit) / width(row); ratio < 2 || ratio > 5 { // the root of 10 is 3.2
		t.Errorf("the interval by unit is %.1f times that by row", ratio)
	}
}

func TestBootstrapCovers(t *testing.T) {
	const tries = 200
	hit := 0
	for s := range uint64(tries) {
		r := rand.New(rand.NewPCG(s, 9))
		y, zero, group := make([]float64, 60), make([]float64, 60), make([]int, 60)
		for i := range y {
			y[i], group[i] = r.ExpFloat64(), i
		}
		i := metric.Bootstrap(group, 300, 0.9, s, metric.Of(metric.MAE, y, zero))
		if i.Low <= 1 && 1 <= i.High { // the mean of an exponential distribution
			hit++
		}
	}
	if share := float64(hit) / tries; share < 0.82 || share > 0.96 {
		t.Errorf("an interval of 90 %% holds the truth in %.0f %% of the tries", 100*share)
	}
}

func TestPairedSeesWhatSingleIntervalsHide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var y, a, b []float64
	var group []int
	for i := range 40 {
		e := 10 * r.NormFloat64()
		y, a, b, group = append(y, 0), append(a, e), append(b, e*1.05), append(group, i)
	}
	d := metric.Paired(group, 400, 0.95, 1, metric.Of(metric.RMSE, y, b), metric.Of(metric.RMSE, y, a))
	if !(d.Low > 0) {
		t.Errorf("b is always worse, its difference is %+v", d)
	}
	if one := metric.Bootstrap([]int{1, 1}, 10, 0.95, 1, func([]int) float64 { return 1 }); !math.IsNaN(one.Low) {
		t.Error("one unit has no interval")
	}
}

func TestQuantile(t *testing.T) {
	v := []float64{4, 1, 3, 2}
	near(t, "median", metric.Quantile(v, 0.5), 2.5)
	near(t, "lowest", metric.Quantile(v, 0), 1)
	near(t, "highest", metric.Quantile(v, 1), 4)
	near(t, "of nothing", metric.Quantile(nil, 0.5), math.NaN())
	if v[0] != 4 {
		t.Error("the values were sorted in place")
	}
}
