package life

import (
	"cmp"
	"math"
	"slices"
)

// sure is the 95th percentile of the normal distribution: how many standard errors the share of false alarms is kept
// below what is allowed.
const sure = 1.645

// limit is the risk from which on an alarm has the best F1, among those whose share of false alarms is below the allowed
// one with 95 % confidence. It is found on units that the estimates do not know.
func (o outside) limit(s Settings) float64 {
	var order []int
	positives := 0.0
	alarms := newAlarms(o)
	for i, w := range o.want {
		if w.soon == w.soon {
			order = append(order, i)
			positives += w.soon
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(o.risk[b], o.risk[a]) })
	best, limit, hits := -1.0, math.Inf(1), 0.0
	for k, i := range order {
		if o.want[i].soon == 1 {
			hits++
		} else {
			alarms.add(o.unit[i])
		}
		if k+1 < len(order) && o.risk[order[k+1]] == o.risk[i] {
			continue
		}
		if share, wide := alarms.share(); share+sure*wide > s.Alarms {
			break
		}
		if f1 := 2 * hits / (positives + hits + alarms.total); f1 > best {
			best, limit = f1, o.risk[i]
		}
	}
	if math.IsInf(limit, 1) {
		return never
	}
	return limit
}

// never is a limit that no probability reaches.
const never = 2

// alarms counts false alarms by unit: the cycles of one unit are wrong together.
type alarms struct {
	far, wrong          map[int]float64 // by unit: cycles beyond the horizon, false alarms among them
	total, negatives    float64
	square, cross, far2 float64 // sums over units of false^2, false*far, far^2
}

func newAlarms(o outside) *alarms {
	a := &alarms{far: map[int]float64{}, wrong: map[int]float64{}}
	for i, w := range o.want {
		if w.soon == 0 {
			n := a.far[o.unit[i]]
			a.far[o.unit[i]] = n + 1
			a.negatives++
			a.far2 += 2*n + 1
		}
	}
	return a
}

func (a *alarms) add(unit int) {
	n := a.wrong[unit]
	a.wrong[unit] = n + 1
	a.total++
	a.square += 2*n + 1
	a.cross += a.far[unit]
}

// share returns the share of false alarms with its standard error, that of a ratio of sums over units (W. Cochran,
// "Sampling Techniques", chapter 6).
func (a *alarms) share() (share, wide float64) {
	if a.negatives == 0 {
		return 0, 0
	}
	share = a.total / a.negatives
	spread := a.square - 2*share*a.cross + share*share*a.far2
	return share, math.Sqrt(max(spread, 0)) / a.negatives
}
