package tree

import (
	"fmt"
	"math"
)

// Bounds of what is accepted from outside. Every model of the project stays far below them.
const (
	MaxFeatures = 1 << 16
	MaxTrees    = 1 << 16
	MaxDepth    = 512 // questions on one path
)

// Validate tells whether predicting and explaining with e is safe and ends: children stand behind their only
// parent, features exist, numbers are finite.
func (e *Ensemble) Validate() error {
	switch {
	case e.Features < 1 || e.Features > MaxFeatures:
		return fmt.Errorf("%d features, not 1 to %d", e.Features, MaxFeatures)
	case len(e.Trees) > MaxTrees:
		return fmt.Errorf("%d trees, more than %d", len(e.Trees), MaxTrees)
	case !finite(e.Base) || !finite(e.Scale):
		return fmt.Errorf("base or scale is no finite number")
	}
	for i := range e.Trees {
		if err := e.Trees[i].Validate(e.Features); err != nil {
			return fmt.Errorf("tree %d: %w", i, err)
		}
	}
	return nil
}

// Validate does for one tree what that of [Ensemble] does for all.
func (t *Tree) Validate(features int) error {
	if len(t.Nodes) == 0 {
		return fmt.Errorf("no node")
	}
	depth := make([]uint16, len(t.Nodes)) // 0: no parent seen yet, root 1
	depth[0] = 1
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if depth[i] == 0 {
			return fmt.Errorf("node %d has no parent before it", i)
		}
		if err := t.validateNode(n, features); err != nil {
			return fmt.Errorf("node %d: %w", i, err)
		}
		if n.Feature == Leaf {
			continue
		}
		if depth[i] > MaxDepth {
			return fmt.Errorf("node %d is deeper than %d", i, MaxDepth)
		}
		for _, c := range [2]int32{n.Left, n.Right} {
			if int(c) <= i || int(c) >= len(t.Nodes) || depth[c] != 0 {
				return fmt.Errorf("node %d: child %d stands before it, is missing or has another parent", i, c)
			}
			depth[c] = depth[i] + 1
		}
	}
	return nil
}

func (t *Tree) validateNode(n *Node, features int) error {
	switch {
	case !finite(n.Value):
		return fmt.Errorf("value is no finite number")
	case !finite(n.Cover) || n.Cover < 0:
		return fmt.Errorf("cover %g is no weight", n.Cover)
	case n.Feature == Leaf:
		return nil
	case n.Feature < 0 || int(n.Feature) >= features:
		return fmt.Errorf("feature %d of %d", n.Feature, features)
	case n.Flags >= unknown:
		return fmt.Errorf("flags %#x are unknown", n.Flags)
	case n.Flags&Categorical != 0 && (n.Value < 0 || n.Value >= float64(len(t.Sets)) || n.Value != math.Trunc(n.Value)):
		return fmt.Errorf("category set %g of %d", n.Value, len(t.Sets))
	}
	return nil
}

// Depth is the number of questions on the longest path.
func (t *Tree) Depth() int {
	deepest, depth := 0, make([]int, len(t.Nodes))
	for i, n := range t.Nodes {
		if n.Feature == Leaf {
			deepest = max(deepest, depth[i])
			continue
		}
		depth[n.Left], depth[n.Right] = depth[i]+1, depth[i]+1
	}
	return deepest
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
