package gbdt

import "math"

// split is the best question found so far.
type split struct {
	gain        float64
	feature     int // -1 for none
	bin         int // bins up to this one go left
	missingLeft bool
	left        pair // derivatives of the left child
}

// bounds hold a node's output, so that a monotone constraint above it cannot be broken below.
type bounds struct{ lo, hi float64 }

func unbounded() bounds { return bounds{math.Inf(-1), math.Inf(1)} }

// output is the best answer of a leaf with these sums: the Newton step within the bounds.
func (o *Options) output(s pair, b bounds) float64 {
	if s.h+o.Lambda <= 0 {
		return min(max(0, b.lo), b.hi)
	}
	return min(max(-s.g/(s.h+o.Lambda), b.lo), b.hi)
}

// score is twice the loss that an answer saves.
func (o *Options) score(s pair, answer float64) float64 {
	return -answer * (2*s.g + (s.h+o.Lambda)*answer)
}

// unbound is score with the best answer, where no bounds hold.
func (o *Options) unbound(s pair) float64 { return s.g * s.g / (s.h + o.Lambda) }

// find returns the best question about feature f for a node with these sums, whose score is parent.
func (g *grower) find(h histogram, f int, all pair, parent float64, in bounds) split {
	best := split{feature: -1}
	values := g.bins.values(f)
	bins := h[g.bins.offset[f]:][:values]
	var missing pair
	holes := g.bins.holes[f]
	if holes {
		missing = h[g.bins.offset[f]+values]
		holes = missing.h > 0
	}
	direction := int8(0)
	if g.Monotone != nil {
		direction = g.Monotone[f]
	}
	var left pair
	for b, s := range bins {
		if s.h == 0 && b != values-1 {
			continue // the same rows on both sides as one bin before
		}
		left = left.plus(s)
		if b < values-1 {
			if holes {
				g.try(&best, split{feature: f, bin: b, missingLeft: true, left: left.plus(missing)}, all, parent, in, direction)
			}
			g.try(&best, split{feature: f, bin: b, left: left}, all, parent, in, direction)
		} else if holes { // every value against what is missing
			g.try(&best, split{feature: f, bin: b, left: left}, all, parent, in, direction)
		}
	}
	if !holes { // nothing was missing here: NaN will go where most rows went
		best.missingLeft = best.left.h >= all.h-best.left.h
	}
	return best
}

// try makes s the best when it is allowed and gains more.
func (g *grower) try(best *split, s split, all pair, parent float64, in bounds, direction int8) {
	right := all.minus(s.left)
	if s.left.h < g.MinWeight || right.h < g.MinWeight || s.left.h <= 0 || right.h <= 0 {
		return
	}
	var both float64
	if g.Monotone == nil {
		both = g.unbound(s.left) + g.unbound(right)
	} else {
		a, b := g.output(s.left, in), g.output(right, in)
		if direction > 0 && a > b || direction < 0 && a < b {
			return
		}
		both = g.score(s.left, a) + g.score(right, b)
	}
	s.gain = both - parent
	if s.gain > best.gain && s.gain >= g.MinGain && s.gain > 1e-10*math.Abs(both) { // less is rounding
		*best = s
	}
}
