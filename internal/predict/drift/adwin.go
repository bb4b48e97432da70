package drift

import (
	"math"
	"slices"
)

// Window watches a stream of errors between 0 and 1 and keeps as many of the last ones as have one mean
// (ADWIN2: A. Bifet, R. Gavaldà, "Learning from Time-Changing Data with Adaptive Windowing", SDM 2007). Memory
// grows with the logarithm of its length.
type Window struct {
	delta float64
	rows  [][]bucket // row i holds buckets of 2^i values, oldest first
	n     float64
	sum   float64
	m2    float64 // sum of squared deviations from the mean
	seen  int
}

type bucket struct{ sum, m2 float64 }

const (
	perRow   = 5  // buckets of one size before two are merged
	cutEvery = 8  // values between two looks for a cut
	shortest = 5  // values that either side of a cut needs
	maxRows  = 48 // 2^48 values are more than any stream has
)

// NewWindow returns an empty window that cuts falsely with a chance of about delta at each look; values
// outside 0 to 1 (exclusive) mean 0.002, as in the paper's implementations.
func NewWindow(delta float64) *Window {
	if !(delta > 0 && delta < 1) {
		delta = 0.002
	}
	return &Window{delta: delta, rows: [][]bucket{nil}}
}

// Len is how many values the window holds, Mean their mean (NaN for none).
func (w *Window) Len() int { return int(w.n) }

// Mean is the mean of the values in the window; NaN when it is empty.
func (w *Window) Mean() float64 { return w.sum / w.n }

// Add takes one error and tells whether older ones were dropped because their mean differs. Values that are
// no number are left out, others clamped to 0 to 1.
func (w *Window) Add(x float64) (changed bool) {
	if math.IsNaN(x) {
		return false
	}
	x = math.Min(math.Max(x, 0), 1)
	if w.n > 0 {
		d := x - w.sum/w.n
		w.m2 += w.n * d * d / (w.n + 1)
	}
	w.n, w.sum = w.n+1, w.sum+x
	w.rows[0] = append(w.rows[0], bucket{sum: x})
	w.compress()
	if w.seen++; w.seen%cutEvery != 0 {
		return false
	}
	for w.n > 2*shortest && w.cut() {
		w.drop()
		changed = true
	}
	return changed
}

// compress merges the two oldest buckets of every row that has too many.
func (w *Window) compress() {
	for i := 0; i < len(w.rows) && i < maxRows; i++ {
		if len(w.rows[i]) <= perRow {
			return
		}
		a, b := w.rows[i][0], w.rows[i][1]
		size := float64(int64(1) << i)
		d := (a.sum - b.sum) / size
		w.rows[i] = append([]bucket(nil), w.rows[i][2:]...)
		if i+1 == len(w.rows) {
			w.rows = append(w.rows, nil)
		}
		w.rows[i+1] = append(w.rows[i+1], bucket{a.sum + b.sum, a.m2 + b.m2 + size*d*d/2})
	}
}

// cut tells whether some point divides the window into two of different means.
func (w *Window) cut() bool {
	var n, sum float64
	variance := w.m2 / w.n
	d := math.Log(2 * math.Log(w.n) / w.delta)
	for i, row := range slices.Backward(w.rows) {
		size := float64(int64(1) << i)
		for _, b := range row {
			n, sum = n+size, sum+b.sum
			left := w.n - n
			if n < shortest || left < shortest {
				continue
			}
			m := 1/n + 1/left
			bound := math.Sqrt(2*m*variance*d) + 2.0/3*m*d
			if math.Abs(sum/n-(w.sum-sum)/left) > bound {
				return true
			}
		}
	}
	return false
}

// drop forgets the oldest bucket.
func (w *Window) drop() {
	last := len(w.rows) - 1
	for last > 0 && len(w.rows[last]) == 0 {
		last--
	}
	w.rows = w.rows[:last+1]
	b := w.rows[last][0]
	w.rows[last] = append([]bucket(nil), w.rows[last][1:]...)
	size := float64(int64(1) << last)
	rest := w.n - size
	if rest <= 0 {
		*w = Window{delta: w.delta, rows: [][]bucket{nil}, seen: w.seen}
		return
	}
	d := b.sum/size - (w.sum-b.sum)/rest
	w.m2 = math.Max(0, w.m2-b.m2-d*d*size*rest/w.n)
	w.n, w.sum = rest, w.sum-b.sum
}
