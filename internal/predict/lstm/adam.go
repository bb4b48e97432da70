package lstm

import "math"

// adam is the optimiser of D. Kingma and J. Ba, "Adam" (2015), with the usual constants and the decay of weights
// apart from the gradient (I. Loshchilov, F. Hutter, 2019).
type adam struct {
	mean, square []float32
	step         int
}

func newAdam(n int) *adam { return &adam{mean: make([]float32, n), square: make([]float32, n)} }

// update moves w against the gradient g.
func (a *adam) update(w, g []float32, rate, decay float64) {
	const b1, b2, tiny = 0.9, 0.999, 1e-8
	a.step++
	c1 := 1 - math.Pow(b1, float64(a.step))
	c2 := 1 - math.Pow(b2, float64(a.step))
	size := float32(rate / c1)
	scale := float32(1 / math.Sqrt(c2))
	keep := float32(1 - rate*decay)
	mean, square := a.mean[:len(w)], a.square[:len(w)]
	for i, d := range g[:len(w)] {
		mean[i] = b1*mean[i] + (1-b1)*d
		square[i] = b2*square[i] + (1-b2)*d*d
		w[i] = keep*w[i] - size*mean[i]/(float32(math.Sqrt(float64(square[i])))*scale+tiny)
	}
}

// clip shortens g to the length limit where it is longer; 0 is no limit.
func clip(g []float32, limit float64) {
	if limit <= 0 {
		return
	}
	sum := 0.0
	for _, v := range g {
		sum += float64(v) * float64(v)
	}
	if length := math.Sqrt(sum); length > limit {
		f := float32(limit / length)
		for i := range g {
			g[i] *= f
		}
	}
}
