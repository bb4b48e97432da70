package shap

import "github.com/fleetms/obdctl/internal/predict/tree"

// element is one distinct feature on the path from the root.
type element struct {
	feature   int32
	zero, one float64 // share of rows that follow the path when the feature is unknown, and when it is known
	weight    float64 // of the subsets with as many features as this element's place
}

type walker struct {
	row  []float64
	phi  []float64
	tree *tree.Tree
}

// visit walks the tree with the elements of the path so far, in path[:n], and one more. Deeper visits copy
// the path behind this one's, so that siblings do not see each other's.
func (w *walker) visit(at int32, path []element, n int, more element) {
	extend(path, n, more)
	node := &w.tree.Nodes[at]
	if node.Feature == tree.Leaf {
		for i := 1; i <= n; i++ {
			e := path[i]
			w.phi[e.feature] += unwound(path, n, i) * (e.one - e.zero) * node.Value
		}
		return
	}
	hot := w.tree.Next(node, w.row[node.Feature])
	cold := node.Left + node.Right - hot
	known := element{zero: 1, one: 1}
	for i := 1; i <= n; i++ {
		if path[i].feature == node.Feature { // asked before: both answers count together
			known = path[i]
			unwind(path, n, i)
			n--
			break
		}
	}
	cover := w.tree.Nodes[hot].Cover + w.tree.Nodes[cold].Cover
	for _, c := range [2]int32{hot, cold} {
		share, one := 0.0, 0.0
		if cover > 0 {
			share = w.tree.Nodes[c].Cover / cover
		}
		if c == hot {
			one = known.one
		}
		zero := known.zero * share
		if zero == 0 && one == 0 {
			continue // no row comes here, known or not
		}
		below := path[n+1:]
		copy(below, path[:n+1])
		w.visit(c, below, n+1, element{feature: node.Feature, zero: zero, one: one})
	}
}

// extend adds an element behind path[:n] and spreads the weights over subsets that are one larger.
func extend(path []element, n int, more element) {
	more.weight = 0
	if n == 0 {
		more.weight = 1
	}
	path[n] = more
	for i := n - 1; i >= 0; i-- {
		path[i+1].weight += more.one * path[i].weight * float64(i+1) / float64(n+1)
		path[i].weight = more.zero * path[i].weight * float64(n-i) / float64(n+1)
	}
}

// unwind takes element k out of path[:n+1] again.
func unwind(path []element, n, k int) {
	one, zero := path[k].one, path[k].zero
	next := path[n].weight
	for i := n - 1; i >= 0; i-- {
		if one != 0 {
			was := path[i].weight
			path[i].weight = next * float64(n+1) / (float64(i+1) * one)
			next = was - path[i].weight*zero*float64(n-i)/float64(n+1)
		} else {
			path[i].weight = path[i].weight * float64(n+1) / (zero * float64(n-i))
		}
	}
	for i := k; i < n; i++ {
		path[i].feature, path[i].zero, path[i].one = path[i+1].feature, path[i+1].zero, path[i+1].one
	}
}

// unwound is the sum of the weights that unwind would leave, without changing the path.
func unwound(path []element, n, k int) float64 {
	one, zero := path[k].one, path[k].zero
	next, total := path[n].weight, 0.0
	for i := n - 1; i >= 0; i-- {
		if one != 0 {
			w := next * float64(n+1) / (float64(i+1) * one)
			total += w
			next = path[i].weight - w*zero*float64(n-i)/float64(n+1)
		} else {
			total += path[i].weight * float64(n+1) / (zero * float64(n-i))
		}
	}
	return total
}
