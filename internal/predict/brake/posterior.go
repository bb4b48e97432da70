package brake

import (
	"cmp"
	"math"
	"slices"
)

const (
	// gauge is the standard deviation of a measured wear in points: 0.1 mm of 8 mm.
	gauge = 1.25
	// full is the wear above which a measurement only says "at the limit or beyond".
	full = 99.5
	// The scale's logarithm is laid on a grid from -reach to reach spreads of the prior, and then on a finer one where
	// the weight is: many measured pads make it very narrow.
	coarse, nodes = 121, 241
	reach         = 5.0
	nothing       = 1e-7 // of the largest weight
)

// belief is the distribution of one vehicle's scale, as weights on a grid, and of the wear at load 0.
type belief struct {
	scale  []float64 // points per unit of load
	weight []float64 // sums to 1
	offset []float64 // wear at load 0 given the scale; 0 for pads known from new
	blur   float64   // standard deviation of offset in points
	used   int       // inspections
}

// learnScale corrects the prior by the inspections: exactly, on the grid, so that pads at the limit count as
// "at least" and nothing need be linear.
func learnScale(prior Prior, p Pads) belief {
	seen, fromNew := current(p)
	seen = slices.DeleteFunc(seen, func(i Inspection) bool { return !usable(prior.Measure.of(i.Km, i.WorkMJ)) })
	b := belief{used: len(seen)}
	if !fromNew {
		b.blur = 100 // nothing is known of the start until a pad was measured
		if n := len(seen); n > 0 {
			b.blur = gauge / math.Sqrt(float64(n))
		}
	}
	low, high := -reach, reach
	b.weigh(prior, seen, fromNew, low, high, coarse)
	step := (high - low) / (coarse - 1)
	first := slices.IndexFunc(b.weight, func(w float64) bool { return w > nothing })
	last := first
	for i, w := range b.weight {
		if w > nothing {
			last = i
		}
	}
	b.weigh(prior, seen, fromNew, low+step*float64(first-1), low+step*float64(last+1), nodes)
	return b
}

// weigh lays the grid from low to high, in spreads of the prior, over n scales.
func (b *belief) weigh(prior Prior, seen []Inspection, fromNew bool, low, high float64, n int) {
	b.scale, b.weight, b.offset = make([]float64, n), make([]float64, n), make([]float64, n)
	best := math.Inf(-1)
	for i := range n {
		z := low + (high-low)*float64(i)/float64(n-1)
		b.scale[i] = math.Exp(prior.LogScale + prior.Spread*z)
		if !fromNew && len(seen) > 0 {
			b.offset[i] = start(b.scale[i], prior.Measure, seen)
		}
		b.weight[i] = -z * z / 2
		for _, s := range seen {
			b.weight[i] += logLikelihood(s.WearPct, b.offset[i]+b.scale[i]*prior.Measure.of(s.Km, s.WorkMJ))
		}
		best = max(best, b.weight[i])
	}
	sum := 0.0
	for i, w := range b.weight {
		b.weight[i] = math.Exp(w - best)
		sum += b.weight[i]
	}
	for i := range b.weight {
		b.weight[i] /= sum
	}
}

// start is the wear at load 0 that fits the inspections best, given a scale.
func start(scale float64, m Measure, seen []Inspection) float64 {
	sum := 0.0
	for _, s := range seen {
		sum += s.WearPct - scale*m.of(s.Km, s.WorkMJ)
	}
	return sum / float64(len(seen))
}

// strange is the chance that an inspection tells of something else: another axle, a slip of the pen. It keeps
// one wrong number from overruling all others.
const strange = 0.02

func logLikelihood(measured, expected float64) float64 {
	if measured >= full {
		beyond := 0.5 * math.Erfc((full-expected)/gauge/math.Sqrt2)
		return math.Log((1-strange)*beyond + strange)
	}
	z := (measured - expected) / gauge
	return math.Log((1-strange)*math.Exp(-z*z/2)/(gauge*math.Sqrt(2*math.Pi)) + strange/100)
}

// wear is the expected wear at a load with its interval of 95 %, between 0 and 100.
func (b belief) wear(load float64) (mean, low, high float64) {
	values := make([]float64, len(b.scale))
	for i, s := range b.scale {
		values[i] = min(100, max(0, b.offset[i]+s*load))
		mean += b.weight[i] * values[i]
	}
	low, high = b.interval(values)
	return mean, max(0, low-1.96*b.blur), min(100, high+1.96*b.blur)
}

// left is the load until the limit from now on: median and interval of 95 %.
func (b belief) left(load float64) (median, low, high float64) {
	values := make([]float64, len(b.scale))
	for i, s := range b.scale {
		values[i] = max(0, (100-b.offset[i])/s-load)
	}
	low, high = b.interval(values)
	return b.quantile(values, 0.5), low, high
}

func (b belief) interval(values []float64) (low, high float64) {
	return b.quantile(values, 0.025), b.quantile(values, 0.975)
}

// quantile of values that rise or fall along the grid.
func (b belief) quantile(values []float64, share float64) float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	if !slices.IsSorted(values) {
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	}
	sum := 0.0
	for _, i := range order {
		if sum += b.weight[i]; sum >= share {
			return values[i]
		}
	}
	return values[order[len(order)-1]]
}
