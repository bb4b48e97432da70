package pls_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/pls"
)

func rows(r *rand.Rand, n, width int) [][]float64 {
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, width)
		for j := range out[i] {
			out[i][j] = r.NormFloat64()
		}
	}
	return out
}

func TestAllComponentsAreLeastSquares(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	x := rows(r, 40, 4)
	truth := []float64{2, -1, 0, 0.5}
	y := make([]float64, len(x))
	for i := range x {
		y[i] = 7
		for j, b := range truth {
			y[i] += b * x[i][j]
		}
	}
	m, err := pls.Fit(x, y, 4)
	if err != nil {
		t.Fatal(err)
	}
	for j, b := range truth {
		if math.Abs(m.Weights[j]-b) > 1e-9 {
			t.Errorf("weight %d is %g, want %g", j, m.Weights[j], b)
		}
	}
	if math.Abs(m.Intercept-7) > 1e-9 || math.Abs(m.Predict(x[3])-y[3]) > 1e-9 {
		t.Errorf("%+v", m)
	}
}

// One component worked out by hand: X = (-1,-1) (0,1) (1,0) and y = -1 0 1 give X'y = (2,1), w = (2,1)/sqrt 5,
// t = (-3,1,2)/sqrt 5, q = 25/14/sqrt 5 and weights q w = (5/7, 5/14).
func TestOneComponentByHand(t *testing.T) {
	m, err := pls.Fit([][]float64{{-1, -1}, {0, 1}, {1, 0}}, []float64{-1, 0, 1}, 1)
	if err != nil || math.Abs(m.Weights[0]-5.0/7) > 1e-12 || math.Abs(m.Weights[1]-5.0/14) > 1e-12 || m.Intercept != 0 {
		t.Errorf("%+v %v", m, err)
	}
}

func TestMoreFeaturesThanRows(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	hidden, x, y := rows(r, 60, 2), make([][]float64, 60), make([]float64, 60)
	mix := rows(r, 2, 200)
	for i := range x {
		x[i] = make([]float64, 200)
		for j := range x[i] {
			x[i][j] = hidden[i][0]*mix[0][j] + hidden[i][1]*mix[1][j] + 0.1*r.NormFloat64()
		}
		y[i] = hidden[i][0] - 2*hidden[i][1]
	}
	m, err := pls.Fit(x[:30], y[:30], 2)
	if err != nil {
		t.Fatal(err)
	}
	for i := 30; i < 60; i++ {
		if d := math.Abs(m.Predict(x[i]) - y[i]); d > 0.2 {
			t.Errorf("row %d is off by %g", i, d)
		}
	}
}

func TestNothingToLearnIsTheMean(t *testing.T) {
	m, err := pls.Fit([][]float64{{1, 2}, {1, 2}, {1, 2}}, []float64{1, 2, 3}, 2)
	if err != nil || m.Components != 0 || m.Predict([]float64{5, 5}) != 2 {
		t.Errorf("%+v %v", m, err)
	}
}

func TestBadRowsAreRefused(t *testing.T) {
	for name, x := range map[string][][]float64{
		"too few":   {{1}, {2}},
		"ragged":    {{1, 2}, {1}, {2, 3}},
		"no number": {{1}, {math.NaN()}, {2}},
		"empty":     {{}, {}, {}},
	} {
		if _, err := pls.Fit(x, make([]float64, len(x)), 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if !math.IsNaN((pls.Model{Weights: []float64{1}}).Predict([]float64{1, 2})) {
		t.Error("a row of another length has a value")
	}
}
