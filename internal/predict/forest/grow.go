package forest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// grower grows trees one after the other in the same memory.
type grower struct {
	Options
	columns [][]float64
	y       []float64
	draw    *rand.Rand

	rows, scratch []int32 // the bootstrap sample, those of a node side by side
	seen          []bool
	features      []int
	sorted        []point
	nodes         []tree.Node
	leaves        [][]int32
}

// point is a row in the order of one feature's values.
type point struct {
	x, y float64
}

// split is a question: x <= at goes left, NaN with missingLeft too.
type split struct {
	gain        float64
	feature     int
	at          float64
	missingLeft bool
}

func newGrower(columns [][]float64, y []float64, o Options) *grower {
	g := &grower{
		Options: o, columns: columns, y: y, rows: make([]int32, len(y)), scratch: make([]int32, len(y)),
		seen: make([]bool, len(y)), features: make([]int, len(columns)), sorted: make([]point, len(y)),
	}
	return g
}

// grow leaves a tree in g.nodes.
func (g *grower) grow(draw *rand.Rand) {
	g.draw, g.nodes, g.leaves = draw, g.nodes[:0], nil
	for f := range g.features {
		g.features[f] = f
	}
	clear(g.seen)
	for i := range g.rows {
		r := int32(draw.IntN(len(g.y)))
		g.rows[i], g.seen[r] = r, true
	}
	slices.Sort(g.rows) // neighbours in memory, and one order for all sums
	g.node(0, len(g.rows), 0)
}

func (g *grower) node(lo, hi, depth int) int32 {
	at, rows := int32(len(g.nodes)), g.rows[lo:hi]
	mean := 0.0
	for _, r := range rows {
		mean += g.y[r]
	}
	mean /= float64(len(rows))
	g.nodes = append(g.nodes, tree.Node{Feature: tree.Leaf, Value: mean, Cover: float64(len(rows))})
	if g.Rows {
		g.leaves = append(g.leaves, nil)
	}
	s := split{feature: -1}
	if depth < g.MaxDepth && len(rows) >= 2*g.MinLeaf {
		s = g.best(rows, mean)
	}
	if s.feature < 0 {
		if g.Rows {
			g.leaves[at] = slices.Clone(rows)
		}
		return at
	}
	mid := lo + g.partition(rows, s)
	n := &g.nodes[at]
	n.Feature, n.Value = int32(s.feature), s.at
	if s.missingLeft {
		n.Flags = tree.MissingLeft
	}
	l := g.node(lo, mid, depth+1)
	r := g.node(mid, hi, depth+1)
	g.nodes[at].Left, g.nodes[at].Right = l, r
	return at
}

// best draws features until as many as asked for were of use; a feature that is constant here is drawn in vain.
// The gain is the sum of squares that the question explains: for labels of 0 and 1 that of Gini's impurity.
func (g *grower) best(rows []int32, mean float64) split {
	best := split{feature: -1}
	spread := 0.0
	for _, r := range rows {
		spread += (g.y[r] - mean) * (g.y[r] - mean)
	}
	if spread <= 1e-14*float64(len(rows))*mean*mean { // all the same: there is nothing to explain
		return best
	}
	best.gain = 1e-10 * spread // less is rounding
	for i, used := 0, 0; i < len(g.features) && used < g.Features; i++ {
		j := i + g.draw.IntN(len(g.features)-i)
		g.features[i], g.features[j] = g.features[j], g.features[i]
		if g.try(&best, rows, mean, g.features[i]) {
			used++
		}
	}
	return best
}

// try looks at every threshold of a feature, with what is missing on either side. It reports whether the feature varies.
func (g *grower) try(best *split, rows []int32, mean float64, f int) bool {
	column, n := g.columns[f], 0
	missing, lost := 0.0, 0
	for _, r := range rows {
		if v := column[r]; math.IsNaN(v) {
			missing += g.y[r] - mean
			lost++
		} else {
			g.sorted[n] = point{v, g.y[r] - mean}
			n++
		}
	}
	if n == 0 {
		return false
	}
	points := g.sorted[:n]
	slices.SortFunc(points, func(a, b point) int { return cmp.Or(cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y)) })
	all, left := float64(len(rows)), 0.0
	gain := func(sum, count float64) float64 { // of a side; the other has the rest, and all sums to 0
		if min(count, all-count) < float64(g.MinLeaf) {
			return 0
		}
		return sum * sum * (1/count + 1/(all-count))
	}
	for i, p := range points {
		left += p.y
		last := i == n-1
		if !last && points[i+1].x == p.x || last && lost == 0 {
			continue
		}
		at := math.MaxFloat64 // known against missing
		if !last {
			at = between(p.x, points[i+1].x)
		}
		count := float64(i + 1)
		if v := gain(left, count); v > best.gain {
			*best = split{v, f, at, lost == 0 && 2*count >= all}
		}
		if v := gain(left+missing, count+float64(lost)); !last && lost > 0 && v > best.gain {
			*best = split{v, f, at, true}
		}
	}
	return lost > 0 || points[0].x != points[n-1].x
}

// partition puts the rows that go left first, both sides in their order.
func (g *grower) partition(rows []int32, s split) int {
	column, l, r := g.columns[s.feature], 0, 0
	for _, row := range rows {
		if v := column[row]; v <= s.at || s.missingLeft && math.IsNaN(v) {
			rows[l] = row
			l++
		} else {
			g.scratch[r] = row
			r++
		}
	}
	copy(rows[l:], g.scratch[:r])
	return l
}

// outOfBag asks the tree about the rows that it did not see.
func (g *grower) outOfBag(t *tree.Tree, x [][]float64) []answer {
	var out []answer
	for i, seen := range g.seen {
		if !seen {
			out = append(out, answer{int32(i), t.Nodes[t.Leaf(x[i])].Value})
		}
	}
	return out
}

// between returns a threshold with a <= threshold < b.
func between(a, b float64) float64 {
	if m := a + (b-a)/2; m >= a && m < b {
		return m
	}
	return a
}
