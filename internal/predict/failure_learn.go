package predict

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/claim"
	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/metric"
	"github.com/fleetms/obdctl/internal/predict/shap"
	"github.com/fleetms/obdctl/internal/predict/split"
	"github.com/fleetms/obdctl/internal/store"
)

// failureTrees are trees with what their scores were worth in vehicles that they had not seen.
type failureTrees struct {
	Version int             `json:"version"`
	Trees   json.RawMessage `json:"trees"`
	Steps   []scoreStep     `json:"steps"` // by score, ascending
	Limit   float64         `json:"limit"` // above it a drive is flagged: 2 % of the healthy ones were

	trees *gbdt.Model
}

// scoreStep is what followed drives whose score was in a range, none of whose vehicles the trees had seen.
type scoreStep struct {
	Upto   float64 `json:"upto"`
	Drives int     `json:"drives"`
	Failed int     `json:"failed"`
}

func hashText(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// scoreSteps is how finely scores are told apart: each step has drives enough to count what followed.
const scoreSteps = 5

func (f *failureStudy) Train(ctx context.Context, units []int, seed uint64) ([]byte, error) {
	set, groups := f.set(units)
	failed := 0
	for _, u := range units {
		if slices.ContainsFunc(f.drives[u], func(d labelled) bool { return d.fails }) {
			failed++
		}
	}
	if failed < enoughFailures {
		return nil, errs.New(errs.BadInput, "%s: %d vehicles with drives before a failure, %d are needed", fleet.MarkUntrained, failed, enoughFailures).
			WithHint("mechanics enter failures with 'obdctl outcome add'; there is no other source of them")
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
	limit := limitOf(scores, labels)
	if f := claim.Judge(labels, scores, groups, limit, seed); f.Level == claim.Nothing {
		return nil, errs.New(errs.BadInput, "learn failures: what the drives tell %s: %s", f.Level, f.Why).
			WithHint("nothing is foretold until more vehicles with labelled failures show a difference")
	}
	whole, err := gbdt.Fit(ctx, set, gbdt.Set{}, o)
	if err != nil {
		return nil, err
	}
	var trees bytes.Buffer
	if err := whole.Save(&trees); err != nil {
		return nil, err
	}
	out := failureTrees{Version: 1, Trees: bytes.TrimSpace(trees.Bytes()), Steps: stepsOf(scores, labels), Limit: limit}
	return json.Marshal(out)
}

// stepsOf counts what followed by score. Steps of equal size, merged where a higher score was followed by less: a
// probability never falls with the score (isotonic, by pooling adjacent violators).
func stepsOf(scores []float64, labels []bool) []scoreStep {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] < scores[b]:
			return -1
		case scores[a] > scores[b]:
			return 1
		}
		return 0
	})
	var steps []scoreStep
	for k := range scoreSteps {
		s := scoreStep{}
		for _, i := range order[k*len(order)/scoreSteps : (k+1)*len(order)/scoreSteps] {
			s.Upto = scores[i]
			if s.Drives++; labels[i] {
				s.Failed++
			}
		}
		if s.Drives > 0 {
			steps = append(steps, s)
		}
		for n := len(steps); n > 1 && steps[n-1].Failed*steps[n-2].Drives <= steps[n-2].Failed*steps[n-1].Drives; n = len(steps) {
			a, b := steps[n-2], steps[n-1]
			steps = append(steps[:n-2], scoreStep{b.Upto, a.Drives + b.Drives, a.Failed + b.Failed})
		}
	}
	return steps
}

// limitOf is the score that 2 % of the healthy drives were above.
func limitOf(scores []float64, labels []bool) float64 {
	var healthy []float64
	for i, s := range scores {
		if !labels[i] {
			healthy = append(healthy, s)
		}
	}
	if len(healthy) == 0 {
		return 1
	}
	slices.Sort(healthy)
	return healthy[min(len(healthy)-1, int(math.Ceil(0.98*float64(len(healthy)))))]
}

