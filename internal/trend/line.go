package trend

import (
	"errors"
	"math"

	"github.com/sajari/regression"
	"gonum.org/v1/gonum/stat/distuv"
)

// line is a least-squares line with what its uncertainty follows from.
type line struct {
	intercept, slope float64
	r2               float64
	n                int
	meanX, sxx       float64 // mean of x and sum of its squared deviations
	s                float64 // standard deviation of the residuals
	t                float64 // two-sided 95 % quantile of Student's t with n-2 degrees of freedom
}

var errNoLine = errors.New("the points make no line")

// fit draws the line through at least three points.
func fit(x, y []float64) (line, error) {
	l := line{n: len(x)}
	if l.n < 3 {
		return l, errNoLine
	}
	var r regression.Regression
	for i := range x {
		r.Train(regression.DataPoint(y[i], []float64{x[i]}))
		l.meanX += x[i] / float64(l.n)
	}
	if err := r.Run(); err != nil {
		return l, err
	}
	l.intercept, l.slope, l.r2 = r.Coeff(0), r.Coeff(1), r.R2
	var residuals float64
	for i := range x {
		l.sxx += (x[i] - l.meanX) * (x[i] - l.meanX)
		d := y[i] - l.at(x[i])
		residuals += d * d
	}
	if !(l.sxx > 0) || math.IsNaN(l.slope) {
		return l, errNoLine
	}
	l.s = math.Sqrt(residuals / float64(l.n-2))
	l.t = distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(l.n - 2)}.Quantile(0.975)
	return l, nil
}

func (l line) at(x float64) float64 { return l.intercept + l.slope*x }

func (l line) slopeSpread() float64 { return l.t * l.s / math.Sqrt(l.sxx) }
func (l line) slopeLow() float64    { return l.slope - l.slopeSpread() }
func (l line) slopeHigh() float64   { return l.slope + l.slopeSpread() }

// crossing is where the falling line meets zero, with the 95 % interval by Fieller's theorem: the x at which
// the confidence band of the mean meets zero. late is infinite when the upper band never does.
func (l line) crossing() (at, early, late float64) {
	at = -l.intercept / l.slope
	// (a + b d)^2 = t^2 s^2 (1/n + d^2/sxx) with d = x - mean, solved for d.
	a := l.at(l.meanX)
	q := l.t * l.t * l.s * l.s
	A := l.slope*l.slope - q/l.sxx
	B := 2 * a * l.slope
	C := a*a - q/float64(l.n)
	root := B*B - 4*A*C
	if A <= 0 || root < 0 {
		return at, math.Inf(-1), math.Inf(1)
	}
	d1, d2 := (-B-math.Sqrt(root))/(2*A), (-B+math.Sqrt(root))/(2*A)
	return at, l.meanX + math.Min(d1, d2), l.meanX + math.Max(d1, d2)
}
