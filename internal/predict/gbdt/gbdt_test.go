package gbdt_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/metric"
)

// friedman makes n rows of the test function of J. Friedman, "Multivariate Adaptive Regression Splines", 1991:
// five features that matter, three that do not, noise of deviation 1. A share of all values is missing.
func friedman(n int, missing float64, seed uint64) gbdt.Set {
	r := rand.New(rand.NewPCG(seed, 0))
	s := gbdt.Set{X: make([][]float64, n), Y: make([]float64, n)}
	for i := range n {
		x := make([]float64, 8)
		for f := range x {
			x[f] = r.Float64()
		}
		s.Y[i] = 10*math.Sin(math.Pi*x[0]*x[1]) + 20*(x[2]-0.5)*(x[2]-0.5) + 10*x[3] + 5*x[4] + r.NormFloat64()
		for f := range x {
			if r.Float64() < missing {
				x[f] = math.NaN()
			}
		}
		s.X[i] = x
	}
	return s
}

// failed turns the regression into a question of yes or no.
func failed(s gbdt.Set) (gbdt.Set, []bool) {
	label := make([]bool, len(s.Y))
	for i, y := range s.Y {
		label[i] = y > 17
		s.Y[i] = 0
		if label[i] {
			s.Y[i] = 1
		}
	}
	return s, label
}

