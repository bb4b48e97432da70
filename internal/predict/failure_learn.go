package predict

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/shap"
	"github.com/fleetms/obdctl/internal/predict/split"
	"github.com/fleetms/obdctl/internal/store"
)

// failureTrees are trees with what their scores were worth in vehicles that they had not seen.
type failureTrees struct {
	Version int             `json:"version"`
	Trees   json.RawMessage `json:"trees"`
	worth

	trees *gbdt.Model
}

func hashText(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

func (f *failureStudy) Train(ctx context.Context, units []int, seed uint64) ([]byte, error) {
	set, groups := f.set(units)
	if err := f.enough(units); err != nil {
		return nil, err
	}
	o := gbdt.Default()
	o.Loss, o.MaxDepth, o.Rounds, o.LearningRate, o.MinWeight, o.Seed, o.Names = gbdt.Logistic, 3, 120, 0.05, 5, seed, rowNames()
	labels := make([]bool, len(set.Y))
	for i, y := range set.Y {
		labels[i] = y == 1
	}
	folds, err := split.Stratified(groups, labels, 5, seed)
	if err != nil {
		return nil, err
	}
	scores := make([]float64, len(set.Y))
	for _, fold := range folds {
		m, err := gbdt.Fit(ctx, gbdt.Set{X: split.Take(set.X, fold.Train), Y: split.Take(set.Y, fold.Train)}, gbdt.Set{}, o)
		if err != nil {
			return nil, err
		}
		for _, i := range fold.Test {
			scores[i] = m.Predict(set.X[i])
		}
	}
	value, err := worthOf(scores, labels, groups, seed)
	if err != nil {
		return nil, err
	}
	whole, err := gbdt.Fit(ctx, set, gbdt.Set{}, o)
	if err != nil {
		return nil, err
	}
	var trees bytes.Buffer
	if err := whole.Save(&trees); err != nil {
		return nil, err
	}
	out := failureTrees{Version: 1, Trees: bytes.TrimSpace(trees.Bytes()), worth: value}
	return json.Marshal(out)
}

func loadFailures(weights []byte) (*failureTrees, error) {
	var f failureTrees
	if len(weights) > store.MaxWeights || json.Unmarshal(weights, &f) != nil || f.Version != 1 {
		return nil, errs.New(errs.BadInput, "it is no saved model of failures of version 1")
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	m, err := gbdt.Load(bytes.NewReader(f.Trees))
	if err != nil {
		return nil, err
	}
	if m.Loss() != gbdt.Logistic || !slices.Equal(m.Names(), rowNames()) {
		return nil, errs.New(errs.BadInput, "it was trained on other features than this program has")
	}
	f.trees = m
	return &f, nil
}

// mostReasons is how many signals a claim names.
const mostReasons = 4

// reasons are the features that moved the score most, by Shapley values of the trees.
func (f *failureTrees) reasons(row []float64) []fleet.Reason {
	x, err := shap.New(f.trees.Trees())
	if err != nil {
		return nil // trees from elsewhere need not say how many rows came where
	}
	var all []fleet.Reason
	for _, c := range x.Causes(row, mostReasons) {
		name := rowNames()[c.Feature]
		signal, _, _ := strings.Cut(name, " ")
		text := name + " not heard"
		if finite(row[c.Feature]) {
			text = fmt.Sprintf("%s %.4g", name, row[c.Feature])
		}
		all = append(all, fleet.Reason{Signal: signal, Contribution: c.Part, Text: text})
	}
	return all
}

// Measure says how well failures are told from healthy drives in vehicles that were never learned from.
func (f *failureStudy) Measure(_ context.Context, weights []byte, units []int) ([]fleet.Metric, error) {
	set, groups := f.set(units)
	on := fmt.Sprintf("%d drives of %d frozen vehicles", len(set.Y), len(units))
	if weights == nil { // what speaks without a model tells no drive from another
		return chance(on), nil
	}
	trees, err := loadFailures(weights)
	if err != nil {
		return nil, err
	}
	scores, labels := make([]float64, len(set.Y)), make([]bool, len(set.Y))
	for i, x := range set.X {
		scores[i], labels[i] = trees.trees.Predict(x), set.Y[i] == 1
	}
	return trees.measure(scores, labels, groups, on)
}
