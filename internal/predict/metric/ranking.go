package metric

import (
	"cmp"
	"math"
	"slices"
)

// AUC is the area under the receiver operating characteristic: the chance that a positive row scores above a
// negative one, ties counting half. It is NaN without both classes or when a score is NaN.
func AUC(label []bool, score []float64) float64 {
	area, positives, negatives := 0.0, 0.0, 0.0
	ok := descend(label, score, func(_, tp, fp float64) {
		area += fp * (positives + tp/2)
		positives += tp
		negatives += fp
	})
	if !ok || positives == 0 || negatives == 0 {
		return math.NaN()
	}
	return area / (positives * negatives)
}

// PRAUC is the area under precision over recall as average precision: the mean of precision at each positive,
// without interpolation, which would flatter. It is NaN without positives or when a score is NaN.
func PRAUC(label []bool, score []float64) float64 {
	sum, positives, negatives := 0.0, 0.0, 0.0
	ok := descend(label, score, func(_, tp, fp float64) {
		positives += tp
		negatives += fp
		sum += tp * positives / (positives + negatives)
	})
	if !ok || positives == 0 {
		return math.NaN()
	}
	return sum / positives
}

// BestF1 returns the limit with the highest F1 when score >= limit means positive, and that F1. A limit must
// be chosen on other rows than it is measured on. Without positives both are NaN.
func BestF1(label []bool, score []float64) (limit, f1 float64) {
	all := 0.0
	for _, is := range label {
		if is {
			all++
		}
	}
	limit, f1 = math.NaN(), math.NaN()
	tp, fp, best := 0.0, 0.0, -1.0
	if all == 0 {
		return limit, f1
	}
	descend(label, score, func(at, hits, misses float64) {
		tp += hits
		fp += misses
		if f := 2 * tp / (tp + fp + all); f > best {
			limit, f1, best = at, f, f
		}
	})
	return limit, f1
}

// descend visits the distinct scores from the highest on, with the positives and negatives that have it.
// It visits nothing and returns false when a score is NaN.
func descend(label []bool, score []float64, visit func(score, positives, negatives float64)) bool {
	order := make([]int, len(label))
	for i := range order {
		order[i] = i
		if math.IsNaN(score[i]) {
			return false
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(score[b], score[a]) })
	for i := 0; i < len(order); {
		at, tp, fp := score[order[i]], 0.0, 0.0
		for ; i < len(order) && score[order[i]] == at; i++ {
			if label[order[i]] {
				tp++
			} else {
				fp++
			}
		}
		visit(at, tp, fp)
	}
	return true
}
