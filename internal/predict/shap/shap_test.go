package shap_test

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/forest"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/isolation"
	"github.com/fleetms/obdctl/internal/predict/shap"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// given is the mean answer of a tree below node at when only the features in the set are known.
func given(t *tree.Tree, at int32, row []float64, known uint) float64 {
	n := &t.Nodes[at]
	if n.Feature == tree.Leaf {
		return n.Value
	}
	if known>>n.Feature&1 == 1 {
		return given(t, t.Next(n, row[n.Feature]), row, known)
	}
	l, r := t.Nodes[n.Left].Cover, t.Nodes[n.Right].Cover
	return (l*given(t, n.Left, row, known) + r*given(t, n.Right, row, known)) / (l + r)
}

// shapley is the definition (L. Shapley, 1953): the mean of what a feature adds over all orders, by subsets.
func shapley(e *tree.Ensemble, row []float64) []float64 {
	m := e.Features
	value := func(known uint) (sum float64) {
		for i := range e.Trees {
			sum += given(&e.Trees[i], 0, row, known)
		}
		return e.Scale * sum
	}
	phi := make([]float64, m)
	for f := range phi {
		for s := range uint(1) << m {
			if s>>f&1 == 1 {
				continue
			}
			k := bits.OnesCount(s)
			weight := 1.0 / float64(m)
			for i := range k { // 1 over m times the number of subsets of this size
				weight *= float64(i+1) / float64(m-1-i)
			}
			phi[f] += weight * (value(s|1<<f) - value(s))
		}
	}
	return phi
}

func data(n int) (x [][]float64, y []float64) {
	r := rand.New(rand.NewPCG(4, 2))
	for range n {
		row := make([]float64, 6)
		for f := range row {
			row[f] = r.NormFloat64()
			if r.IntN(10) == 0 {
				row[f] = math.NaN()
			}
		}
		a, b := row[0], row[1]
		if math.IsNaN(a) {
			a = 2
		}
		if math.IsNaN(b) {
			b = 0
		}
		x, y = append(x, row), append(y, a*b+row2(row[2])+0.1*r.NormFloat64())
	}
	return x, y
}

func row2(v float64) float64 {
	if v > 0.5 {
		return 1
	}
	return 0
}

func ensembles(t *testing.T) (map[string]*tree.Ensemble, [][]float64) {
	t.Helper()
	x, y := data(400)
	ctx := context.Background()
	o := gbdt.Default()
	o.Rounds, o.MaxDepth = 10, 5
	boosted, err := gbdt.Fit(ctx, gbdt.Set{X: x, Y: y}, gbdt.Set{}, o)
	if err != nil {
		t.Fatal(err)
	}
	grown, err := forest.Fit(ctx, x, y, forest.Options{Trees: 5, MinLeaf: 5, MaxDepth: 12})
	if err != nil {
		t.Fatal(err)
	}
	lone, err := isolation.Fit(ctx, x, isolation.Options{Trees: 5, Sample: 64})
	if err != nil {
		t.Fatal(err)
	}
	return map[string]*tree.Ensemble{"boosted": boosted.Trees(), "forest": grown.Trees(), "isolation": lone.Trees()}, x
}

func TestValuesAreShapleys(t *testing.T) {
	all, x := ensembles(t)
	for name, e := range all {
		explain, err := shap.New(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range x[:15] {
			got, want := explain.Values(row), shapley(e, row)
			for f := range want {
				if math.Abs(got[f]-want[f]) > 1e-9 {
					t.Fatalf("%s, feature %d: %v, by definition %v", name, f, got[f], want[f])
				}
			}
		}
	}
}

func TestValuesSumToThePrediction(t *testing.T) {
	all, x := ensembles(t)
	for name, e := range all {
		explain, _ := shap.New(e)
		for _, row := range x {
			sum := explain.Base()
			for _, v := range explain.Values(row) {
				sum += v
			}
			if math.Abs(sum-e.Raw(row)) > 1e-9 {
				t.Fatalf("%s: %v, predicted %v", name, sum, e.Raw(row))
			}
		}
	}
}

// A feature that is asked about twice on a path counts once.
func TestOneFeatureTwice(t *testing.T) {
	e := &tree.Ensemble{Features: 2, Scale: 1, Trees: []tree.Tree{{Nodes: []tree.Node{
		{Feature: 0, Left: 1, Right: 2, Value: 5, Cover: 10},
		{Feature: tree.Leaf, Value: 1, Cover: 4},
		{Feature: 1, Left: 3, Right: 4, Value: 0, Cover: 6},
		{Feature: 0, Left: 5, Right: 6, Value: 8, Cover: 4},
		{Feature: tree.Leaf, Value: 7, Cover: 2},
		{Feature: tree.Leaf, Value: 3, Cover: 0}, // where no training row came
		{Feature: tree.Leaf, Value: 9, Cover: 4},
	}}}}
	if err := e.Validate(); err != nil {
		t.Fatal(err)
	}
	explain, err := shap.New(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]float64{{6, -1}, {9, -1}, {9, 1}, {0, 0}, {math.NaN(), math.NaN()}} {
		got, want := explain.Values(row), shapley(e, row)
		for f := range want {
			if math.Abs(got[f]-want[f]) > 1e-12 {
				t.Errorf("%v, feature %d: %v, by definition %v", row, f, got[f], want[f])
			}
		}
	}
	if causes := explain.Causes([]float64{9, -1}, 1); len(causes) != 1 || causes[0].Feature != 0 || causes[0].Value != 9 {
		t.Errorf("%+v", causes)
	}
}

func TestTreesWithoutCoverAreRefused(t *testing.T) {
	e := &tree.Ensemble{Features: 1, Scale: 1, Trees: []tree.Tree{{Nodes: []tree.Node{{Left: 1, Right: 2}, {Feature: -1}, {Feature: -1}}}}}
	if _, err := shap.New(e); err == nil {
		t.Error("nothing is known of the training rows")
	}
	explain, err := shap.New(&tree.Ensemble{Features: 1, Base: 3, Scale: 1})
	if err != nil || explain.Base() != 3 || explain.Values([]float64{1, 2}) != nil {
		t.Error("no trees say the base, and rows of another length nothing")
	}
}

func BenchmarkValues(b *testing.B) {
	x, y := data(5000)
	o := gbdt.Default()
	m, _ := gbdt.Fit(context.Background(), gbdt.Set{X: x, Y: y}, gbdt.Set{}, o)
	explain, _ := shap.New(m.Trees())
	for i := 0; b.Loop(); i++ {
		explain.Values(x[i%len(x)])
	}
}
