package drift

import (
	"cmp"
	"math"
	"slices"
)

// summarise puts each trip's sorted values into bins between the deciles of all trips, each trip weighing
// alike. The edges are those of both sides together, so that they are the same for every division.
func summarise(values [][]float64) []summary {
	var pooled []float64
	for _, v := range values {
		for k := range 100 { // as many from each trip
			pooled = append(pooled, v[k*len(v)/100])
		}
	}
	slices.Sort(pooled)
	var edges [bins - 1]float64
	for i := range edges {
		edges[i] = pooled[(i+1)*len(pooled)/bins]
	}
	out := make([]summary, len(values))
	for i, v := range values {
		for _, x := range v {
			b, found := slices.BinarySearch(edges[:], x)
			if found { // the first of equal edges: a value that fills several deciles stays in one bin
				b++
			}
			out[i].shares[b] += 1 / float64(len(v))
		}
		out[i].median = v[len(v)/2]
	}
	return out
}

// psi is the population stability index between the first n trips and the others:
// sum of (p-q) ln(p/q) over bins. Half a trip is spread over the bins of each side, so that an empty one
// does not make it infinite.
func psi(trips []summary, n int) float64 {
	p, q := shares(trips[:n]), shares(trips[n:])
	sum := 0.0
	for b := range bins {
		sum += (p[b] - q[b]) * math.Log(p[b]/q[b])
	}
	return sum
}

func shares(trips []summary) (out [bins]float64) {
	const prior = 0.5
	for b := range bins {
		out[b] = prior / bins
	}
	for i := range trips {
		for b, v := range trips[i].shares {
			out[b] += v
		}
	}
	for b := range bins {
		out[b] /= float64(len(trips)) + prior
	}
	return out
}

// ks is the largest distance between the empirical distributions of the medians of the first n trips and of
// the others (Kolmogorov and Smirnov).
func ks(trips []summary, n int) float64 {
	type step struct {
		at   float64
		rise float64
	}
	steps := make([]step, len(trips))
	for i := range trips {
		steps[i] = step{trips[i].median, 1 / float64(n)}
		if i >= n {
			steps[i].rise = -1 / float64(len(trips)-n)
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	var gap, widest float64
	for i, s := range steps {
		gap += s.rise
		if i+1 == len(steps) || steps[i+1].at != s.at {
			widest = math.Max(widest, math.Abs(gap))
		}
	}
	return widest
}

func middle(trips []summary) float64 {
	v := make([]float64, len(trips))
	for i := range trips {
		v[i] = trips[i].median
	}
	slices.Sort(v)
	return v[len(v)/2]
}
