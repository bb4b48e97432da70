package metric

import "math"

// Confusion counts answers against labels.
type Confusion struct {
	TP int `json:"tp"`
	FP int `json:"fp"`
	FN int `json:"fn"`
	TN int `json:"tn"`
}

// Confuse counts with score >= limit as the answer yes; a NaN score is a no.
func Confuse(label []bool, score []float64, limit float64) Confusion {
	var c Confusion
	for i, is := range label {
		c.Add(is, score[i] >= limit)
	}
	return c
}

// Add counts one answer.
func (c *Confusion) Add(label, answer bool) {
	switch {
	case label && answer:
		c.TP++
	case answer:
		c.FP++
	case label:
		c.FN++
	default:
		c.TN++
	}
}

// Precision is the share of yes answers that are right; NaN when none was given.
func (c Confusion) Precision() float64 { return share(c.TP, c.TP+c.FP) }

// Recall is the share of positives that were found; NaN when there are none.
func (c Confusion) Recall() float64 { return share(c.TP, c.TP+c.FN) }

// FPR is the false positive rate, the share of negatives with a yes answer; NaN when there are none.
func (c Confusion) FPR() float64 { return share(c.FP, c.FP+c.TN) }

// F1 is the harmonic mean of precision and recall; NaN without positives and yes answers.
func (c Confusion) F1() float64 { return share(2*c.TP, 2*c.TP+c.FP+c.FN) }

// Accuracy is the share of right answers; it says little where one class is rare.
func (c Confusion) Accuracy() float64 { return share(c.TP+c.TN, c.TP+c.TN+c.FP+c.FN) }

func share(part, whole int) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return float64(part) / float64(whole)
}
