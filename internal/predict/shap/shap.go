// Package shap says how much each feature moved a prediction of trees: Shapley values of the path-dependent
// game, exact and in polynomial time (S. Lundberg et al., "From local explanations to global understanding with
// explainable AI for trees", Nature Machine Intelligence 2, 2020, algorithm 2).
//
// A feature that is not known sends a row down both branches in the share of the training rows that went
// there. The values and the base sum to the raw prediction: log odds for a logistic model.
package shap

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Explainer explains one ensemble. It is safe for concurrent use.
type Explainer struct {
	trees *tree.Ensemble
	base  float64
	room  int // path elements that a row needs
}

// New prepares an explainer. It refuses trees that do not say how many training rows came where.
func New(e *tree.Ensemble) (*Explainer, error) {
	x := &Explainer{trees: e, base: e.Base}
	for i := range e.Trees {
		t := &e.Trees[i]
		mean, err := expectation(t)
		if err != nil {
			return nil, fmt.Errorf("explain tree %d: %w", i, err)
		}
		x.base += e.Scale * mean
		depth := t.Depth() + 2
		x.room = max(x.room, depth*(depth+1)/2)
	}
	return x, nil
}

// expectation is a tree's mean answer by cover.
func expectation(t *tree.Tree) (float64, error) {
	mean := make([]float64, len(t.Nodes))
	for i := len(t.Nodes) - 1; i >= 0; i-- { // children stand behind their parent
		n := &t.Nodes[i]
		if n.Feature == tree.Leaf {
			mean[i] = n.Value
			continue
		}
		l, r := t.Nodes[n.Left].Cover, t.Nodes[n.Right].Cover
		if !(l+r > 0) {
			return 0, fmt.Errorf("no training row came through node %d", i)
		}
		mean[i] = (l*mean[n.Left] + r*mean[n.Right]) / (l + r)
	}
	return mean[0], nil
}

// Base is the prediction when nothing is known: the mean over the training rows.
func (x *Explainer) Base() float64 { return x.base }

// Values returns one value for each feature of row; with Base they sum to the raw prediction.
// It returns nil for a row of another length.
func (x *Explainer) Values(row []float64) []float64 {
	if len(row) != x.trees.Features {
		return nil
	}
	w := walker{row: row, phi: make([]float64, len(row))}
	path := make([]element, x.room)
	for i := range x.trees.Trees {
		w.tree = &x.trees.Trees[i]
		w.visit(0, path, 0, element{feature: -1, zero: 1, one: 1})
	}
	for f := range w.phi {
		w.phi[f] *= x.trees.Scale
	}
	return w.phi
}

// Cause is one feature's part in a prediction.
type Cause struct {
	Feature int
	Value   float64 // of the feature, NaN when it was missing
	Part    float64 // by which it moved the raw prediction
}

// Causes returns the n features that moved the prediction most, in either direction, the strongest first.
// Features without any part are left out.
func (x *Explainer) Causes(row []float64, n int) []Cause {
	var all []Cause
	for f, part := range x.Values(row) {
		if part != 0 {
			all = append(all, Cause{f, row[f], part})
		}
	}
	slices.SortStableFunc(all, func(a, b Cause) int { return cmp.Compare(math.Abs(b.Part), math.Abs(a.Part)) })
	return all[:min(n, len(all))]
}
