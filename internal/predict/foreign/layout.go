package foreign

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// loose is a node whose children are numbers in a foreign file's order.
type loose struct {
	tree.Node
	left, right int
}

// lay puts the nodes that can be reached from the first into our order, a parent before its children, and
// refuses loops, shared children and numbers of nodes that are not there.
func lay(nodes []loose, sets [][]uint32) (tree.Tree, error) {
	t := tree.Tree{Sets: sets}
	seen := make([]bool, len(nodes))
	var put func(at, depth int) (int32, error)
	put = func(at, depth int) (int32, error) {
		if at < 0 || at >= len(nodes) || seen[at] {
			return 0, fmt.Errorf("node %d is missing or has two parents", at)
		}
		if depth > tree.MaxDepth {
			return 0, fmt.Errorf("node %d is deeper than %d", at, tree.MaxDepth)
		}
		seen[at] = true
		place := int32(len(t.Nodes))
		t.Nodes = append(t.Nodes, nodes[at].Node)
		if nodes[at].Feature == tree.Leaf {
			return place, nil
		}
		l, err := put(nodes[at].left, depth+1)
		if err != nil {
			return 0, err
		}
		r, err := put(nodes[at].right, depth+1)
		t.Nodes[place].Left, t.Nodes[place].Right = l, r
		return place, err
	}
	_, err := put(0, 0)
	return t, err
}
