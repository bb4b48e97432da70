package chart

import (
	"cmp"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
)

// longestBridge is across how much time a line goes on without a reading: slow lines poll a value every few seconds.
const longestBridge = 15 * time.Second

// Bridge leaves empty buckets out and puts one only where really nothing was heard: between the readings of a slow line
// are empty buckets too.
func Bridge(all []fleet.Bucket) []fleet.Bucket {
	filled := slices.DeleteFunc(slices.Clone(all), func(b fleet.Bucket) bool { return b.Count == 0 })
	limit := max(longestBridge, 3*usual(filled))
	var out []fleet.Bucket
	for i, b := range filled {
		if i > 0 && b.Start.Sub(filled[i-1].Start) > limit {
			out = append(out, fleet.Bucket{Start: filled[i-1].Start})
		}
		out = append(out, b)
	}
	return out
}

// usual is the middle distance of neighbours.
func usual(filled []fleet.Bucket) time.Duration {
	if len(filled) < 2 {
		return 0
	}
	steps := make([]time.Duration, len(filled)-1)
	for i := range steps {
		steps[i] = filled[i+1].Start.Sub(filled[i].Start)
	}
	slices.SortFunc(steps, cmp.Compare[time.Duration])
	return steps[len(steps)/2]
}
