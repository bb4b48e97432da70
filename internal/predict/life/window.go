package life

import "math"

// farthest is how many deviations from the mean a value counts at most: a stuck or impossible reading must not be more
// than a bad one.
const farthest = 8

// eased is how many squared cycles a slope is shrunk by: a line through few noisy cycles has any slope.
const eased = 200

// stepValues is how many values a channel gives in each step: block mean, mean so far, slope so far.
const stepValues = 3

// scaled returns rows as deviations from the mean, rows x channels. A gap holds the value before it, one at the
// beginning the value after it.
func scaled(rows [][]float64, channels []channel) []float64 {
	k := len(channels)
	out := make([]float64, len(rows)*k)
	for j, c := range channels {
		last, gap := 0.0, 0 // gap counts rows before the first value
		for i, row := range rows {
			if v := row[c.At]; !math.IsNaN(v) {
				last = min(max((v-c.Mean)/c.SD, -farthest), farthest)
				for ; gap > 0; gap-- {
					out[(i-gap)*k+j] = last
				}
				gap = -1
			} else if gap >= 0 {
				gap++
			}
			out[i*k+j] = last
		}
	}
	return out
}

// sequence turns the last window of scaled rows into steps of one block each, the newest block last. A window that is
// not full gives fewer steps; its oldest rows that fill no block are left out. The values of a step are the means of
// the block, then the means from the window's beginning, then the slopes over 20 cycles, each for all channels.
func (s Settings) sequence(z []float64, k int) []float32 {
	rows := len(z) / k
	rows = min(rows, s.Window) / s.Block * s.Block
	z = z[len(z)-rows*k:]
	out := make([]float32, 0, rows/s.Block*stepValues*k)
	block, sum, moment := make([]float64, k), make([]float64, k), make([]float64, k)
	for i := range rows {
		for j, v := range z[i*k : (i+1)*k] {
			block[j] += v
			sum[j] += v
			moment[j] += v * float64(i)
		}
		if (i+1)%s.Block != 0 {
			continue
		}
		n := float64(i + 1)
		spread := n*(n*n-1)/12 + eased
		for j := range k {
			out = append(out, float32(block[j]/float64(s.Block)))
			block[j] = 0
		}
		for j := range k {
			out = append(out, float32(sum[j]/n))
		}
		for j := range k {
			out = append(out, float32(20*(moment[j]-(n-1)/2*sum[j])/spread))
		}
	}
	return out
}

// sequences returns the sequence that ends with each cycle of a unit, nil where there is not one block yet.
func (s Settings) sequences(rows [][]float64, channels []channel) [][]float32 {
	k := len(channels)
	z := scaled(rows, channels)
	out := make([][]float32, len(rows))
	for i := s.Block - 1; i < len(rows); i++ {
		out[i] = s.sequence(z[max(0, i+1-s.Window)*k:(i+1)*k], k)
	}
	return out
}

// flat is a sequence as trees read it: the last step, and the means of the last two blocks.
func flat(seq []float32, k int) []float64 {
	out := make([]float64, 0, (stepValues+1)*k)
	last := seq[len(seq)-stepValues*k:]
	for _, v := range last {
		out = append(out, float64(v))
	}
	before := last
	if len(seq) >= 2*stepValues*k {
		before = seq[len(seq)-2*stepValues*k:]
	}
	for j := range k {
		out = append(out, float64(last[j]+before[j])/2)
	}
	return out
}
