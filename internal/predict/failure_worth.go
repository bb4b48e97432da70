package predict

import (
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/claim"
	"github.com/fleetms/obdctl/internal/predict/metric"
)

// worth is what the scores of a model of failures were worth in vehicles that it had not seen.
type worth struct {
	Steps []scoreStep `json:"steps"` // by score, ascending
	Limit float64     `json:"limit"` // above it a drive is flagged: 2 % of the healthy ones were
}

// scoreStep is what followed drives whose score was in a range, none of whose vehicles the trees had seen.
type scoreStep struct {
	Upto   float64 `json:"upto"`
	Drives int     `json:"drives"`
	Failed int     `json:"failed"`
}

// scoreSteps is how finely scores are told apart: each step has drives enough to count what followed.
const scoreSteps = 5

// worthOf measures scores of unseen vehicles; it refuses where they tell nothing.
func worthOf(scores []float64, labels []bool, vehicles []int, seed uint64) (worth, error) {
	w := worth{Steps: stepsOf(scores, labels), Limit: limitOf(scores, labels)}
	if f := claim.Judge(labels, scores, vehicles, w.Limit, seed); f.Level == claim.Nothing {
		return w, errs.New(errs.BadInput, "learn failures: what the drives tell %s: %s", f.Level, f.Why).
			WithHint("nothing is foretold until more vehicles with labelled failures show a difference")
	}
	return w, nil
}

// enough refuses to learn from too few failures.
func (f *failureStudy) enough(units []int) error {
	failed := 0
	for _, u := range units {
		if slices.ContainsFunc(f.drives[u], func(d labelled) bool { return d.fails }) {
			failed++
		}
	}
	if failed < enoughFailures {
		return errs.New(errs.BadInput, "%s: %d vehicles with drives before a failure, %d are needed", fleet.MarkUntrained, failed, enoughFailures).
			WithHint("mechanics enter failures with 'obdctl outcome add'; there is no other source of them")
	}
	return nil
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

// check refuses what no training can have written.
func (w worth) check() error {
	if len(w.Steps) == 0 || len(w.Steps) > scoreSteps || !finite(w.Limit) {
		return errs.New(errs.BadInput, "its scores are impossible")
	}
	for _, s := range w.Steps {
		if !finite(s.Upto) || s.Drives <= 0 || s.Failed < 0 || s.Failed > s.Drives {
			return errs.New(errs.BadInput, "its scores are impossible")
		}
	}
	return nil
}

func (w worth) step(score float64) scoreStep {
	for _, s := range w.Steps {
		if score <= s.Upto {
			return s
		}
	}
	return w.Steps[len(w.Steps)-1]
}

// say fills a prediction by the score of the last drive.
func (w worth) say(p *fleet.Prediction, score float64) {
	s := w.step(score)
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
}

// wilson is the 90 % interval of a share (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927).
func wilson(hits, n int) (low, high float64) {
	const z = 1.6449
	k, share := float64(n), float64(hits)/float64(n)
	mid := (share + z*z/(2*k)) / (1 + z*z/k)
	half := z / (1 + z*z/k) * math.Sqrt(share*(1-share)/k+z*z/(4*k*k))
	return max(0, min(mid-half, share)), min(1, max(mid+half, share))
}

// byDrive is the metric by which models of failures are compared.
const byDrive = "AUC, by drive"

// chance is what speaks without a model: it tells no drive from another.
func chance(on string) []fleet.Metric {
	return []fleet.Metric{{Name: byDrive, Value: 0.5, Unit: "1", On: on, Better: "higher"}}
}

// measure says how well scores tell drives before a failure from healthy ones.
func (w worth) measure(scores []float64, labels []bool, groups []int, on string) ([]fleet.Metric, error) {
	c := metric.Confuse(labels, scores, w.Limit)
	auc := metric.AUC(labels, scores)
	if math.IsNaN(auc) {
		return nil, errs.New(errs.BadInput, "no failure, or no healthy drive, among %s", on).WithHint("more labelled failures are needed")
	}
	i := metric.Bootstrap(groups, 500, 0.95, 1, metric.Of(metric.AUC, labels, scores))
	out := []fleet.Metric{{Name: byDrive, Value: auc, Unit: "1", On: on, Better: "higher"}, {Name: "healthy drives flagged", Value: c.FPR(), Unit: "1", On: on, Better: "lower"},
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
