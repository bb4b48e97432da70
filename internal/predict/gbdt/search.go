package gbdt

import "slices"

const (
	halved   = 8192    // a node with more rows is summed in two halves, by any number of goroutines
	parallel = 1 << 16 // steps below which waking a goroutine costs more than it saves
)

// search finds the best question for both children of a node; rest comes with the histogram of its parent,
// and one without is not looked at. Of equal gains the first feature wins.
func (g *grower) search(first, rest child) (child, child) {
	first.h = g.take()
	for i, r := range g.rows[first.lo:first.hi] {
		g.ordered[first.lo+i] = g.d[r]
	}
	g.children = [2]child{first, rest}
	for i := range g.children {
		c := &g.children[i]
		c.score = g.score(c.sum, g.output(c.sum, g.searched(c)))
	}
	work := 8 * g.bins.bins
	if steps := (first.hi - first.lo) * len(g.columns); first.hi-first.lo > halved {
		g.run(2*len(g.bins.words), steps, g.jobHalf)
	} else {
		work += steps
	}
	g.run(len(g.bins.words), work, g.jobGroup)
	for i := range g.children {
		c := &g.children[i]
		c.best = split{feature: -1}
		if !c.want {
			g.give(c.h)
			c.h = nil
			continue
		}
		for f, s := range g.found[i] {
			if g.columns[f] && s.feature >= 0 && s.gain > c.best.gain {
				c.best = s
			}
		}
	}
	return g.children[0], g.children[1]
}

// sumHalf sums half the rows of the first child for a group of features: even tasks the first half.
func (g *grower) sumHalf(task int) {
	c, group := &g.children[0], task/2
	if !g.used(group) {
		return
	}
	h, lo, hi := c.h, c.lo, c.lo+(c.hi-c.lo)/2
	if task%2 == 1 {
		h, lo, hi = g.half, hi, c.hi
	}
	g.fill(h, group, lo, hi)
}

// searchGroup completes the histograms of both children for a group of features, and asks about those.
func (g *grower) searchGroup(group int) {
	if !g.used(group) {
		return
	}
	first, rest := &g.children[0], &g.children[1]
	if first.hi-first.lo > halved {
		g.bins.add(first.h, g.half, group)
	} else {
		g.fill(first.h, group, first.lo, first.hi)
	}
	if rest.want {
		g.bins.subtract(rest.h, first.h, group)
	}
	for f := group * pack; f < min((group+1)*pack, len(g.columns)); f++ {
		for i := range g.children {
			if c := &g.children[i]; c.want && g.columns[f] {
				g.found[i][f] = g.find(c.h, f, c.sum, c.score, g.searched(c))
			}
		}
	}
}

// used tells whether the tree may ask about any feature of a group; the others' histograms hold nothing.
func (g *grower) used(group int) bool {
	return slices.Contains(g.columns[group*pack:min((group+1)*pack, len(g.columns))], true)
}

// fill sums rows lo to hi into empty bins.
func (g *grower) fill(h histogram, group, lo, hi int) {
	from, to := g.bins.span(group)
	clear(h[from:to])
	g.bins.sum(h, group, g.rows[lo:hi], g.ordered[lo:hi])
}

// searched are the bounds that questions are judged in: those of a quantile are values of y, and the sums of
// its loss are not.
func (g *grower) searched(c *child) bounds {
	if g.Loss == Quantile {
		return unbounded()
	}
	return c.in
}

// run spreads tasks over the goroutines when there is enough work.
func (g *grower) run(tasks, work int, job func(int)) {
	if work < parallel {
		for i := range tasks {
			job(i)
		}
		return
	}
	g.pool.each(tasks, job)
}
