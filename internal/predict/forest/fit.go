package forest

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Fit grows a forest on the rows of x with targets y. Each tree sees a bootstrap sample of the rows.
func Fit(ctx context.Context, x [][]float64, y []float64, o Options) (*Model, error) {
	if err := check(x, y, o.Classify); err != nil {
		return nil, err
	}
	features := len(x[0])
	if err := o.validate(features); err != nil {
		return nil, err
	}
	if o.Features == 0 {
		o.Features = max(1, features/3)
		if o.Classify {
			o.Features = max(1, int(math.Sqrt(float64(features))))
		}
	}
	m := &Model{classify: o.Classify, names: slices.Clone(o.Names)}
	m.trees = tree.Ensemble{Features: features, Scale: 1 / float64(o.Trees), Trees: make([]tree.Tree, o.Trees)}
	if o.Rows {
		m.y, m.leaves = slices.Clone(y), make([][][]int32, o.Trees)
	}
	unseen := make([][]answer, o.Trees)
	table := columns(x)
	var next atomic.Int64
	var done sync.WaitGroup
	threads := o.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	for range min(threads, o.Trees) {
		done.Go(func() {
			g := newGrower(table, y, o)
			for i := int(next.Add(1)) - 1; i < o.Trees && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				g.grow(rand.New(rand.NewPCG(o.Seed, uint64(i))))
				m.trees.Trees[i] = tree.Tree{Nodes: slices.Clone(g.nodes)}
				if o.Rows {
					m.leaves[i] = g.leaves
				}
				unseen[i] = g.outOfBag(&m.trees.Trees[i], x)
			}
		})
	}
	done.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("grow forest: %w", err)
	}
	m.oob = average(unseen, len(y))
	return m, nil
}

// answer is what one tree says about a row that it did not see.
type answer struct {
	row   int32
	value float64
}

// average sums in the order of the trees, so that goroutines decide nothing.
func average(unseen [][]answer, n int) []float64 {
	sum, count := make([]float64, n), make([]float64, n)
	for _, answers := range unseen {
		for _, a := range answers {
			sum[a.row] += a.value
			count[a.row]++
		}
	}
	for i := range sum {
		sum[i] /= count[i] // 0/0 is the NaN of a row that every tree saw
	}
	return sum
}

func check(x [][]float64, y []float64, classify bool) error {
	bad := func(format string, args ...any) error {
		return errs.New(errs.BadInput, "grow forest: %w", fmt.Errorf(format, args...))
	}
	if len(x) == 0 || len(x) > math.MaxInt32 || len(x[0]) == 0 || len(x[0]) > tree.MaxFeatures || len(x) != len(y) {
		return bad("%d rows and %d targets", len(x), len(y))
	}
	for i, row := range x {
		if len(row) != len(x[0]) {
			return bad("row %d has %d values, not %d", i, len(row), len(x[0]))
		}
		for f, v := range row {
			if math.IsInf(v, 0) {
				return bad("row %d, feature %d is infinite; a missing value is NaN", i, f)
			}
		}
		if math.IsNaN(y[i]) || math.IsInf(y[i], 0) {
			return bad("target %d is no finite number", i)
		}
		if classify && y[i] != 0 && y[i] != 1 {
			return bad("target %d is %g, not 0 or 1", i, y[i])
		}
	}
	return nil
}

// columns turns rows into one list for each feature.
func columns(x [][]float64) [][]float64 {
	c := make([][]float64, len(x[0]))
	for f := range c {
		c[f] = make([]float64, len(x))
		for i, row := range x {
			c[f][i] = row[f]
		}
	}
	return c
}
