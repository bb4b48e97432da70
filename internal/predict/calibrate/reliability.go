package calibrate

import (
	"cmp"
	"math"
	"slices"
)

// Bin is one row of a reliability table: what was said and how often it happened.
type Bin struct {
	Rows      int     `json:"rows"`
	Predicted float64 `json:"predicted"` // mean probability
	Observed  float64 `json:"observed"`  // share of positives
	Low       float64 `json:"low"`       // Wilson's 95 % interval of the share, for independent rows
	High      float64 `json:"high"`
}

// Reliability returns the table of about equally filled bins, ascending; equal probabilities stay together.
func Reliability(label []bool, probability []float64, bins int) []Bin {
	order := make([]int, len(label))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(probability[a], probability[b]) })
	var table []Bin
	for i := 0; i < len(order) && bins > 0; bins-- {
		end := i + (len(order)-i+bins-1)/bins
		for end < len(order) && probability[order[end]] == probability[order[end-1]] {
			end++
		}
		b := Bin{Rows: end - i}
		for ; i < end; i++ {
			b.Predicted += probability[order[i]] / float64(b.Rows)
			if label[order[i]] {
				b.Observed += 1 / float64(b.Rows)
			}
		}
		b.Low, b.High = wilson(b.Observed, float64(b.Rows))
		table = append(table, b)
	}
	return table
}

// wilson is the score interval of a share p of n (E. Wilson, 1927).
func wilson(p, n float64) (low, high float64) {
	const z = 1.959963984540054
	middle, half := p+z*z/(2*n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, (middle-half)/(1+z*z/n)), min(1, (middle+half)/(1+z*z/n))
}

// ECE is the expected calibration error of a table: the mean distance between said and happened, by rows.
func ECE(table []Bin) float64 {
	sum, rows := 0.0, 0.0
	for _, b := range table {
		sum += float64(b.Rows) * math.Abs(b.Predicted-b.Observed)
		rows += float64(b.Rows)
	}
	return sum / rows
}

// Brier is the mean squared distance between probability and outcome; always saying the base rate b has b(1-b).
func Brier(label []bool, probability []float64) float64 {
	sum := 0.0
	for i, is := range label {
		d := probability[i]
		if is {
			d--
		}
		sum += d * d
	}
	return sum / float64(len(label))
}
