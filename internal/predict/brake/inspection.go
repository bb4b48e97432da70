package brake

import (
	"cmp"
	"slices"
)

// renewed is the fall of measured wear in points that only new pads explain: ten times what the gauge scatters.
const renewed = 12.5

// current are the inspections of the pads that are on the car now, by distance, and whether these pads are
// known from new. Impossible ones are left out, and those before new pads.
func current(p Pads) (seen []Inspection, fromNew bool) {
	for _, i := range p.Inspections {
		if !(i.WearPct >= 0 && i.WearPct <= 150) {
			continue
		}
		i.WearPct = min(i.WearPct, 100)
		seen = append(seen, i)
	}
	slices.SortStableFunc(seen, func(a, b Inspection) int { return cmp.Or(cmp.Compare(a.Km, b.Km), a.At.Compare(b.At)) })
	for i := len(seen) - 1; i > 0; i-- {
		if fell(seen, i) {
			return seen[i:], false
		}
	}
	return seen, p.FromNew
}

// fell tells that wear fell at i and that it was no single strange number before or at i.
func fell(seen []Inspection, i int) bool {
	drop := func(from, to int) bool {
		return from < 0 || to == len(seen) || seen[from].WearPct-seen[to].WearPct > renewed
	}
	return drop(i-1, i) && drop(i-1, i+1) && drop(i-2, i)
}
