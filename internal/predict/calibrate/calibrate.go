// Package calibrate turns scores into probabilities that happen as often as they say, and measures how far
// they do: Platt's sigmoid, isotonic regression, reliability table, Brier score and expected calibration error.
//
// Calibration is fitted on rows (best of other units) that the scoring model was not trained on.
package calibrate

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Platt is a sigmoid over scores: p = 1 / (1 + exp(-(Slope*score + Offset))).
type Platt struct {
	Slope  float64 `json:"slope"`
	Offset float64 `json:"offset"`
}

// Probability returns the calibrated probability of a score.
func (p Platt) Probability(score float64) float64 { return tree.Sigmoid(p.Slope*score + p.Offset) }

// FitPlatt fits by Newton steps with J. Platt's targets ("Probabilistic Outputs for Support Vector Machines",
// 1999), which keep the probabilities off 0 and 1 where there are few rows, and with the line search of
// H.-T. Lin, C.-J. Lin, R. Weng ("A note on Platt's probabilistic outputs", 2007). It wants both classes.
func FitPlatt(label []bool, score []float64) (Platt, error) {
	positives, err := check(label, score)
	if err != nil {
		return Platt{}, err
	}
	negatives := float64(len(label)) - positives
	if positives == 0 || negatives == 0 {
		return Platt{}, errs.New(errs.BadInput, "calibrate: %g positive and %g negative rows", positives, negatives).
			WithHint("calibration needs rows of both kinds")
	}
	center, scale := spread(score)
	target := func(is bool) float64 {
		if is {
			return (positives + 1) / (positives + 2)
		}
		return 1 / (negatives + 2)
	}
	p := Platt{0, math.Log((positives + 1) / (negatives + 1))}
	loss := func(p Platt) (sum float64) {
		for i, s := range score {
			z := p.Slope*(s-center)/scale + p.Offset
			sum += max(z, 0) - target(label[i])*z + math.Log1p(math.Exp(-math.Abs(z)))
		}
		return sum
	}
	for now := loss(p); ; {
		var ga, gb, haa, hab, hbb float64
		for i, s := range score {
			x := (s - center) / scale
			q := tree.Sigmoid(p.Slope*x + p.Offset)
			d, h := q-target(label[i]), q*(1-q)
			ga, gb = ga+d*x, gb+d
			haa, hab, hbb = haa+h*x*x, hab+h*x, hbb+h
		}
		haa, hbb = haa+1e-12, hbb+1e-12
		det := haa*hbb - hab*hab
		da, db := -(hbb*ga-hab*gb)/det, -(haa*gb-hab*ga)/det
		step, next, better := 1.0, p, false
		for ; step > 1e-10 && !better; step /= 2 {
			next = Platt{p.Slope + step*da, p.Offset + step*db}
			if after := loss(next); after < now-1e-12*math.Abs(now) {
				now, better = after, true
			}
		}
		if !better {
			break
		}
		p = next
	}
	return Platt{p.Slope / scale, p.Offset - p.Slope*center/scale}, nil
}

// spread returns mean and deviation, so that Newton's steps see numbers near 1; a deviation of 0 becomes 1.
func spread(score []float64) (mean, deviation float64) {
	for _, s := range score {
		mean += s / float64(len(score))
	}
	for _, s := range score {
		deviation += (s - mean) * (s - mean) / float64(len(score))
	}
	if deviation = math.Sqrt(deviation); deviation == 0 {
		deviation = 1
	}
	return mean, deviation
}

// check counts the positives.
func check(label []bool, score []float64) (positives float64, err error) {
	if len(label) != len(score) || len(label) == 0 {
		return 0, errs.New(errs.BadInput, "calibrate: %d labels for %d scores", len(label), len(score))
	}
	for i, s := range score {
		if math.IsNaN(s) || math.IsInf(s, 0) {
			return 0, errs.New(errs.BadInput, "calibrate: %w", fmt.Errorf("score %d is no finite number", i))
		}
		if label[i] {
			positives++
		}
	}
	return positives, nil
}
