// Package gbdt boosts decision trees by second-order gradients on histograms (T. Chen, C. Guestrin, "XGBoost",
// 2016; G. Ke et al., "LightGBM", 2017): regression, probabilities and quantiles, with missing values,
// monotone constraints and early stopping.
//
// Training is the same to the last bit for one seed, whatever the number of goroutines: a histogram is always
// summed in the order of the rows, in two fixed halves.
package gbdt

import (
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Loss is what training makes small.
type Loss string

// The losses. A model of Logistic predicts probabilities, the others values in the unit of y.
const (
	Squared  Loss = "squared"
	Logistic Loss = "logistic" // y is 0 or 1
	Quantile Loss = "quantile"
)

// Options say how to train; start from [Default].
type Options struct {
	Loss     Loss
	Quantile float64 // between 0 and 1, for the loss of that name

	Rounds       int     // trees at most
	LearningRate float64 // share of each tree's answer that is used, above 0 to 1
	MaxDepth     int     // questions on a path, 1 to 20
	MinWeight    float64 // smallest sum of second derivatives of a leaf: for Squared its number of rows
	MinGain      float64 // smallest gain of a question
	Lambda       float64 // L2 penalty on a leaf's output
	Bins         int     // values that a feature is told apart by, 2 to 255
	RowShare     float64 // share of the rows that each tree sees, above 0 to 1
	ColumnShare  float64 // share of the features that each tree sees
	Patience     int     // rounds without a better validation loss before training ends; 0 never ends early

	Monotone []int8   // by feature: 1 the prediction may only rise with it, -1 only fall, 0 free; nil all free
	Names    []string // of the features, kept in the model; nil for none
	Seed     uint64
	Threads  int // goroutines; 0 for one a processor. No result depends on it
}

// Default returns the options of a careful first try: 100 trees of depth 6 for a squared loss.
func Default() Options {
	return Options{
		Loss: Squared, Quantile: 0.5, Rounds: 100, LearningRate: 0.1, MaxDepth: 6, MinWeight: 1, Lambda: 1,
		Bins: 255, RowShare: 1, ColumnShare: 1,
	}
}

func (o Options) validate(features int) error {
	for _, c := range []struct {
		ok   bool
		what string
	}{
		{slices.Contains([]Loss{Squared, Logistic, Quantile}, o.Loss), fmt.Sprintf("loss %q is not squared, logistic or quantile", o.Loss)},
		{o.Loss != Quantile || o.Quantile > 0 && o.Quantile < 1, fmt.Sprintf("quantile %g is not between 0 and 1", o.Quantile)},
		{o.Rounds > 0 && o.Rounds <= tree.MaxTrees, fmt.Sprintf("%d rounds", o.Rounds)},
		{o.LearningRate > 0 && o.LearningRate <= 1, fmt.Sprintf("learning rate %g is not above 0 to 1", o.LearningRate)},
		{o.MaxDepth > 0 && o.MaxDepth <= 20, fmt.Sprintf("depth %d is not 1 to 20", o.MaxDepth)},
		{o.MinWeight >= 0 && o.MinGain >= 0 && o.Lambda >= 0, "a smallest weight, smallest gain or lambda is negative"},
		{o.Bins >= 2 && o.Bins <= maxBins, fmt.Sprintf("%d bins are not 2 to %d", o.Bins, maxBins)},
		{o.RowShare > 0 && o.RowShare <= 1 && o.ColumnShare > 0 && o.ColumnShare <= 1, "a share of rows or columns is not above 0 to 1"},
		{o.Patience >= 0 && o.Threads >= 0, "patience or threads are negative"},
		{o.Monotone == nil || len(o.Monotone) == features, fmt.Sprintf("%d monotone constraints for %d features", len(o.Monotone), features)},
		{o.Names == nil || len(o.Names) == features, fmt.Sprintf("%d names for %d features", len(o.Names), features)},
	} {
		if !c.ok {
			return errs.New(errs.Usage, "train boosted trees: %s", c.what).WithHint("start from gbdt.Default")
		}
	}
	return nil
}

// Model is what training gives. It is safe for concurrent use.
type Model struct {
	loss     Loss
	quantile float64
	names    []string
	trees    tree.Ensemble
}

// Predict returns the value, quantile or probability for one row: as many numbers as training had features,
// NaN where one is missing. It allocates nothing.
func (m *Model) Predict(x []float64) float64 {
	raw := m.Raw(x)
	if m.loss == Logistic {
		return tree.Sigmoid(raw)
	}
	return raw
}

// Raw is Predict before the link: log odds for Logistic, else the same.
func (m *Model) Raw(x []float64) float64 {
	if len(x) != m.trees.Features {
		return math.NaN()
	}
	return m.trees.Raw(x)
}

// Trees returns the model's trees, to explain it; they must not be changed.
func (m *Model) Trees() *tree.Ensemble { return &m.trees }

// Features is the number of values in a row.
func (m *Model) Features() int { return m.trees.Features }

// Names of the features, nil when training was given none.
func (m *Model) Names() []string { return slices.Clone(m.names) }

// Loss is what the model was trained for.
func (m *Model) Loss() Loss { return m.loss }
