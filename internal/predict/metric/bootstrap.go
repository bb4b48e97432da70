package metric

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is a range that holds a measured value's truth with the level that was asked for.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Bootstrap returns the percentile interval of a statistic at a level such as 0.95 (B. Efron, R. Tibshirani,
// "An Introduction to the Bootstrap", 1993, chapter 13). It draws whole groups with replacement, because rows
// of one unit are no independent evidence. The statistic is given row numbers, some more than once.
// Draws for which it is NaN are left out; the interval is NaN when more than half of them are, or when there
// are fewer than two groups.
//
// An interval of a difference is paired when both sides are measured on the same rows: give a statistic that
// returns the difference, as [Paired] does.
func Bootstrap[G comparable](groups []G, rounds int, level float64, seed uint64, statistic func(rows []int) float64) Interval {
	members := gather(groups)
	none := Interval{math.NaN(), math.NaN()}
	if len(members) < 2 || rounds < 1 {
		return none
	}
	draw := rand.New(rand.NewPCG(seed, 0))
	values := make([]float64, 0, rounds)
	var rows []int
	for range rounds {
		rows = rows[:0]
		for range members {
			rows = append(rows, members[draw.IntN(len(members))]...)
		}
		if v := statistic(rows); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	if len(values) == 0 || len(values)*2 < rounds {
		return none
	}
	slices.Sort(values)
	return Interval{at(values, (1-level)/2), at(values, (1+level)/2)}
}

// Paired is the interval of a's statistic minus b's on the same draws of rows; when it does not hold 0,
// one of them is better.
func Paired[G comparable](groups []G, rounds int, level float64, seed uint64, a, b func(rows []int) float64) Interval {
	return Bootstrap(groups, rounds, level, seed, func(rows []int) float64 { return a(rows) - b(rows) })
}

// Of makes a statistic for [Bootstrap] of a metric of two slices, such as RMSE or AUC.
func Of[Y any](metric func([]Y, []float64) float64, y []Y, predicted []float64) func(rows []int) float64 {
	var ys []Y
	var ps []float64
	return func(rows []int) float64 {
		ys, ps = ys[:0], ps[:0]
		for _, r := range rows {
			ys, ps = append(ys, y[r]), append(ps, predicted[r])
		}
		return metric(ys, ps)
	}
}

// Quantile is the value below which the given share of v lies, linear between the sorted values; v stays as
// it is. It is NaN for no values.
func Quantile(v []float64, share float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	sorted := slices.Clone(v)
	slices.Sort(sorted)
	return at(sorted, share)
}

func at(sorted []float64, share float64) float64 {
	x := min(max(share, 0), 1) * float64(len(sorted)-1)
	i := int(x)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (x-float64(i))*(sorted[i+1]-sorted[i])
}

func gather[G comparable](groups []G) [][]int {
	place := map[G]int{}
	var members [][]int
	for i, g := range groups {
		j, ok := place[g]
		if !ok {
			j = len(members)
			place[g] = j
			members = append(members, nil)
		}
		members[j] = append(members[j], i)
	}
	return members
}
