// Package metric measures predictions: errors of numbers, quality of rankings and of yes-or-no answers,
// each with a bootstrap interval that draws whole units.
//
// Slices of one call have the same length; they panic otherwise, as an index out of range does. What cannot
// be measured (no rows, only one class) is NaN and never a number.
package metric

import "math"

// RMSE is the root of the mean squared error, in the unit of y.
func RMSE(y, predicted []float64) float64 {
	sum := 0.0
	for i, v := range predicted[:len(y)] {
		sum += (v - y[i]) * (v - y[i])
	}
	return math.Sqrt(sum / float64(len(y)))
}

// MAE is the mean absolute error, in the unit of y.
func MAE(y, predicted []float64) float64 {
	sum := 0.0
	for i, v := range predicted[:len(y)] {
		sum += math.Abs(v - y[i])
	}
	return sum / float64(len(y))
}

// R2 is the share of y's variance that is explained; below 0 the mean would have been better.
func R2(y, predicted []float64) float64 {
	mean := 0.0
	for _, v := range y {
		mean += v / float64(len(y))
	}
	var left, all float64
	for i, v := range predicted[:len(y)] {
		left += (v - y[i]) * (v - y[i])
		all += (mean - y[i]) * (mean - y[i])
	}
	if all == 0 {
		return math.NaN()
	}
	return 1 - left/all
}

// Pinball is the mean loss of a predicted quantile (R. Koenker, G. Bassett, "Regression Quantiles", 1978).
func Pinball(y, predicted []float64, quantile float64) float64 {
	sum := 0.0
	for i, v := range predicted[:len(y)] {
		d := y[i] - v
		sum += math.Max(quantile*d, (quantile-1)*d)
	}
	return sum / float64(len(y))
}

// Coverage is the share of y between low and high, ends included.
func Coverage(y, low, high []float64) float64 {
	n := 0
	for i, v := range y {
		if low[i] <= v && v <= high[i] {
			n++
		}
	}
	return float64(n) / float64(len(y))
}

// LogLoss is the mean negative log likelihood of the labels; probabilities are kept 1e-15 away from 0 and 1.
func LogLoss(label []bool, probability []float64) float64 {
	sum := 0.0
	for i, is := range label {
		p := min(max(probability[i], 1e-15), 1-1e-15)
		if !is {
			p = 1 - p
		}
		sum -= math.Log(p)
	}
	return sum / float64(len(label))
}
