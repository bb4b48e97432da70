package calibrate

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"github.com/fleetms/obdctl/internal/errs"
)

// Isotonic is a rising function through points, linear between them and flat outside.
type Isotonic struct {
	Score       []float64 `json:"score"` // strictly ascending
	Probability []float64 `json:"probability"`
}

// FitIsotonic fits by pooling adjacent violators (M. Ayer et al., 1955). It wants hundreds of rows: with
// fewer, [FitPlatt] is the safer choice.
func FitIsotonic(label []bool, score []float64) (*Isotonic, error) {
	if _, err := check(label, score); err != nil {
		return nil, err
	}
	order := make([]int, len(score))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(score[a], score[b]) })
	type block struct{ low, high, hits, rows float64 }
	var blocks []block
	for i := 0; i < len(order); {
		b := block{low: score[order[i]], high: score[order[i]]}
		for ; i < len(order) && score[order[i]] == b.low; i++ { // equal scores have one answer
			b.rows++
			if label[order[i]] {
				b.hits++
			}
		}
		for n := len(blocks); n > 0 && blocks[n-1].hits*b.rows >= b.hits*blocks[n-1].rows; n-- {
			last := blocks[n-1]
			b = block{last.low, b.high, last.hits + b.hits, last.rows + b.rows}
			blocks = blocks[:n-1]
		}
		blocks = append(blocks, b)
	}
	f := &Isotonic{}
	for _, b := range blocks {
		f.Score, f.Probability = append(f.Score, b.low), append(f.Probability, b.hits/b.rows)
		if b.high > b.low {
			f.Score, f.Probability = append(f.Score, b.high), append(f.Probability, b.hits/b.rows)
		}
	}
	return f, nil
}

// At returns the calibrated probability of a score; NaN for NaN.
func (f *Isotonic) At(score float64) float64 {
	n := len(f.Score)
	i := sort.SearchFloat64s(f.Score, score)
	switch {
	case math.IsNaN(score) || n == 0:
		return math.NaN()
	case i == n:
		return f.Probability[n-1]
	case i == 0 || f.Score[i] == score:
		return f.Probability[i]
	}
	share := (score - f.Score[i-1]) / (f.Score[i] - f.Score[i-1])
	return f.Probability[i-1] + share*(f.Probability[i]-f.Probability[i-1])
}

// Validate tells whether f, perhaps read from a file, is a rising function into 0 to 1.
func (f *Isotonic) Validate() error {
	if len(f.Score) == 0 || len(f.Score) != len(f.Probability) {
		return errs.New(errs.BadInput, "isotonic calibration: %d scores and %d probabilities", len(f.Score), len(f.Probability))
	}
	for i, s := range f.Score {
		p := f.Probability[i]
		if math.IsNaN(s) || math.IsInf(s, 0) || !(p >= 0 && p <= 1) || i > 0 && (s <= f.Score[i-1] || p < f.Probability[i-1]) {
			return errs.New(errs.BadInput, "isotonic calibration: point %d is (%g, %g)", i, s, p)
		}
	}
	return nil
}
