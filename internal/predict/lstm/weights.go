package lstm

import (
	"math"
	"math/rand/v2"
)

// weights are views into one flat slice, so that the optimiser and the file see one vector.
// The gates of a cell stand in the order input, forget, output, candidate: three sigmoids, then a tanh.
type weights struct {
	flat  []float32
	layer []layerWeights
	dense affine // empty without a dense layer
	out   affine
}

// layerWeights are those of one layer: input to gates (inputs x 4 hidden), hidden to gates (hidden x 4 hidden), bias.
type layerWeights struct{ in, rec, bias []float32 }

// affine is a matrix (from x to) and a bias.
type affine struct {
	from, to  int
	mat, bias []float32
}

// count returns the number of weights of a network.
func (c Config) count() int {
	n, in := 0, c.Inputs
	for range c.Layers {
		n += (in + c.Hidden + 1) * 4 * c.Hidden
		in = c.Hidden
	}
	if c.Dense > 0 {
		n += (c.Hidden + 1) * c.Dense
	}
	return n + (c.features()+1)*len(c.Outputs)
}

// view lays the weights of c over flat, which has c.count() elements.
func view(c Config, flat []float32) weights {
	w := weights{flat: flat}
	take := func(n int) []float32 {
		part := flat[:n:n]
		flat = flat[n:]
		return part
	}
	in := c.Inputs
	for range c.Layers {
		w.layer = append(w.layer, layerWeights{in: take(in * 4 * c.Hidden), rec: take(c.Hidden * 4 * c.Hidden), bias: take(4 * c.Hidden)})
		in = c.Hidden
	}
	if c.Dense > 0 {
		w.dense = affine{from: c.Hidden, to: c.Dense, mat: take(c.Hidden * c.Dense), bias: take(c.Dense)}
	}
	k := len(c.Outputs)
	w.out = affine{from: c.features(), to: k, mat: take(c.features() * k), bias: take(k)}
	return w
}

// initialise draws matrices uniformly in the limits of X. Glorot and Y. Bengio (2010) and opens the forget gates.
func (w weights) initialise(r *rand.Rand, hidden int) {
	for _, l := range w.layer {
		glorot(r, l.in, len(l.in)/(4*hidden), hidden)
		glorot(r, l.rec, hidden, hidden)
		clear(l.bias)
		for j := hidden; j < 2*hidden; j++ {
			l.bias[j] = 1
		}
	}
	for _, a := range []affine{w.dense, w.out} {
		glorot(r, a.mat, a.from, a.to)
		clear(a.bias)
	}
}

func glorot(r *rand.Rand, m []float32, from, to int) {
	if len(m) == 0 {
		return
	}
	limit := math.Sqrt(6 / float64(from+to))
	for i := range m {
		m[i] = float32(limit * (2*r.Float64() - 1))
	}
}
