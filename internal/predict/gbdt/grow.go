package gbdt

import (
	"math"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

const (
	halved   = 8192    // a node with more rows is summed in two halves, by any number of goroutines
	parallel = 1 << 14 // rows times features below which waking a goroutine costs more than it saves
)

// grower grows one tree after the other in the same memory. It goes depth first, so that the histograms
// that are alive at a time are as many as a path is long.
type grower struct {
	Options
	set     Set
	bins    *binned
	pool    *pool
	raw     []float64 // prediction of each row so far
	d       []pair    // its derivatives
	columns []bool    // features that this tree may ask about

	rows, scratch []int32 // rows of the tree, those of a node side by side; room for one half of them
	ordered       []pair  // derivatives in the order of a node's rows
	spare         []histogram
	half          histogram
	found         []split

	nodes []tree.Node
	asked []uint8 // by node: the bin of its question, to walk binned rows

	// What the goroutines work on; each job is made once, so that nothing is allocated per node.
	now struct {
		h, other histogram
		lo, hi   int
		sum      pair
		parent   float64
		in       bounds
	}
	jobSum, jobMerge, jobSubtract, jobFind func(int)
}

func newGrower(o Options, s Set, b *binned, p *pool, raw []float64) *grower {
	n := b.rows
	g := &grower{
		Options: o, set: s, bins: b, pool: p, raw: raw,
		d: make([]pair, n), columns: make([]bool, len(b.cuts)),
		rows: make([]int32, n), scratch: make([]int32, n), ordered: make([]pair, n),
		half: b.histogram(), found: make([]split, len(b.cuts)),
	}
	g.jobSum = func(task int) {
		w := &g.now
		group, h, lo, hi := task/2, w.h, w.lo, w.hi
		if mid := lo + (hi-lo)/2; hi-lo > halved && task%2 == 0 {
			hi = mid
		} else if hi-lo > halved {
			h, lo = g.half, mid
		} else if task%2 == 1 {
			return
		}
		from, to := b.span(group)
		clear(h[from:to])
		b.sum(h, group, g.rows[lo:hi], g.ordered[lo:hi])
	}
	g.jobMerge = func(group int) { b.add(g.now.h, g.half, group) }
	g.jobSubtract = func(group int) { b.subtract(g.now.other, g.now.h, group) }
	g.jobFind = func(f int) {
		g.found[f] = split{feature: -1}
		if g.columns[f] {
			g.found[f] = g.find(g.now.h, f, g.now.sum, g.now.parent, g.now.in)
		}
	}
	return g
}

// grow returns a tree for the rows in g.rows[:n], and has added its answers to their predictions.
func (g *grower) grow(n int) tree.Tree {
	g.nodes, g.asked = g.nodes[:0], g.asked[:0]
	h := g.take()
	g.build(h, 0, n)
	var sum pair
	for _, d := range g.ordered[:n] {
		sum = sum.plus(d)
	}
	g.node(h, 0, n, sum, unbounded(), 0)
	return tree.Tree{Nodes: append([]tree.Node(nil), g.nodes...)}
}

// node makes the node of rows lo to hi and everything below it, and gives h back. h is nil for a leaf.
func (g *grower) node(h histogram, lo, hi int, sum pair, in bounds, depth int) int32 {
	at := int32(len(g.nodes))
	g.nodes = append(g.nodes, tree.Node{Feature: tree.Leaf, Cover: sum.h})
	g.asked = append(g.asked, 0)
	best := split{feature: -1}
	if h != nil {
		best = g.best(h, sum, in)
	}
	if best.feature < 0 {
		g.give(h)
		g.leaf(at, lo, hi, sum, in)
		return at
	}
	mid := g.partition(best, lo, hi)
	right := sum.minus(best.left)
	inLeft, inRight := g.narrow(best, right, in, lo, mid, hi)
	hl, hr := g.children(h, lo, mid, hi, best.left, right, depth)
	g.question(at, best)
	l := g.node(hl, lo, mid, best.left, inLeft, depth+1)
	r := g.node(hr, mid, hi, right, inRight, depth+1)
	g.nodes[at].Left, g.nodes[at].Right = l, r
	return at
}

// question writes a split into node at.
func (g *grower) question(at int32, s split) {
	n := &g.nodes[at]
	n.Feature, n.Value = int32(s.feature), math.MaxFloat64
	if cuts := g.bins.cuts[s.feature]; s.bin < len(cuts) {
		n.Value = cuts[s.bin]
	}
	g.asked[at] = uint8(s.bin)
	if s.missingLeft {
		n.Flags = tree.MissingLeft
	}
}

// narrow returns the bounds of both children: a constrained question keeps them on their sides of the middle.
func (g *grower) narrow(s split, right pair, in bounds, lo, middle, hi int) (l, r bounds) {
	l, r = in, in
	if g.Monotone == nil || g.Monotone[s.feature] == 0 {
		return l, r
	}
	mid := (g.answer(lo, middle, s.left, in) + g.answer(middle, hi, right, in)) / 2
	if g.Monotone[s.feature] > 0 {
		l.hi, r.lo = mid, mid
	} else {
		l.lo, r.hi = mid, mid
	}
	return l, r
}

// children returns the histograms of both children, nil where one will be a leaf. The smaller child is
// summed, the other is what that leaves of the parent.
func (g *grower) children(h histogram, lo, mid, hi int, left, right pair, depth int) (hl, hr histogram) {
	small := max(2*g.MinWeight, math.SmallestNonzeroFloat64)
	wantLeft, wantRight := left.h >= small && mid-lo > 1, right.h >= small && hi-mid > 1
	if depth+1 >= g.MaxDepth || !wantLeft && !wantRight {
		g.give(h)
		return nil, nil
	}
	other := g.take()
	if mid-lo <= hi-mid {
		hl, hr = other, h
		g.build(hl, lo, mid)
	} else {
		hl, hr = h, other
		g.build(hr, mid, hi)
	}
	g.now.h, g.now.other = other, h
	g.run(len(g.bins.words), len(h), g.jobSubtract)
	if !wantLeft {
		g.give(hl)
		hl = nil
	}
	if !wantRight {
		g.give(hr)
		hr = nil
	}
	return hl, hr
}

// build sums the derivatives of rows lo to hi.
func (g *grower) build(h histogram, lo, hi int) {
	for i, r := range g.rows[lo:hi] {
		g.ordered[lo+i] = g.d[r]
	}
	g.now.h, g.now.lo, g.now.hi = h, lo, hi
	g.run(2*len(g.bins.words), (hi-lo)*len(g.columns), g.jobSum)
	if hi-lo > halved {
		g.run(len(g.bins.words), len(h), g.jobMerge)
	}
}

// best asks about every feature; of equal gains the first feature wins.
func (g *grower) best(h histogram, sum pair, in bounds) split {
	if g.Loss == Quantile {
		in = unbounded() // bounds are values of y, and sums of this loss are not
	}
	g.now.h, g.now.sum, g.now.in = h, sum, in
	g.now.parent = g.score(sum, g.output(sum, in))
	g.run(len(g.columns), 4*g.bins.bins, g.jobFind)
	best := split{feature: -1}
	for _, s := range g.found {
		if s.feature >= 0 && s.gain > best.gain {
			best = s
		}
	}
	return best
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

// partition puts the rows that go left before the others, both in their order, and returns where the right ones begin.
func (g *grower) partition(s split, lo, hi int) int {
	var left [256]uint8
	for b := range s.bin + 1 {
		left[b] = 1
	}
	if g.bins.holes[s.feature] {
		left[g.bins.values(s.feature)] = 0
		if s.missingLeft {
			left[g.bins.values(s.feature)] = 1
		}
	}
	words, shift := g.bins.words[s.feature/pack], 8*(s.feature%pack)
	rows, scratch := g.rows[lo:hi], g.scratch[:hi-lo]
	l, r := 0, 0
	for _, row := range rows {
		is := int(left[uint8(words[row]>>shift)])
		rows[l], scratch[r] = row, row
		l += is
		r += 1 - is
	}
	copy(rows[l:], scratch[:r])
	return lo + l
}

// leaf sets the answer of node at and adds it to its rows' predictions.
func (g *grower) leaf(at int32, lo, hi int, sum pair, in bounds) {
	answer := g.LearningRate * g.answer(lo, hi, sum, in)
	g.nodes[at].Value = answer
	for _, r := range g.rows[lo:hi] {
		g.raw[r] += answer
	}
}

// answer is what a leaf of rows lo to hi would say: for a quantile that of what is left to explain, as its
// loss has no curvature for a Newton step.
func (g *grower) answer(lo, hi int, sum pair, in bounds) float64 {
	if g.Loss != Quantile {
		return g.output(sum, in)
	}
	q := quantile(g.Quantile, g.rows[lo:hi], func(r int32) float64 { return g.set.Y[r] - g.raw[r] }, g.set)
	return min(max(q, in.lo), in.hi)
}

// walk adds the tree's answer to the prediction of a row that it was not grown on.
func (g *grower) walk(row int32) {
	at := int32(0)
	for {
		n := &g.nodes[at]
		if n.Feature < 0 {
			g.raw[row] += n.Value
			return
		}
		f := int(n.Feature)
		b := g.bins.at(f, row)
		left := b <= g.asked[at]
		if int(b) == g.bins.values(f) { // missing
			left = n.Flags&tree.MissingLeft != 0
		}
		if left {
			at = n.Left
		} else {
			at = n.Right
		}
	}
}

func (g *grower) take() histogram {
	if n := len(g.spare); n > 0 {
		h := g.spare[n-1]
		g.spare = g.spare[:n-1]
		return h
	}
	return g.bins.histogram()
}

func (g *grower) give(h histogram) {
	if h != nil {
		g.spare = append(g.spare, h)
	}
}