func fit(t *testing.T, train, valid gbdt.Set, o gbdt.Options) *gbdt.Model {
	t.Helper()
	m, err := gbdt.Fit(context.Background(), train, valid, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func predict(m *gbdt.Model, x [][]float64) []float64 {
	p := make([]float64, len(x))
	for i, row := range x {
		p[i] = m.Predict(row)
	}
	return p
}

func TestSquaredComesNearTheNoise(t *testing.T) {
	train, test := friedman(4000, 0, 1), friedman(2000, 0, 2)
	o := gbdt.Default()
	o.Rounds, o.MaxDepth = 200, 4
	m := fit(t, train, gbdt.Set{}, o)
	// scikit-learn's HistGradientBoosting has 1.15 here; nothing can be below the noise of 1.
	if e := metric.RMSE(test.Y, predict(m, test.X)); e > 1.2 || e < 1 {
		t.Errorf("RMSE %.3f", e)
	}
}

func TestMissingValuesHaveADirection(t *testing.T) {
	train, test := friedman(4000, 0, 1), friedman(2000, 0, 2)
	for _, s := range []gbdt.Set{train, test} { // values of feature 3 are lost where they are high
		for _, x := range s.X {
			if x[3] > 0.7 {
				x[3] = math.NaN()
			}
		}
	}
	o := gbdt.Default()
	o.MaxDepth = 4
	m := fit(t, train, gbdt.Set{}, o)
	if e := metric.RMSE(test.Y, predict(m, test.X)); e > 1.7 { // 10*x[3] within the lost 0.3 has a deviation of 0.87
		t.Errorf("RMSE %.3f", e)
	}
	x := append([]float64(nil), test.X[0]...)
	x[3] = 0.1
	low := m.Predict(x)
	x[3] = math.NaN()
	if high := m.Predict(x); high < low+4 {
		t.Errorf("missing stands for high values: %.1f at 0.1, %.1f missing", low, high)
	}
}

func TestLogisticRanksAndIsCalibrated(t *testing.T) {
	train, _ := failed(friedman(6000, 0.05, 3))
	test, label := failed(friedman(4000, 0.05, 4))
	m := fit(t, train, gbdt.Set{}, gbdt.Default())
	p := predict(m, test.X)
	if auc := metric.AUC(label, p); auc < 0.94 {
		t.Errorf("AUC %.3f", auc)
	}
	if loss := metric.LogLoss(label, p); loss > 0.32 {
		t.Errorf("log loss %.3f", loss)
	}
}

func TestQuantilesHoldTheirShare(t *testing.T) {
	train, test := friedman(6000, 0, 5), friedman(4000, 0, 6)
	for _, q := range []float64{0.1, 0.5, 0.9} {
		o := gbdt.Default()
		o.Loss, o.Quantile, o.MaxDepth, o.MinWeight = gbdt.Quantile, q, 4, 20
		p := predict(fit(t, train, gbdt.Set{}, o), test.X)
		below := 0
		for i, y := range test.Y {
			if y <= p[i] {
				below++
			}
		}
		if share := float64(below) / float64(len(p)); math.Abs(share-q) > 0.04 {
			t.Errorf("the quantile %g lies above %.3f of the rows", q, share)
		}
	}
}

func TestMonotoneConstraintsHold(t *testing.T) {
	train := friedman(800, 0.1, 7)
	r := rand.New(rand.NewPCG(1, 1))
	for _, loss := range []gbdt.Loss{gbdt.Squared, gbdt.Logistic, gbdt.Quantile} {
		s := gbdt.Set{X: train.X, Y: append([]float64(nil), train.Y...)}
		if loss == gbdt.Logistic {
			s, _ = failed(s)
		}
		o := gbdt.Default()
		o.Rounds, o.Loss, o.Quantile, o.Monotone = 30, loss, 0.8, []int8{0, 0, 1, 1, -1, 0, 0, 0} // 1 at feature 2 and -1 at 4 are against the data
		m := fit(t, s, gbdt.Set{}, o)
		for range 40 {
			x := append([]float64(nil), train.X[r.IntN(len(train.X))]...)
			for f, sign := range map[int]float64{2: 1, 3: 1, 4: -1} {
				was := math.Inf(-1)
				for v := -0.1; v < 1.1; v += 0.05 {
					x[f] = v
					if p := sign * m.Raw(x); p < was-1e-12 {
						t.Fatalf("%s: feature %d at %.2f: %v after %v", loss, f, v, p, was)
					} else {
						was = p
					}
				}
			}
		}
	}
}

func TestEarlyStoppingKeepsTheBestRound(t *testing.T) {
	train, valid := friedman(300, 0, 8), friedman(1000, 0, 9)
	o := gbdt.Default()
	o.Rounds, o.LearningRate, o.Patience = 2000, 0.3, 10
	m := fit(t, train, valid, o)
	n := len(m.Trees().Trees)
	if n < 5 || n > 500 {
		t.Fatalf("%d trees", n)
	}
	best := metric.RMSE(valid.Y, predict(m, valid.X))
	o.Rounds, o.Patience = n+10, 0
	if later := metric.RMSE(valid.Y, predict(fit(t, train, gbdt.Set{}, o), valid.X)); later < best {
		t.Errorf("ten rounds later: %v, kept %v", later, best)
	}
}

func TestSeedAndNotThreadsDecide(t *testing.T) {
	train := friedman(20000, 0.05, 10) // more than are summed in one piece
	o := gbdt.Default()
	o.Rounds, o.RowShare, o.ColumnShare = 4, 0.7, 0.6
	saved := func(threads int, seed uint64) string {
		o.Threads, o.Seed = threads, seed
		var b bytes.Buffer
		if err := fit(t, train, gbdt.Set{}, o).Save(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	one := saved(1, 1)
	for _, threads := range []int{2, 5} {
		if saved(threads, 1) != one {
			t.Errorf("%d goroutines train another model than one", threads)
		}
	}
	if saved(1, 2) == one {
		t.Error("another seed draws the same rows")
	}
}

// Rows outside a tree's sample are walked by bins; their predictions must be those of the finished trees.
func TestSamplesBoostAsWell(t *testing.T) {
	train, test := friedman(4000, 0.1, 1), friedman(2000, 0.1, 2)
	o := gbdt.Default()
	o.MaxDepth = 4
	all := metric.RMSE(test.Y, predict(fit(t, train, gbdt.Set{}, o), test.X))
	o.RowShare, o.ColumnShare = 0.5, 0.8
	some := metric.RMSE(test.Y, predict(fit(t, train, gbdt.Set{}, o), test.X))
	if some > all*1.05 {
		t.Errorf("RMSE %.3f with half the rows a tree, %.3f with all", some, all)
	}
}

func TestWeightsCountAsRepeatedRows(t *testing.T) {
	s := friedman(500, 0, 11)
	for _, x := range s.X {
		for f := range x {
			x[f] = math.Round(100 * x[f]) // few values: both sets are cut at the same places
		}
	}
	twice := gbdt.Set{X: append(append([][]float64(nil), s.X...), s.X[:200]...), Y: append(append([]float64(nil), s.Y...), s.Y[:200]...)}
	s.Weight = make([]float64, len(s.X))
	for i := range s.Weight {
		s.Weight[i] = 1
		if i < 200 {
			s.Weight[i] = 2
		}
	}
	for _, loss := range []gbdt.Loss{gbdt.Squared, gbdt.Quantile} {
		o := gbdt.Default()
		o.Loss, o.Quantile, o.Rounds = loss, 0.7, 20
		a, b := fit(t, s, gbdt.Set{}, o), fit(t, twice, gbdt.Set{}, o)
		if d := metric.RMSE(predict(a, s.X), predict(b, s.X)); d > 1e-9 {
			t.Errorf("%s: RMSE between both %g", loss, d)
		}
	}
}

func TestFewAndOddRows(t *testing.T) {
	nan := math.NaN()
	for name, s := range map[string]gbdt.Set{
		"one row":            {X: [][]float64{{1, 2}}, Y: []float64{3}},
		"constant target":    {X: [][]float64{{1}, {2}, {3}}, Y: []float64{3, 3, 3}},
		"nothing known":      {X: [][]float64{{nan}, {nan}}, Y: []float64{2, 4}},
		"a constant feature": {X: [][]float64{{5}, {5}}, Y: []float64{2, 4}},
		"five readings":      {X: [][]float64{{1, 9}, {2, nan}, {3, 9}, {nan, 9}, {5, 9}}, Y: []float64{3, 3, 3, 3, 3}},
	} {
		o := gbdt.Default()
		o.MinWeight = 0
		m := fit(t, s, gbdt.Set{}, o)
		if got := m.Predict(s.X[0]); math.Abs(got-3) > 1e-9 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestBadInputIsRefused(t *testing.T) {
	good := gbdt.Set{X: [][]float64{{1}, {2}}, Y: []float64{0, 1}}
	for name, s := range map[string]gbdt.Set{
		"no rows":           {},
		"ragged":            {X: [][]float64{{1}, {1, 2}}, Y: []float64{0, 1}},
		"infinite":          {X: [][]float64{{1}, {math.Inf(1)}}, Y: []float64{0, 1}},
		"a target missing":  {X: good.X, Y: []float64{0}},
		"a target is NaN":   {X: good.X, Y: []float64{0, math.NaN()}},
		"a negative weight": {X: good.X, Y: good.Y, Weight: []float64{1, -1}},
		"no weight":         {X: good.X, Y: good.Y, Weight: []float64{0, 0}},
	} {
		if _, err := gbdt.Fit(context.Background(), s, gbdt.Set{}, gbdt.Default()); errs.KindOf(err) != errs.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, change := range map[string]func(*gbdt.Options){
		"loss":     func(o *gbdt.Options) { o.Loss = "hinge" },
		"quantile": func(o *gbdt.Options) { o.Loss, o.Quantile = gbdt.Quantile, 1 },
		"rounds":   func(o *gbdt.Options) { o.Rounds = 0 },
		"depth":    func(o *gbdt.Options) { o.MaxDepth = 99 },
		"rate":     func(o *gbdt.Options) { o.LearningRate = math.NaN() },
		"monotone": func(o *gbdt.Options) { o.Monotone = []int8{1, 1} },
	} {
		o := gbdt.Default()
		change(&o)
		if _, err := gbdt.Fit(context.Background(), good, gbdt.Set{}, o); errs.KindOf(err) != errs.Usage {
			t.Errorf("%s: %v", name, err)
		}
	}
	o := gbdt.Default()
	o.Loss = gbdt.Logistic
	if _, err := gbdt.Fit(context.Background(), gbdt.Set{X: good.X, Y: []float64{0, 2}}, gbdt.Set{}, o); errs.KindOf(err) != errs.BadInput {
		t.Errorf("a label of 2: %v", err)
	}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := gbdt.Fit(done, good, gbdt.Set{}, gbdt.Default()); errs.KindOf(err) != errs.Cancelled {
		t.Errorf("cancelled: %v", err)
	}
}

func TestPredictAllocatesNothing(t *testing.T) {
	s := friedman(1000, 0, 1)
	m := fit(t, s, gbdt.Set{}, gbdt.Default())
	if n := testing.AllocsPerRun(100, func() { m.Predict(s.X[0]) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if !math.IsNaN(m.Predict([]float64{1})) {
		t.Error("a row of another length has no prediction")
	}
}

func BenchmarkPredict(b *testing.B) {
	s := friedman(5000, 0, 1)
	o := gbdt.Default()
	o.Rounds = 300
	m, _ := gbdt.Fit(context.Background(), s, gbdt.Set{}, o)
	for i := 0; b.Loop(); i++ {
		m.Predict(s.X[i%len(s.X)])
	}
}

func BenchmarkFit(b *testing.B) {
	s := friedman(100_000, 0, 1)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := gbdt.Fit(context.Background(), s, gbdt.Set{}, gbdt.Default()); err != nil {
			b.Fatal(err)
		}
	}
}
