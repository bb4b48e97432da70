package gbdt

import (
	"math"
	"math/rand/v2"
	"slices"
)

const (
	maxBins    = 255     // of values; one more may hold what is missing, so that a bin is a byte
	sketchRows = 1 << 16 // rows that cuts are taken from
	pack       = 4       // features in one word
)

// binned is a table in which every value is the number of its bin: bin b of a feature holds
// cuts[b-1] < x <= cuts[b]. Four features lie in one word, so that one load serves four histograms.
type binned struct {
	rows   int
	cuts   [][]float64
	holes  []bool     // by feature: its last bin holds missing values
	offset []int      // by feature: its first bin in a histogram
	bins   int        // in a histogram of all features
	words  [][]uint32 // by four features, by row
}

// values is the number of feature f's bins that hold values.
func (b *binned) values(f int) int { return len(b.cuts[f]) + 1 }

// at returns the bin of feature f in a row.
func (b *binned) at(f int, row int32) uint8 { return uint8(b.words[f/pack][row] >> (8 * (f % pack))) }

// bin cuts the features of x and packs them.
func bin(x [][]float64, bins int, seed uint64, p *pool) *binned {
	n, features := len(x), len(x[0])
	b := &binned{
		rows: n, cuts: make([][]float64, features), holes: make([]bool, features), offset: make([]int, features),
		words: make([][]uint32, (features+pack-1)/pack),
	}
	sample := sampleRows(n, min(n, sketchRows), rand.New(rand.NewPCG(seed, 'b')), make([]int32, n))
	p.each(len(b.words), func(g int) {
		b.words[g] = make([]uint32, n)
		values := make([]float64, 0, len(sample))
		for f := g * pack; f < min((g+1)*pack, features); f++ {
			values = values[:0]
			for _, r := range sample {
				if v := x[r][f]; !math.IsNaN(v) {
					values = append(values, v)
				}
			}
			b.cuts[f] = cut(values, bins)
			b.fill(x, f)
		}
	})
	for f := range b.offset {
		b.offset[f] = b.bins
		b.bins += b.values(f)
		if b.holes[f] {
			b.bins++
		}
	}
	return b
}

// fill sets feature f's bytes.
func (b *binned) fill(x [][]float64, f int) {
	words, cuts, shift := b.words[f/pack], b.cuts[f], 8*(f%pack)
	for r, row := range x {
		v, lo := row[f], 0
		if math.IsNaN(v) {
			b.holes[f] = true
			lo = len(cuts) + 1
		} else {
			for hi := len(cuts); lo < hi; { // the first cut that is not below v
				if mid := int(uint(lo+hi) / 2); cuts[mid] < v {
					lo = mid + 1
				} else {
					hi = mid
				}
			}
		}
		words[r] |= uint32(lo) << shift
	}
}

// cut returns ascending thresholds between the values so that at most the given number of bins hold about
// equally many. Each lies half-way between two neighbours. The values are sorted in place.
func cut(values []float64, bins int) []float64 {
	slices.Sort(values)
	distinct := 0
	for i := range values {
		if i == 0 || values[i] != values[i-1] {
			distinct++
		}
	}
	var cuts []float64
	done, left := 0, bins // rows below the last cut, bins that may still be filled
	for i := 1; i < len(values) && left > 1; i++ {
		if values[i] == values[i-1] {
			continue
		}
		if distinct <= bins || (i-done)*left >= len(values)-done {
			cuts = append(cuts, between(values[i-1], values[i]))
			done, left = i, left-1
		}
	}
	return cuts
}

// between returns a threshold with a <= threshold < b.
func between(a, b float64) float64 {
	if m := a + (b-a)/2; m >= a && m < b {
		return m
	}
	return a
}

// sampleRows returns k of n row numbers in ascending order, each choice as likely (D. Knuth, The Art of Computer
// Programming, volume 2, 3.4.2, algorithm S). The result lies in buffer, which holds at least k.
func sampleRows(n, k int, draw *rand.Rand, buffer []int32) []int32 {
	rows := buffer[:0]
	for i := 0; len(rows) < k; i++ {
		if n-i == k-len(rows) || draw.IntN(n-i) < k-len(rows) {
			rows = append(rows, int32(i))
		}
	}
	return rows
}
