package gbdt

// pair is a sum of first and second derivatives.
type pair struct{ g, h float64 }

func (a pair) plus(b pair) pair  { return pair{a.g + b.g, a.h + b.h} }
func (a pair) minus(b pair) pair { return pair{a.g - b.g, a.h - b.h} }

// histogram has a pair for every bin of every feature, and 256 that are never read: they let the inner
// loop look at any byte without a check.
type histogram []pair

func (b *binned) histogram() histogram { return make(histogram, b.bins+256) }

// sum adds the derivatives of the rows, in their order, to the bins of the group's features. d[i] belongs to rows[i].
func (b *binned) sum(h histogram, group int, rows []int32, d []pair) {
	first := group * pack
	words, d := b.words[group], d[:len(rows)]
	if first+pack > len(b.cuts) {
		b.sumRest(h, first, words, rows, d)
		return
	}
	h0, h1 := (*[256]pair)(h[b.offset[first]:]), (*[256]pair)(h[b.offset[first+1]:])
	h2, h3 := (*[256]pair)(h[b.offset[first+2]:]), (*[256]pair)(h[b.offset[first+3]:])
	for i, r := range rows {
		w, g, s := words[r], d[i].g, d[i].h
		p := &h0[uint8(w)]
		p.g += g
		p.h += s
		p = &h1[uint8(w>>8)]
		p.g += g
		p.h += s
		p = &h2[uint8(w>>16)]
		p.g += g
		p.h += s
		p = &h3[w>>24]
		p.g += g
		p.h += s
	}
}

// sumRest is sum for a last group of fewer than four features.
func (b *binned) sumRest(h histogram, first int, words []uint32, rows []int32, d []pair) {
	for f := first; f < len(b.cuts); f++ {
		hf, shift := (*[256]pair)(h[b.offset[f]:]), 8*(f%pack)
		for i, r := range rows {
			p := &hf[uint8(words[r]>>shift)]
			p.g += d[i].g
			p.h += d[i].h
		}
	}
}

// add and subtract work bin by bin on the features of a group.
func (b *binned) add(to, from histogram, group int) {
	lo, hi := b.span(group)
	to, from = to[lo:hi], from[lo:hi]
	for i := range to {
		to[i] = to[i].plus(from[i])
	}
}

func (b *binned) subtract(to, from histogram, group int) {
	lo, hi := b.span(group)
	to, from = to[lo:hi], from[lo:hi]
	for i := range to {
		to[i] = to[i].minus(from[i])
	}
}

// span is where a group's bins begin and end.
func (b *binned) span(group int) (lo, hi int) {
	lo, hi = b.offset[group*pack], b.bins
	if next := (group + 1) * pack; next < len(b.offset) {
		hi = b.offset[next]
	}
	return lo, hi
}
