// Package claim decides what may be said of a classifier: nothing, that it ranks, or that it decides.
//
// A score that looks good may be less than no model at all gives: where most are faulty, calling everything
// faulty has a high F1. What counts is the lower end of an interval that draws whole units, against that.
package claim

import (
	"fmt"
	"math"

	"github.com/fleetms/obdctl/internal/predict/metric"
)

// Level is how much may be claimed.
type Level int

// The levels, each including those before it.
const (
	Nothing Level = iota // no usable signal
	Ranks                // says who is likelier, and must not say yes or no
	Decides              // its yes and no are better than always the same answer
)

// String names the level as a sentence's end.
func (l Level) String() string {
	switch l {
	case Ranks:
		return "ranks, but decides no better than always the same answer"
	case Decides:
		return "decides better than always the same answer"
	}
	return "has no usable signal"
}

// Finding is what a classifier was found to be worth.
type Finding struct {
	Level   Level
	AUC     float64
	AUCIn   metric.Interval // 95 %
	F1      float64         // at the limit that was given
	FPR     float64
	Trivial float64         // F1 of calling everything positive
	Gain    metric.Interval // 95 % of F1 less Trivial, on the same draws
	Units   int
	Why     string
}

// leastUnits is how many units with and without the label an interval needs to mean something.
const leastUnits = 10

// Judge measures scores of rows that were held out against their labels; group is the unit of each row (vehicle,
// trip), limit the score from which the answer is yes. It never claims more than the intervals' lower ends allow.
func Judge[G comparable](label []bool, score []float64, group []G, limit float64, seed uint64) Finding {
	f := Finding{AUC: math.NaN(), F1: math.NaN(), FPR: math.NaN(), Trivial: math.NaN()}
	if len(label) != len(score) || len(label) != len(group) {
		f.Why = fmt.Sprintf("%d labels, %d scores and %d units do not belong together", len(label), len(score), len(group))
		return f
	}
	with, without := map[G]bool{}, map[G]bool{}
	for i, yes := range label {
		if yes {
			with[group[i]] = true
		} else {
			without[group[i]] = true
		}
	}
	f.Units = len(with) + len(without)
	if len(with) < leastUnits || len(without) < leastUnits {
		f.Why = fmt.Sprintf("%d units with the label and %d without it, %d each are needed", len(with), len(without), leastUnits)
		return f
	}
	f.measure(label, score, limit)
	const rounds, level = 500, 0.95
	f.AUCIn = metric.Bootstrap(group, rounds, level, seed, metric.Of(metric.AUC, label, score))
	at := func(answer func(i int) bool) func(rows []int) float64 {
		return func(rows []int) float64 {
			var c metric.Confusion
			for _, r := range rows {
				c.Add(label[r], answer(r))
			}
			if f1 := c.F1(); f1 == f1 {
				return f1
			}
			return 0
		}
	}
	f.Gain = metric.Paired(group, rounds, level, seed, at(func(i int) bool { return score[i] >= limit }), at(func(int) bool { return true }))
	f.conclude()
	return f
}

func (f *Finding) measure(label []bool, score []float64, limit float64) {
	c := metric.Confuse(label, score, limit)
	f.AUC, f.F1, f.FPR = metric.AUC(label, score), c.F1(), c.FPR()
	all := metric.Confusion{TP: c.TP + c.FN, FP: c.FP + c.TN}
	f.Trivial = all.F1()
}

func (f *Finding) conclude() {
	switch {
	case !(f.AUCIn.Low > 0.5):
		f.Why = fmt.Sprintf("AUC %.2f may be chance: its interval begins at %.2f", f.AUC, f.AUCIn.Low)
	case !(f.Gain.Low > 0):
		f.Level = Ranks
		f.Why = fmt.Sprintf("F1 %.3f is not surely above the %.3f of calling everything positive (difference %.3f to %.3f)",
			f.F1, f.Trivial, f.Gain.Low, f.Gain.High)
	default:
		f.Level = Decides
		f.Why = fmt.Sprintf("F1 %.3f against %.3f of calling everything positive (difference %.3f to %.3f)", f.F1, f.Trivial, f.Gain.Low, f.Gain.High)
	}
}
