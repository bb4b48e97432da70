package isolation_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/isolation"
	"github.com/fleetms/obdctl/internal/predict/metric"
)

// cloud is n rows of a ball with one row in twenty on a shell around it.
func cloud(n, features int, seed uint64) (x [][]float64, odd []bool) {
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range n {
		row := make([]float64, features)
		for f := range row {
			row[f] = r.NormFloat64()
		}
		if i%20 == 0 {
			row[r.IntN(features)] = 5
		}
		x, odd = append(x, row), append(odd, i%20 == 0)
	}
	return x, odd
}

func fit(t *testing.T, x [][]float64, o isolation.Options) *isolation.Model {
	t.Helper()
	m, err := isolation.Fit(context.Background(), x, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func scores(m *isolation.Model, x [][]float64) []float64 {
	s := make([]float64, len(x))
	for i, row := range x {
		s[i] = m.Score(row)
	}
	return s
}

func TestWhatIsOddScoresHigh(t *testing.T) {
	x, odd := cloud(2000, 4, 1)
	m := fit(t, x, isolation.Default())
	if auc := metric.AUC(odd, scores(m, x)); auc < 0.95 {
		t.Errorf("AUC %.3f", auc)
	}
	middle, far := m.Score([]float64{0, 0, 0, 0}), m.Score([]float64{20, -20, 20, 20})
	if middle > 0.5 || far < 0.7 {
		t.Errorf("the middle scores %.2f, far away %.2f", middle, far)
	}
}

// Two rows are set apart by one question: the mean path is 1, c(2) = 1, and the score exactly a half.
func TestScoreOfTheSmallestForest(t *testing.T) {
	m := fit(t, [][]float64{{0}, {1}}, isolation.Default())
	if s := m.Score([]float64{0.5}); math.Abs(s-0.5) > 1e-12 {
		t.Error(s)
	}
}

func TestConstantAndMissingColumns(t *testing.T) {
	x, odd := cloud(1000, 3, 2)
	for i := range x {
		x[i] = append(x[i], 7, math.NaN())
		if i%3 == 1 {
			x[i][0] = math.NaN()
		}
	}
	if auc := metric.AUC(odd, scores(fit(t, x, isolation.Default()), x)); auc < 0.9 {
		t.Errorf("AUC %.3f", auc)
	}
	same := fit(t, [][]float64{{1}, {1}, {1}}, isolation.Default())
	if s := same.Score([]float64{9}); math.Abs(s-0.5) > 1e-12 { // no question was learned: nothing is odd
		t.Error(s)
	}
	wide := fit(t, [][]float64{{-math.MaxFloat64}, {math.MaxFloat64}, {0}}, isolation.Default())
	if s := wide.Score([]float64{0}); math.IsNaN(s) {
		t.Error("the widest range has no score")
	}
}

func TestSeedAndNotThreadsDecide(t *testing.T) {
	x, _ := cloud(1000, 3, 3)
	saved := func(threads int, seed uint64) string {
		o := isolation.Default()
		o.Threads, o.Seed = threads, seed
		var b bytes.Buffer
		if err := fit(t, x, o).Save(&b); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	one := saved(1, 1)
	if saved(3, 1) != one || saved(1, 2) == one {
		t.Error("one seed grows one forest, whatever runs beside it")
	}
	m, err := isolation.Load(strings.NewReader(one))
	if err != nil {
		t.Fatal(err)
	}
	o := isolation.Default()
	o.Seed = 1
	if a, b := m.Score(x[0]), fit(t, x, o).Score(x[0]); a != b {
		t.Errorf("%v before saving, %v after loading", b, a)
	}
}

func TestBadInputIsRefused(t *testing.T) {
	for name, x := range map[string][][]float64{"one row": {{1}}, "ragged": {{1}, {1, 2}}, "infinite": {{1}, {math.Inf(1)}}, "no features": {{}, {}}} {
		if _, err := isolation.Fit(context.Background(), x, isolation.Default()); errs.KindOf(err) != errs.BadInput {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := isolation.Fit(context.Background(), [][]float64{{1}, {2}}, isolation.Options{}); errs.KindOf(err) != errs.Usage {
		t.Errorf("no options: %v", err)
	}
	for _, text := range []string{"", "{}", strings.Replace(stump, `"sample":2`, `"sample":1`, 1), strings.Replace(stump, `"left":[1`, `"left":[0`, 1)} {
		if _, err := isolation.Load(strings.NewReader(text)); errs.KindOf(err) != errs.BadInput || errs.HintOf(err) == "" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

const stump = `{"format":"obdctl/isolation","version":1,"features":1,"sample":2,"trees":[{"feature":[0,-1,-1],"left":[1,0,0],"right":[2,0,0],"flags":[0,0,0],"value":[0.5,1,1],"cover":[2,1,1]}]}`

func FuzzLoad(f *testing.F) {
	f.Add([]byte(stump))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if m, err := isolation.Load(bytes.NewReader(data)); err == nil {
			m.Score(make([]float64, m.Features()))
		}
	})
}
