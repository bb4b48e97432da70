// Package isolation finds rows that are few and different with an isolation forest (F. T. Liu, K. M. Ting,
// Z.-H. Zhou, "Isolation-Based Anomaly Detection", ACM TKDD 2012): what random questions set apart quickly
// is odd. It learns without labels.
package isolation

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

// Options say how to grow; start from [Default].
type Options struct {
	Trees   int
	Sample  int      // rows that each tree sees; all when there are fewer
	Names   []string // of the features, kept in the model; nil for none
	Seed    uint64
	Threads int // goroutines; 0 for one a processor
}

// Default returns the paper's choice: 100 trees of 256 rows.
func Default() Options { return Options{Trees: 100, Sample: 256} }

// maxSample bounds the depth of a tree, its binary logarithm.
const maxSample = 1 << 20

// Model is a forest whose trees answer with path lengths. It is safe for concurrent use.
type Model struct {
	names  []string
	sample int
	trees  tree.Ensemble
}

// Fit grows a forest on rows with NaN where a value is missing. A feature is asked about where it varies;
// missing values go to the side that has more rows.
func Fit(ctx context.Context, x [][]float64, o Options) (*Model, error) {
	if err := check(x, o); err != nil {
		return nil, err
	}
	m := &Model{names: slices.Clone(o.Names), sample: min(o.Sample, len(x))}
	m.trees = tree.Ensemble{Features: len(x[0]), Scale: 1 / float64(o.Trees), Trees: make([]tree.Tree, o.Trees)}
	threads := o.Threads
	if threads == 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var done sync.WaitGroup
	for range min(threads, o.Trees) {
		done.Go(func() {
			for i := int(next.Add(1)) - 1; i < o.Trees && ctx.Err() == nil; i = int(next.Add(1)) - 1 {
				m.trees.Trees[i] = grow(x, m.sample, rand.New(rand.NewPCG(o.Seed, uint64(i))))
			}
		})
	}
	done.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("grow isolation forest: %w", err)
	}
	return m, nil
}

func check(x [][]float64, o Options) error {
	if o.Trees < 1 || o.Trees > tree.MaxTrees || o.Sample < 2 || o.Sample > maxSample || o.Threads < 0 {
		return errs.New(errs.Usage, "grow isolation forest: %d trees of %d rows", o.Trees, o.Sample).WithHint("start from isolation.Default")
	}
	bad := func(format string, args ...any) error {
		return errs.New(errs.BadInput, "grow isolation forest: %w", fmt.Errorf(format, args...))
	}
	if len(x) < 2 || len(x) > math.MaxInt32 || len(x[0]) == 0 || len(x[0]) > tree.MaxFeatures {
		return bad("%d rows; nothing stands apart from fewer than 2", len(x))
	}
	if o.Names != nil && len(o.Names) != len(x[0]) {
		return bad("%d names for %d features", len(o.Names), len(x[0]))
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
	}
	return nil
}

// Score returns how odd a row is: near 1 for what is set apart at once, about 0.5 and below for the ordinary
// (equation 2 of the paper). It is NaN for a row of another length, and allocates nothing.
func (m *Model) Score(x []float64) float64 {
	if len(x) != m.trees.Features {
		return math.NaN()
	}
	return math.Exp2(-m.trees.Raw(x) / pathLength(m.sample))
}

// Trees returns the trees, whose sum is the mean path length: attributions of it say which signals set a row
// apart, the most negative first.
func (m *Model) Trees() *tree.Ensemble { return &m.trees }

// Features is the number of values in a row.
func (m *Model) Features() int { return m.trees.Features }

// Names of the features, nil when training was given none.
func (m *Model) Names() []string { return slices.Clone(m.names) }

// pathLength is the mean number of questions of an unsuccessful search among n rows (equation 1 of the paper).
func pathLength(n int) float64 {
	switch {
	case n <= 1:
		return 0
	case n == 2:
		return 1
	}
	const euler = 0.57721566490153286060651209008240243
	k := float64(n)
	return 2*(math.Log(k-1)+euler) - 2*(k-1)/k
}
