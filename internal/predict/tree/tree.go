// Package tree holds decision trees in the one form that boosted, random and foreign models predict with
// and that attributions explain.
package tree

import "math"

// Leaf is the Feature of a node without children.
const Leaf = -1

// The flags of a node.
const (
	MissingLeft = 1 << iota // NaN goes left, else right
	ZeroMissing             // values within 1e-35 of 0 count as missing, as LightGBM may have it
	Categorical             // the node asks for membership: Value is the number of the set whose members go left
	unknown
)

// zero is LightGBM's kZeroThreshold, a float32.
const zero = float64(float32(1e-35))

// Node is one question or one answer. Children stand behind their parent.
type Node struct {
	Feature     int32 // column of the row, or Leaf
	Left, Right int32 // nodes of the same tree
	Flags       uint8
	Value       float64 // inner node: x <= Value goes left; leaf: the output
	Cover       float64 // weight of the training rows that came here
}

// Tree is a tree whose root is node 0. Sets are the members, as bits, that categorical nodes ask for.
type Tree struct {
	Nodes []Node
	Sets  [][]uint32
}

// Leaf returns the number of the leaf that row x falls into. x has a value, perhaps NaN, for every feature.
// It allocates nothing.
func (t *Tree) Leaf(x []float64) int32 {
	i := int32(0)
	for {
		n := &t.Nodes[i]
		if n.Feature < 0 {
			return i
		}
		if v := x[n.Feature]; n.Flags > MissingLeft {
			i = t.next(n, v)
		} else if v <= n.Value {
			i = n.Left
		} else if v > n.Value || n.Flags == 0 {
			i = n.Right
		} else {
			i = n.Left
		}
	}
}

// Next returns the child of inner node n that value v of its feature leads to.
func (t *Tree) Next(n *Node, v float64) int32 {
	if n.Flags > MissingLeft {
		return t.next(n, v)
	}
	if v <= n.Value || math.IsNaN(v) && n.Flags == MissingLeft {
		return n.Left
	}
	return n.Right
}

// next decides where zeros are missing or values are categories.
func (t *Tree) next(n *Node, v float64) int32 {
	var left bool
	switch {
	case math.IsNaN(v), n.Flags&ZeroMissing != 0 && v >= -zero && v <= zero:
		left = n.Flags&MissingLeft != 0
	case n.Flags&Categorical != 0:
		set := t.Sets[int(n.Value)]
		bit := int64(-1)
		if v > -1 && v < float64(32*len(set)) {
			bit = int64(v) // truncated, as the originals do
		}
		left = bit >= 0 && set[bit/32]>>(bit%32)&1 == 1
	default:
		left = v <= n.Value
	}
	if left {
		return n.Left
	}
	return n.Right
}

// Ensemble is a sum of trees. Its raw output for a row is Base plus Scale times the sum of the leaves.
type Ensemble struct {
	Features int // columns of a row
	Base     float64
	Scale    float64 // 1 in boosting, 1 over the number of trees in a forest
	Trees    []Tree
}

// lanes is how many trees are walked side by side: while one waits for memory, the others go on.
const lanes = 8

// Raw returns the output for one row of Features values, before any link function. It allocates nothing.
func (e *Ensemble) Raw(x []float64) float64 {
	sum, i := 0.0, 0
	for ; i+lanes <= len(e.Trees); i += lanes {
		sum = addLanes(sum, (*[lanes]Tree)(e.Trees[i:]), x)
	}
	for ; i < len(e.Trees); i++ {
		t := &e.Trees[i]
		sum += t.Nodes[t.Leaf(x)].Value
	}
	return e.Base + e.Scale*sum
}

// addLanes adds the answers of eight trees in their order, so that Raw sums as one tree after the other would.
func addLanes(sum float64, trees *[lanes]Tree, x []float64) float64 {
	var at [lanes]*Node
	for l := range trees {
		at[l] = &trees[l].Nodes[0]
	}
	for walking := true; walking; {
		walking = false
		for l, n := range at {
			if n.Feature < 0 {
				continue
			}
			t := &trees[l]
			at[l] = &t.Nodes[t.Next(n, x[n.Feature])]
			walking = true
		}
	}
	for _, n := range at {
		sum += n.Value
	}
	return sum
}

// Sigmoid is the logistic function, exact at both ends.
func Sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + math.Exp(-x))
	}
	e := math.Exp(x)
	return e / (1 + e)
}
