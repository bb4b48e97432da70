package isolation

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// grower grows one tree.
type grower struct {
	x        [][]float64
	draw     *rand.Rand
	depth    int // at which a path ends: the mean depth of a balanced tree says that the row is ordinary
	features []int
	scratch  []int32
	nodes    []tree.Node
}

// grow returns a tree over a sample of the rows, drawn without replacement.
func grow(x [][]float64, sample int, draw *rand.Rand) tree.Tree {
	g := &grower{x: x, draw: draw, depth: bits.Len(uint(sample - 1)), features: make([]int, len(x[0])), scratch: make([]int32, sample)}
	for f := range g.features {
		g.features[f] = f
	}
	g.node(choose(len(x), sample, draw), 0)
	return tree.Tree{Nodes: g.nodes}
}

// choose returns k of n row numbers, each set as likely (R. Floyd's algorithm, Comm. ACM 30, 1987).
func choose(n, k int, draw *rand.Rand) []int32 {
	rows, in := make([]int32, 0, k), make(map[int32]bool, k)
	for i := n - k; i < n; i++ {
		r := int32(draw.IntN(i + 1))
		if in[r] {
			r = int32(i)
		}
		in[r] = true
		rows = append(rows, r)
	}
	return rows
}

func (g *grower) node(rows []int32, depth int) int32 {
	at := int32(len(g.nodes))
	g.nodes = append(g.nodes, tree.Node{Feature: tree.Leaf, Value: float64(depth) + pathLength(len(rows)), Cover: float64(len(rows))})
	if depth >= g.depth || len(rows) < 2 {
		return at
	}
	f, low, high := g.varying(rows)
	if f < 0 {
		return at
	}
	threshold := low + g.draw.Float64()*(high-low)
	if math.IsInf(high-low, 1) {
		threshold = low/2 + g.draw.Float64()*(high/2-low/2)
	}
	if threshold >= high { // rounded up: the right side must not be empty
		threshold = low
	}
	mid, missingLeft := g.partition(rows, f, threshold)
	n := &g.nodes[at]
	n.Feature, n.Value = int32(f), threshold
	if missingLeft {
		n.Flags = tree.MissingLeft
	}
	l := g.node(rows[:mid], depth+1)
	r := g.node(rows[mid:], depth+1)
	g.nodes[at].Left, g.nodes[at].Right = l, r
	return at
}

// varying draws features until one differs among the rows; -1 when none does.
func (g *grower) varying(rows []int32) (f int, low, high float64) {
	for i := range g.features {
		j := i + g.draw.IntN(len(g.features)-i)
		g.features[i], g.features[j] = g.features[j], g.features[i]
		f, low, high = g.features[i], math.Inf(1), math.Inf(-1)
		for _, r := range rows {
			if v := g.x[r][f]; !math.IsNaN(v) {
				low, high = min(low, v), max(high, v)
			}
		}
		if low < high {
			return f, low, high
		}
	}
	return -1, 0, 0
}

// partition puts the rows that go left first and says where those without a value went.
func (g *grower) partition(rows []int32, f int, threshold float64) (mid int, missingLeft bool) {
	below, above := 0, 0
	for _, r := range rows {
		if v := g.x[r][f]; v <= threshold {
			below++
		} else if v > threshold {
			above++
		}
	}
	missingLeft = below >= above
	l, r := 0, 0
	for _, row := range rows {
		if v := g.x[row][f]; v <= threshold || missingLeft && math.IsNaN(v) {
			rows[l] = row
			l++
		} else {
			g.scratch[r] = row
			r++
		}
	}
	copy(rows[l:], g.scratch[:r])
	return l, missingLeft
}