func loadFailures(weights []byte) (*failureTrees, error) {
	var f failureTrees
	if len(weights) > store.MaxWeights || json.Unmarshal(weights, &f) != nil || f.Version != 1 {
		return nil, errs.New(errs.BadInput, "it is no saved model of failures of version 1")
	}
	if len(f.Steps) == 0 || len(f.Steps) > scoreSteps || !finite(f.Limit) {
		return nil, errs.New(errs.BadInput, "its scores are impossible")
	}
	for _, s := range f.Steps {
		if !finite(s.Upto) || s.Drives <= 0 || s.Failed < 0 || s.Failed > s.Drives {
			return nil, errs.New(errs.BadInput, "its scores are impossible")
		}
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

func (f *failureTrees) step(score float64) scoreStep {
	for _, s := range f.Steps {
		if score <= s.Upto {
			return s
		}
	}
	return f.Steps[len(f.Steps)-1]
}

// say fills a prediction by a drive.
func (f *failureTrees) say(p *fleet.Prediction, d summary) {
	s := f.step(f.trees.Predict(d.Row))
	value := float64(s.Failed) / float64(s.Drives)
	low, high := wilson(s.Failed, s.Drives)
	p.Value, p.Interval = &value, &fleet.Interval{Low: low, High: high, Level: 0.9}
	p.Claim = fmt.Sprintf("The engine fails within %.0f days with a probability of about %.0f %% (%.0f to %.0f %%): of %d drives like its last one, a failure followed %d.",
		p.Horizon.Value, 100*value, 100*low, 100*high, s.Drives, s.Failed)
	switch {
	case value >= 0.5:
		p.Urgency = fleet.UrgencyNow
	case value >= 0.2:
		p.Urgency = fleet.UrgencySoon
	case value >= 0.05:
		p.Urgency = fleet.UrgencyWatch
	default:
		p.Urgency = fleet.UrgencyNone
	}
	p.Reasons = f.reasons(d.Row)
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

// wilson is the 90 % interval of a share (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927).
func wilson(hits, n int) (low, high float64) {
	const z = 1.6449
	k, share := float64(n), float64(hits)/float64(n)
	mid := (share + z*z/(2*k)) / (1 + z*z/k)
	half := z / (1 + z*z/k) * math.Sqrt(share*(1-share)/k+z*z/(4*k*k))
	return max(0, min(mid-half, share)), min(1, max(mid+half, share))
}

// Measure says how well failures are told from healthy drives in vehicles that were never learned from.
func (f *failureStudy) Measure(_ context.Context, weights []byte, units []int) ([]fleet.Metric, error) {
	set, groups := f.set(units)
	on := fmt.Sprintf("%d drives of %d frozen vehicles", len(set.Y), len(units))
	if weights == nil { // what speaks without a model tells no drive from another
		return []fleet.Metric{{Name: "AUC, by drive", Value: 0.5, Unit: "1", On: on, Better: "higher"}}, nil
	}
	trees, err := loadFailures(weights)
	if err != nil {
		return nil, err
	}
	scores, labels := make([]float64, len(set.Y)), make([]bool, len(set.Y))
	for i, x := range set.X {
		scores[i], labels[i] = trees.trees.Predict(x), set.Y[i] == 1
	}
	c := metric.Confuse(labels, scores, trees.Limit)
	auc := metric.AUC(labels, scores)
	if math.IsNaN(auc) {
		return nil, errs.New(errs.BadInput, "no failure, or no healthy drive, among %d frozen vehicles", len(units)).WithHint("more labelled failures are needed")
	}
	i := metric.Bootstrap(groups, 500, 0.95, 1, metric.Of(metric.AUC, labels, scores))
	out := []fleet.Metric{{Name: "AUC, by drive", Value: auc, Unit: "1", On: on, Better: "higher"}, {Name: "healthy drives flagged", Value: c.FPR(), Unit: "1", On: on, Better: "lower"},
		{Name: "drives before a failure found", Value: c.Recall(), Unit: "1", On: on, Better: "higher"}}
	if finite(i.Low) {
		out[0].Low, out[0].High = &i.Low, &i.High
	}
	if healthy := c.FP + c.TN; healthy > 0 {
		low, high := wilson(c.FP, healthy)
		out[1].Low, out[1].High = &low, &high
	}
	return slices.DeleteFunc(out, func(m fleet.Metric) bool { return !finite(m.Value) }), nil
}
