package forest_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/forest"
	"github.com/fleetms/obdctl/internal/predict/metric"
)

// rows are n draws of y = 10 a + 5 b² + noise whose deviation grows with a; the third feature says nothing.
func rows(n int, seed uint64) (x [][]float64, y []float64) {
	r := rand.New(rand.NewPCG(seed, 0))
	for range n {
		a, b := r.Float64(), r.Float64()
		x = append(x, []float64{a, b, r.Float64()})
		y = append(y, 10*a+5*b*b+(0.2+2*a)*r.NormFloat64())
	}
	return x, y
}

func grow(t *testing.T, x [][]float64, y []float64, o forest.Options) *forest.Model {
	t.Helper()
	m, err := forest.Fit(context.Background(), x, y, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func predict(m *forest.Model, x [][]float64) []float64 {
	p := make([]float64, len(x))
	for i, row := range x {
		p[i] = m.Predict(row)
	}
	return p
}

func TestRegressionAndItsOutOfBagEstimate(t *testing.T) {
	x, y := rows(2000, 1)
	test, truth := rows(2000, 2)
	o := forest.Default()
	o.Trees, o.Features = 50, 2
	m := grow(t, x, y, o)
	e, oob := metric.RMSE(truth, predict(m, test)), metric.RMSE(y, m.OOB())
	if e > 1.5 { // the noise alone has 1.33
		t.Errorf("RMSE %.3f", e)
	}
	if math.Abs(e-oob) > 0.1 {
		t.Errorf("RMSE %.3f on new rows, %.3f out of bag", e, oob)
	}
	if in := metric.RMSE(y, predict(m, x)); in > 0.9*oob {
		t.Errorf("RMSE %.3f on rows that were seen is not below %.3f: the bag is not kept apart", in, oob)
	}
}

func TestQuantilesWidenWithTheNoise(t *testing.T) {
	x, y := rows(2500, 3)
	test, truth := rows(2000, 4)
	o := forest.Default()
	o.Trees, o.Features, o.MinLeaf = 50, 2, 20
	m := grow(t, x, y, o)
	low, high := make([]float64, len(test)), make([]float64, len(test))
	var calm, wild, nCalm, nWild float64
	for i, row := range test {
		q := m.Quantiles(row, 0.1, 0.9)
		low[i], high[i] = q[0], q[1]
		if row[0] < 0.2 {
			calm, nCalm = calm+q[1]-q[0], nCalm+1
		} else if row[0] > 0.8 {
			wild, nWild = wild+q[1]-q[0], nWild+1
		}
	}
	if c := metric.Coverage(truth, low, high); math.Abs(c-0.8) > 0.05 {
		t.Errorf("80 %% hold %.3f", c)
	}
	if ratio := (wild / nWild) / (calm / nCalm); ratio < 1.5 { // deviations 2.0 and 0.4, and the spread of a leaf
		t.Errorf("the wild end is %.1f times as wide as the calm one", ratio)
	}
}

func TestClassification(t *testing.T) {
	x, y := rows(3000, 5)
	test, truth := rows(2000, 6)
	label := make([]bool, len(truth))
	for i := range y {
		y[i] = map[bool]float64{true: 1}[y[i] > 8]
	}
	for i, v := range truth {
		label[i] = v > 8
	}
	o := forest.Default()
	o.Trees, o.Classify = 50, true
	m := grow(t, x, y, o)
	p := predict(m, test)
	if auc := metric.AUC(label, p); auc < 0.94 {
		t.Errorf("AUC %.3f", auc)
	}
	for _, v := range p {
		if v < 0 || v > 1 {
			t.Fatalf("%v is no probability", v)
		}
	}
}

func TestMissingValuesCarryTheirMeaning(t *testing.T) {
	x, y := rows(2000, 7)
	for _, row := range x {
		if row[0] > 0.6 {
			row[0] = math.NaN()
		}
	}
	o := forest.Default()
	o.Trees, o.Features = 60, 3
	m := grow(t, x, y, o)
	nan := math.NaN()
	if p := m.Predict([]float64{nan, 0.5, 0.5}); math.Abs(p-9.25) > 0.8 { // 10 * 0.8 + 5 * 0.25
		t.Errorf("missing is predicted as %.2f", p)
	}
	if p := m.Predict([]float64{nan, nan, nan}); math.IsNaN(p) {
		t.Error("a row without any value has a prediction")
	}
}

func TestSeedAndNotThreadsDecide(t *testing.T) {
	x, y := rows(500, 8)
	o := forest.Default()
	o.Trees = 20
	saved := func(threads int, seed uint64) (string, []float64) {
		o.Threads, o.Seed = threads, seed
		m := grow(t, x, y, o)
		var b bytes.Buffer
		if err := m.Save(&b); err != nil {
			t.Fatal(err)
		}
		return b.String(), m.OOB()
	}
	one, oob := saved(1, 1)
	four, again := saved(4, 1)
	if one != four || metric.RMSE(oob, again) != 0 {
		t.Error("4 goroutines grow another forest than one")
	}
	if two, _ := saved(1, 2); two == one {
		t.Error("another seed grows the same forest")
	}
}

func TestSavedForestPredictsTheSame(t *testing.T) {
	x, y := rows(300, 9)
	o := forest.Default()
	o.Trees, o.Names = 10, []string{"a", "b", "c"}
	m := grow(t, x, y, o)
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	again, err := forest.Load(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range x {
		if m.Predict(row) != again.Predict(row) || m.Quantiles(row, 0.3)[0] != again.Quantiles(row, 0.3)[0] {
			t.Fatal("another prediction after loading")
		}
	}
	for _, c := range [][2]string{{`"leaves":[[`, `"leaves":[[999999,`}, {`"leaves":[[`, `"leaves":[[1,`}, {`"leaves":[`, `"leaves":[[],`}, {`"y":[`, `"z":[`}, {`obdctl/forest`, `obdctl/gbdt`}} {
		if _, err := forest.Load(strings.NewReader(strings.Replace(b.String(), c[0], c[1], 1))); errs.KindOf(err) != errs.BadInput {
			t.Errorf("%s: %v", c[1], err)
		}
	}
}

func TestBadInputIsRefused(t *testing.T) {
	ctx := context.Background()
	for name, err := range map[string]error{
		"no rows":   second(forest.Fit(ctx, nil, nil, forest.Default())),
		"ragged":    second(forest.Fit(ctx, [][]float64{{1}, {1, 2}}, []float64{1, 2}, forest.Default())),
		"infinite":  second(forest.Fit(ctx, [][]float64{{math.Inf(-1)}}, []float64{1}, forest.Default())),
		"no target": second(forest.Fit(ctx, [][]float64{{1}}, []float64{math.NaN()}, forest.Default())),
		"no label":  second(forest.Fit(ctx, [][]float64{{1}}, []float64{3}, forest.Options{Trees: 1, MinLeaf: 1, MaxDepth: 1, Classify: true})),
	} {
		if errs.KindOf(err) != errs.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := forest.Fit(ctx, [][]float64{{1}}, []float64{1}, forest.Options{}); errs.KindOf(err) != errs.Usage {
		t.Errorf("no options: %v", err)
	}
	if m := grow(t, [][]float64{{1}}, []float64{7}, forest.Default()); math.Abs(m.Predict([]float64{3})-7) > 1e-12 {
		t.Error("one row is its own mean")
	}
}

func second(_ *forest.Model, err error) error { return err }

func FuzzLoad(f *testing.F) {
	f.Add([]byte(`{"format":"obdctl/forest","version":1,"features":2,"trees":[{"feature":[1,-1,-1],"left":[1,0,0],"right":[2,0,0],"flags":[1,0,0],"value":[5,-1,1],"cover":[3,1,2]}],"y":[1,2],"leaves":[[0,1,1]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := forest.Load(bytes.NewReader(data))
		if err != nil {
			return
		}
		x := make([]float64, m.Features())
		m.Predict(x)
		m.Quantiles(x, 0, 0.5, 1)
	})
}

func BenchmarkPredict(b *testing.B) {
	x, y := rows(5000, 1)
	m, _ := forest.Fit(context.Background(), x, y, forest.Default())
	for i := 0; b.Loop(); i++ {
		m.Predict(x[i%len(x)])
	}
}
