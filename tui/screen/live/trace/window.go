package trace

import "time"

// Bucket is what a signal did within a part of a window. Count 0 is a gap.
type Bucket struct {
	Min, Max, Mean float64
	Count          int
}

// gap is the time without a value from which on there is a hole in a line instead of a straight stretch.
const gap = 3 * time.Second

// Window cuts the time that ends at until into as many parts as buckets has, and fills in what the signal did in
// each. Parts between two values less than a few seconds apart lie on the line between them.
func (b *Board) Window(k Key, until time.Time, span time.Duration, buckets []Bucket) {
	clear(buckets)
	b.mu.Lock()
	defer b.mu.Unlock()
	s := b.byKey[k]
	if s == nil || len(buckets) == 0 || span <= 0 {
		return
	}
	w := window{buckets: buckets, from: until.Add(-span).UnixNano(), step: float64(span) / float64(len(buckets)), last: -1}
	if n := s.points.len(); n < points || n > 0 && s.points.back(n-1).at <= w.from {
		w.points(s, until.UnixNano())
	} else {
		w.seconds(s, until.UnixNano())
	}
	for i := range buckets {
		if c := &buckets[i]; c.Count > 0 {
			c.Mean /= float64(c.Count)
		}
	}
}

// window collects from the oldest value to the newest.
type window struct {
	buckets []Bucket
	from    int64   // Unix nanoseconds
	step    float64 // nanoseconds
	last    int     // bucket of the value before, -1 for none
	value   float64 // of the value before
	at      int64
}

func (w *window) points(s *signal, until int64) {
	n := 0
	for n < s.points.len() && s.points.back(n).at > w.from {
		n++
	}
	for ; n > 0; n-- {
		if p := s.points.back(n - 1); p.at <= until {
			w.add(p.at, p.value, p.value, p.value, 1)
		}
	}
}

func (w *window) seconds(s *signal, until int64) {
	n := 0
	for n < s.seconds.len() && nano(s.seconds.back(n)) > w.from {
		n++
	}
	for ; n > 0; n-- {
		if x := s.seconds.back(n - 1); nano(x) <= until {
			w.add(nano(x), x.min, x.max, x.sum, int(x.count))
		}
	}
}

// nano is the middle of a second.
func nano(s *second) int64 { return s.at*int64(time.Second) + int64(time.Second)/2 }

func (w *window) add(at int64, lo, hi, sum float64, count int) {
	i := int(float64(at-w.from) / w.step)
	i = max(0, min(i, len(w.buckets)-1))
	mean := sum / float64(count)
	if w.last >= 0 && i > w.last+1 && at-w.at < int64(gap) {
		for j := w.last + 1; j < i; j++ {
			v := w.value + (mean-w.value)*float64(j-w.last)/float64(i-w.last)
			w.buckets[j] = Bucket{v, v, v, 1}
		}
	}
	b := &w.buckets[i]
	if b.Count == 0 {
		b.Min, b.Max = lo, hi
	}
	b.Min, b.Max, b.Mean, b.Count = min(b.Min, lo), max(b.Max, hi), b.Mean+sum, b.Count+count
	w.last, w.value, w.at = i, mean, at
}
