package importer

// tick is what came at one and the same time. Logs with coarse clocks have several rows in one second; each
// is given its share of it, in the order of the file, so that none hides another.
type tick struct {
	at     int64 // microseconds since the epoch
	step   int64 // the smallest difference that the clock can show
	from   int   // first entry of the tick in its batch
	starts []int // first entry of each of its rows
}

// maxTickRows bounds how many rows wait for the next time.
const maxTickRows = 4096

func (t *tick) rows() int { return len(t.starts) }

func (t *tick) shift(n int) {
	t.from -= n
	for i := range t.starts {
		t.starts[i] -= n
	}
}

// row begins a row at a time; the rows before it are put in place when theirs was another.
func (b *batch) row(at, step int64) {
	t := &b.tick
	if t.rows() > 0 && (at != t.at || t.rows() >= maxTickRows) {
		b.endTick(at - t.at)
	}
	if t.rows() == 0 {
		t.at, t.step, t.from = at, step, len(b.entries)
	}
	t.starts = append(t.starts, len(b.entries))
}

// endTick spreads the rows of the tick over the time until the next one, at most over the clock's step.
func (b *batch) endTick(until int64) {
	t := &b.tick
	if n := int64(t.rows()); n > 1 {
		width := t.step
		if until > 0 && until < width {
			width = until
		}
		for i, from := range t.starts {
			to := len(b.entries)
			if i+1 < len(t.starts) {
				to = t.starts[i+1]
			}
			share := max(width*int64(i)/n, min(int64(i), width-1))
			for k := from; k < to; k++ {
				b.entries[k].at += share
			}
		}
	}
	t.starts = t.starts[:0]
	t.from = len(b.entries)
}
