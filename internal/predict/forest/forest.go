// Package forest grows random forests (L. Breiman, "Random Forests", 2001) for values and for probabilities of
// yes or no, with out-of-bag predictions and with quantiles from the rows in the leaves (N. Meinshausen,
// "Quantile Regression Forests", 2006).
//
// Each tree has its own stream of random numbers from the seed, so that the number of goroutines decides nothing.
package forest

import (
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Options say how to grow; start from [Default].
type Options struct {
	Trees    int
	MinLeaf  int  // rows of a leaf at least
	MaxDepth int  // questions on a path
	Features int  // drawn anew for each question; 0 for a third of them, or for the root of their number with Classify
	Classify bool // y is 0 or 1, and predictions are probabilities
	// Rows keeps which rows lie in which leaf, for [Model.Quantiles]: 4 bytes a tree and row.
	Rows    bool
	Names   []string // of the features, kept in the model; nil for none
	Seed    uint64
	Threads int // goroutines; 0 for one a processor
}

// Default returns the options of a careful first try: 100 trees with leaves of 5 rows and quantiles.
func Default() Options { return Options{Trees: 100, MinLeaf: 5, MaxDepth: 32, Rows: true} }

func (o Options) validate(features int) error {
	for _, c := range []struct {
		ok   bool
		what string
	}{
		{o.Trees > 0 && o.Trees <= tree.MaxTrees, fmt.Sprintf("%d trees", o.Trees)},
		{o.MinLeaf > 0, fmt.Sprintf("leaves of %d rows", o.MinLeaf)},
		{o.MaxDepth > 0 && o.MaxDepth <= tree.MaxDepth, fmt.Sprintf("depth %d is not 1 to %d", o.MaxDepth, tree.MaxDepth)},
		{o.Features >= 0 && o.Features <= features, fmt.Sprintf("%d of %d features", o.Features, features)},
		{o.Names == nil || len(o.Names) == features, fmt.Sprintf("%d names for %d features", len(o.Names), features)},
		{o.Threads >= 0, "threads are negative"},
	} {
		if !c.ok {
			return errs.New(errs.Usage, "grow forest: %s", c.what).WithHint("start from forest.Default")
		}
	}
	return nil
}

// Model is a forest. It is safe for concurrent use.
type Model struct {
	classify bool
	names    []string
	trees    tree.Ensemble
	y        []float64   // targets of the training rows, nil without quantiles
	leaves   [][][]int32 // by tree, by node: training rows in a leaf, one drawn twice stands there twice
	oob      []float64
}

// Predict returns the mean of the trees' answers for one row: as many numbers as training had features, NaN
// where one is missing. It allocates nothing.
func (m *Model) Predict(x []float64) float64 {
	if len(x) != m.trees.Features {
		return math.NaN()
	}
	return m.trees.Raw(x)
}

// Quantiles returns, for each share, the value below which that share of the outcomes lies, given x. Weights
// of training rows are those of Meinshausen: the mean over trees of one over the size of the leaf.
// All are NaN when the forest was grown without Rows.
func (m *Model) Quantiles(x []float64, shares ...float64) []float64 {
	out := make([]float64, len(shares))
	for i := range out {
		out[i] = math.NaN()
	}
	if m.y == nil || len(x) != m.trees.Features {
		return out
	}
	weight, rows := map[int32]float64{}, []int32(nil)
	for t := range m.trees.Trees {
		leaf := m.leaves[t][m.trees.Trees[t].Leaf(x)]
		for _, r := range leaf {
			if _, seen := weight[r]; !seen {
				rows = append(rows, r)
			}
			weight[r] += 1 / float64(len(leaf)*len(m.trees.Trees))
		}
	}
	slices.SortFunc(rows, m.byOutcome)
	for i, share := range shares {
		below := 0.0
		for _, r := range rows {
			out[i] = m.y[r]
			if below += weight[r]; below >= share-1e-12 {
				break
			}
		}
	}
	return out
}

func (m *Model) byOutcome(a, b int32) int {
	switch {
	case m.y[a] < m.y[b]:
		return -1
	case m.y[a] > m.y[b]:
		return 1
	}
	return int(a - b)
}

// OOB returns, for each training row, the mean answer of the trees that did not see it: an honest estimate
// where rows are independent, and too good a one where units have several rows. NaN where every tree saw it.
// A loaded forest has none.
func (m *Model) OOB() []float64 { return m.oob }

// Trees returns the model's trees, to explain it; they must not be changed.
func (m *Model) Trees() *tree.Ensemble { return &m.trees }

// Features is the number of values in a row.
func (m *Model) Features() int { return m.trees.Features }

// Names of the features, nil when training was given none.
func (m *Model) Names() []string { return slices.Clone(m.names) }
