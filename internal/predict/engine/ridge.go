package engine

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// gram is what a least-squares fit needs of some rows: the sums of x x', x y and the count. Grams of trips
// add up, and so a model without one trip is the whole less that trip's gram: leaving each trip out in turn
// costs one solution each.
type gram struct {
	n  float64
	xx []float64 // p*p, row by row
	xy []float64
}

func newGram(p int) *gram { return &gram{xx: make([]float64, p*p), xy: make([]float64, p)} }

// add takes one row of weight w.
func (g *gram) add(x []float64, y, w float64) {
	p := len(x)
	g.n += w
	for i, a := range x {
		g.xy[i] += w * a * y
		row := g.xx[i*p : (i+1)*p]
		for j := i; j < p; j++ {
			row[j] += w * a * x[j]
		}
	}
}

// plus adds another gram times sign.
func (g *gram) plus(o *gram, sign float64) {
	g.n += sign * o.n
	for i := range o.xx {
		g.xx[i] += sign * o.xx[i]
	}
	for i := range o.xy {
		g.xy[i] += sign * o.xy[i]
	}
}

// solve returns the ridge coefficients; the first feature is the constant and is not shrunk.
func (g *gram) solve(ridge float64) ([]float64, bool) {
	p := len(g.xy)
	a := mat.NewSymDense(p, nil)
	for i := range p {
		for j := i; j < p; j++ {
			v := g.xx[i*p+j]
			if i == j && i > 0 {
				v += ridge * g.n
			}
			a.SetSym(i, j, v)
		}
	}
	a.SetSym(0, 0, a.At(0, 0)+1e-9)
	var chol mat.Cholesky
	if !chol.Factorize(a) {
		return nil, false
	}
	var b mat.VecDense
	if err := chol.SolveVecTo(&b, mat.NewVecDense(p, g.xy)); err != nil {
		return nil, false
	}
	for _, v := range b.RawVector().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, false
		}
	}
	return b.RawVector().Data, true
}

// quadratic is a model of y by inputs, their squares and products, each input first centred and scaled.
type quadratic struct {
	Mean, Scale []float64
	Low, High   []float64 // what of each input was seen while learning
	Coef        []float64
}

// terms is how many coefficients k inputs have.
func terms(k int) int { return 1 + k + k*(k+1)/2 }

// expand writes the terms of x into out, which must hold terms(len(x)).
func (q *quadratic) expand(x, out []float64) {
	k := len(x)
	out[0] = 1
	z := out[1 : 1+k]
	for i := range x {
		z[i] = (x[i] - q.Mean[i]) / q.Scale[i]
	}
	n := 1 + k
	for i := range k {
		for j := i; j < k; j++ {
			out[n] = z[i] * z[j]
			n++
		}
	}
}

// predict returns the expected value, by the coefficients given; out is room for the terms.
func (q *quadratic) predict(x, coef, out []float64) float64 {
	q.expand(x, out)
	var y float64
	for i, c := range coef {
		y += c * out[i]
	}
	return y
}

// knows tells whether every input lies in what was learned from, widened by a tenth on both sides: beyond
// it a quadratic says anything.
func (q *quadratic) knows(x []float64) bool {
	for i, v := range x {
		slack := 0.1 * (q.High[i] - q.Low[i])
		if v < q.Low[i]-slack || v > q.High[i]+slack {
			return false
		}
	}
	return true
}
