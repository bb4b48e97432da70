package battery

import (
	"math"
	"time"

	"github.com/sajari/regression"
	"gonum.org/v1/gonum/stat/distuv"
)

// fall is a straight decline of the margin over time.
type fall struct {
	perMonth float64 // V in 30.44 days
	low      float64 // interval of 95 %
	high     float64
	reaches  time.Duration // from the last start until the line meets the limit
}

// What a decline needs before it is spoken of.
const (
	minStarts = 8
	minSpan   = 21 * 24 * time.Hour
	month     = 30.44 * 24 // hours
)

// decline fits the line through the margins of starts; it is false where chance explains the slope, or where
// the line reaches further ahead than twice the past.
func decline(starts []Start) (fall, bool) {
	if len(starts) < minStarts {
		return fall{}, false
	}
	first, last := starts[0].At, starts[len(starts)-1].At
	span := last.Sub(first).Hours()
	if span < minSpan.Hours() {
		return fall{}, false
	}
	var r regression.Regression
	var mean, sxx, rest float64
	for _, s := range starts {
		x := s.At.Sub(first).Hours()
		r.Train(regression.DataPoint(s.margin(), []float64{x}))
		mean += x / float64(len(starts))
	}
	if r.Run() != nil || math.IsNaN(r.Coeff(1)) {
		return fall{}, false
	}
	for _, s := range starts {
		x := s.At.Sub(first).Hours()
		d := s.margin() - r.Coeff(0) - r.Coeff(1)*x
		sxx, rest = sxx+(x-mean)*(x-mean), rest+d*d
	}
	n := float64(len(starts))
	spread := distuv.StudentsT{Sigma: 1, Nu: n - 2}.Quantile(0.975) * math.Sqrt(rest/(n-2)/sxx)
	slope := r.Coeff(1)
	f := fall{perMonth: slope * month, low: (slope - spread) * month, high: (slope + spread) * month}
	if f.high >= 0 {
		return f, false
	}
	hours := -(r.Coeff(0) + slope*span) / slope
	f.reaches = time.Duration(max(hours, 0) * float64(time.Hour))
	return f, hours <= 2*span
}
