package life

import (
	"math"
	"slices"
)

// bands is how many ranges of the estimate have an interval of their own: near the end a life is known to a few
// cycles, in the middle to twenty, beyond the cap not at all.
const bands = 8

// band tells how far the truth was from estimates in a range: truth minus estimate, in cycles.
type band []struct {
	Upto float64 `json:"upto"` // estimates up to this, ascending; the last holds all above
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// band measures intervals on units that the estimates do not know. Cycles of one unit are no independent evidence, so the quantiles
// are widened as conformal prediction asks for as many samples as there are units.
func (o outside) band(s Settings) band {
	var order []int
	for i, w := range o.want {
		if !math.IsNaN(w.life) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case o.life[a] < o.life[b]:
			return -1
		case o.life[a] > o.life[b]:
			return 1
		}
		return 0
	})
	out := make(band, bands)
	for b := range out {
		part := order[b*len(order)/bands : (b+1)*len(order)/bands]
		units := map[int]bool{}
		var off []float64
		for _, i := range part {
			units[o.unit[i]] = true
			off = append(off, o.want[i].life-o.life[i])
			out[b].Upto = o.life[i]
		}
		slices.Sort(off)
		n := float64(len(units))
		tail := max(0, (1-s.Level)/2*(n+1)/n-1/n)
		out[b].Low, out[b].High = rank(off, tail), rank(off, 1-tail)
	}
	out[bands-1].Upto = s.Cap
	return out
}

// rank is the value below which a share of sorted values lies; 0 of none.
func rank(sorted []float64, share float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}

// around returns the interval of an estimate.
func (b band) around(life, most float64) (low, high float64) {
	i := 0
	for i < len(b)-1 && life > b[i].Upto {
		i++
	}
	clamp := func(v float64) float64 { return min(max(v, 0), most) }
	return min(clamp(life+b[i].Low), life), max(clamp(life+b[i].High), life)
}
