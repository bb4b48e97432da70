// Package pls is partial least squares regression of one target: a line through few directions of the features
// that vary with the target, for rows that have more features than there are rows.
//
// It is NIPALS (H. Wold, 1966; S. Wold, M. Sjostrom, L. Eriksson, "PLS-regression: a basic tool of chemometrics",
// Chemom. Intell. Lab. Syst. 58, 2001) for one target, where it needs no iteration. Features are centred, and not
// scaled: who gives features of different units scales them before.
package pls

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/fleetms/obdctl/internal/errs"
)

// Model predicts a target as Intercept plus the product of Weights and features.
type Model struct {
	Components int       `json:"components"`
	Intercept  float64   `json:"intercept"`
	Weights    []float64 `json:"weights"`
}

// Fit learns from rows of features and their targets. It takes fewer components where the rows hold no more
// than those. Rows must be finite and of one length.
func Fit(rows [][]float64, target []float64, components int) (Model, error) {
	if len(rows) < 3 || len(rows) != len(target) || components < 1 || !even(rows, target) {
		return Model{}, errs.New(errs.BadInput, "fit pls: %d rows and %d targets with %d components", len(rows), len(target), components).
			WithHint("give at least 3 rows of finite numbers, all of one length")
	}
	n, width := len(rows), len(rows[0])
	x := mat.NewDense(n, width, nil)
	for i, r := range rows {
		x.SetRow(i, r)
	}
	mean := make([]float64, width)
	column := make([]float64, n)
	for j := range width {
		mat.Col(column, j, x)
		mean[j] = floats.Sum(column) / float64(n)
		floats.AddConst(-mean[j], column)
		x.SetCol(j, column)
	}
	my := floats.Sum(target) / float64(n)
	y := mat.NewVecDense(n, nil)
	for i, v := range target {
		y.SetVec(i, v-my)
	}
	m := Model{Intercept: my, Weights: make([]float64, width)}
	m.directions(x, y, min(components, n-1, width))
	m.Intercept -= floats.Dot(mean, m.Weights)
	return m, nil
}

// directions takes one component after the other out of x and y and adds its share to the weights. The
// rotation R of the weights on undeflated features follows r_a = w_a - sum of (p_b . w_a) r_b.
func (m *Model) directions(x *mat.Dense, y *mat.VecDense, components int) {
	n, width := x.Dims()
	var loadings, rotations []*mat.VecDense
	w, t := mat.NewVecDense(width, nil), mat.NewVecDense(n, nil)
	first := mat.Norm(x, 2)
	for range components {
		w.MulVec(x.T(), y)
		length := mat.Norm(w, 2)
		if length <= 1e-12*first*math.Max(mat.Norm(y, 2), 1e-300) {
			return
		}
		w.ScaleVec(1/length, w)
		t.MulVec(x, w)
		tt := mat.Dot(t, t)
		if tt <= 1e-24*first*first {
			return
		}
		p, r := mat.NewVecDense(width, nil), mat.VecDenseCopyOf(w)
		p.MulVec(x.T(), t)
		p.ScaleVec(1/tt, p)
		for b := range loadings {
			r.AddScaledVec(r, -mat.Dot(loadings[b], w), rotations[b])
		}
		q := mat.Dot(y, t) / tt
		x.RankOne(x, -1, t, p)
		y.AddScaledVec(y, -q, t)
		floats.AddScaled(m.Weights, q, r.RawVector().Data)
		loadings, rotations = append(loadings, p), append(rotations, r)
		m.Components++
	}
}

// Predict is the target of one row; NaN where its length is not that of the rows that were learned from.
func (m Model) Predict(row []float64) float64 {
	if len(row) != len(m.Weights) {
		return math.NaN()
	}
	return m.Intercept + floats.Dot(row, m.Weights)
}

// Sound tells that a model that was read can predict rows of this length.
func (m Model) Sound(width int) bool {
	if len(m.Weights) != width || !finite(m.Intercept) || m.Components < 0 || m.Components > width {
		return false
	}
	for _, w := range m.Weights {
		if !finite(w) {
			return false
		}
	}
	return true
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

func even(rows [][]float64, target []float64) bool {
	for i, r := range rows {
		if len(r) == 0 || len(r) != len(rows[0]) || !finite(target[i]) {
			return false
		}
		for _, v := range r {
			if !finite(v) {
				return false
			}
		}
	}
	return true
}
