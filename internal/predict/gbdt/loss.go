package gbdt

import (
	"cmp"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// base returns the constant that training starts from: the weighted mean, log odds or quantile of y.
func (o Options) base(s Set) float64 {
	if o.Loss == Quantile {
		rows := make([]int32, len(s.Y))
		for i := range rows {
			rows[i] = int32(i)
		}
		return quantile(o.Quantile, rows, func(r int32) float64 { return s.Y[r] }, s)
	}
	sum, total := 0.0, 0.0
	for i, y := range s.Y {
		w := s.weight(i)
		sum += w * y
		total += w
	}
	if o.Loss == Logistic {
		p := min(max(sum/total, 1e-6), 1-1e-6) // one class alone would have infinite odds
		return math.Log(p / (1 - p))
	}
	return sum / total
}

// derivatives sets d[i] to the loss's first and second derivatives by the raw prediction of row i, from lo to hi.
func (o Options) derivatives(d []pair, s Set, raw []float64, lo, hi int) {
	for i := lo; i < hi; i++ {
		w := s.weight(i)
		switch o.Loss {
		case Squared:
			d[i] = pair{w * (raw[i] - s.Y[i]), w}
		case Logistic:
			p := tree.Sigmoid(raw[i])
			d[i] = pair{w * (p - s.Y[i]), w * max(p*(1-p), 1e-16)}
		case Quantile: // no curvature: the rows' weight stands in for it, and leaves are quantiles
			g := 1 - o.Quantile
			if s.Y[i] > raw[i] {
				g = -o.Quantile
			}
			d[i] = pair{w * g, w}
		}
	}
}

// value is the weighted mean loss.
func (o Options) value(s Set, raw []float64) float64 {
	sum, total := 0.0, 0.0
	for i, y := range s.Y {
		w, d := s.weight(i), y-raw[i]
		total += w
		switch o.Loss {
		case Squared:
			sum += w * d * d
		case Logistic: // log(1 + exp(-margin)), stable on both sides
			margin := raw[i]
			if y == 0 {
				margin = -margin
			}
			sum += w * (max(-margin, 0) + math.Log1p(math.Exp(-math.Abs(margin))))
		case Quantile:
			sum += w * max(o.Quantile*d, (o.Quantile-1)*d)
		}
	}
	return sum / total
}

// quantile returns the weighted quantile of value over the rows: the lowest value with at least the
// share q of the weight at or below it, half-way to the next when it is hit exactly.
func quantile(q float64, rows []int32, value func(int32) float64, s Set) float64 {
	type point struct{ v, w float64 }
	points, total := make([]point, len(rows)), 0.0
	for i, r := range rows {
		points[i] = point{value(r), s.weight(int(r))}
		total += points[i].w
	}
	slices.SortFunc(points, func(a, b point) int { return cmp.Compare(a.v, b.v) })
	below := 0.0
	for i, p := range points {
		below += p.w
		if d := below - q*total; d > 1e-12*total || i == len(points)-1 {
			return p.v
		} else if d >= -1e-12*total {
			return p.v + (points[i+1].v-p.v)/2
		}
	}
	return 0
}
