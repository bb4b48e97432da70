package gbdt

import (
	"math"

	"github.com/fleetms/obdctl/internal/predict/tree"
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

	nodes []tree.Node
	asked []uint8 // by node: the bin of its question, to walk binned rows

	// What the goroutines work on: two children, of which the first is summed and the second is what that leaves.
	// Jobs are made once, so that nothing is allocated for a node.
	children          [2]child
	found             [2][]split // by child, by feature
	jobHalf, jobGroup func(int)
}

// child is a node before its questions are known.
type child struct {
	lo, hi int // its rows
	sum    pair
	in     bounds
	want   bool // it may be asked about, and is a leaf otherwise
	h      histogram
	score  float64 // without a question
	best   split
}

func newGrower(o Options, s Set, b *binned, p *pool, raw []float64) *grower {
	n := b.rows
	g := &grower{
		Options: o, set: s, bins: b, pool: p, raw: raw,
		d: make([]pair, n), columns: make([]bool, len(b.cuts)),
		rows: make([]int32, n), scratch: make([]int32, n), ordered: make([]pair, n), half: b.histogram(),
		found: [2][]split{make([]split, len(b.cuts)), make([]split, len(b.cuts))},
	}
	g.jobHalf, g.jobGroup = g.sumHalf, g.searchGroup
	return g
}

// grow returns a tree for the rows in g.rows[:n], and has added its answers to their predictions.
func (g *grower) grow(n int) tree.Tree {
	g.nodes, g.asked = g.nodes[:0], g.asked[:0]
	root := child{hi: n, in: unbounded(), want: true}
	for _, r := range g.rows[:n] {
		root.sum = root.sum.plus(g.d[r])
	}
	root, _ = g.search(root, child{})
	g.node(root, 0)
	return tree.Tree{Nodes: append([]tree.Node(nil), g.nodes...)}
}

// node makes a node and everything below it, and gives its histogram back.
func (g *grower) node(c child, depth int) int32 {
	at := int32(len(g.nodes))
	g.nodes = append(g.nodes, tree.Node{Feature: tree.Leaf, Cover: c.sum.h})
	g.asked = append(g.asked, 0)
	if c.best.feature < 0 {
		g.give(c.h)
		g.leaf(at, c)
		return at
	}
	l, r := c, c
	l.hi = g.partition(c.best, c.lo, c.hi)
	l.sum, r.lo, r.sum = c.best.left, l.hi, c.sum.minus(c.best.left)
	g.narrow(c.best, &l, &r)
	l.want, r.want = g.divisible(l, depth+1), g.divisible(r, depth+1)
	switch {
	case !l.want && !r.want:
		g.give(c.h)
		l.h, l.best.feature, r.h, r.best.feature = nil, -1, nil, -1
	case l.hi-l.lo <= r.hi-r.lo:
		l, r = g.search(l, r)
	default:
		r, l = g.search(r, l)
	}
	g.question(at, c.best)
	left := g.node(l, depth+1)
	right := g.node(r, depth+1)
	g.nodes[at].Left, g.nodes[at].Right = left, right
	return at
}

// divisible tells whether a node at a depth may have children.
func (g *grower) divisible(c child, depth int) bool {
	return depth < g.MaxDepth && c.hi-c.lo > 1 && c.sum.h > 0 && c.sum.h >= 2*g.MinWeight
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

// narrow sets the bounds of both children: a constrained question keeps them on their sides of the middle.
func (g *grower) narrow(s split, l, r *child) {
	if g.Monotone == nil || g.Monotone[s.feature] == 0 {
		return
	}
	mid := (g.answer(*l) + g.answer(*r)) / 2
	if g.Monotone[s.feature] > 0 {
		l.in.hi, r.in.lo = mid, mid
	} else {
		l.in.lo, r.in.hi = mid, mid
	}
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
func (g *grower) leaf(at int32, c child) {
	answer := g.LearningRate * g.answer(c)
	g.nodes[at].Value = answer
	for _, r := range g.rows[c.lo:c.hi] {
		g.raw[r] += answer
	}
}

// answer is what a leaf would say: for a quantile that of what is left to explain, as its loss has no
// curvature for a Newton step.
func (g *grower) answer(c child) float64 {
	if g.Loss != Quantile {
		return g.output(c.sum, c.in)
	}
	q := quantile(g.Quantile, g.rows[c.lo:c.hi], func(r int32) float64 { return g.set.Y[r] - g.raw[r] }, g.set)
	return min(max(q, c.in.lo), c.in.hi)
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
