package foreign

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

// The bits of LightGBM's decision_type (its include/LightGBM/tree.h).
const (
	lgbCategorical = 1
	lgbDefaultLeft = 2
	lgbMissing     = 3 << 2 // none, zero or NaN counts as missing
	lgbMissingZero = 1 << 2
	lgbMissingNaN  = 2 << 2
)

// lgbTree reads one tree: n leaves and n-1 questions, whose children are questions or, as -1-i, leaves.
func lgbTree(block map[string]string, features int) (tree.Tree, error) {
	leaves, err := strconv.Atoi(block["num_leaves"])
	if err != nil || leaves < 1 || leaves > 1<<24 {
		return tree.Tree{}, fmt.Errorf("%.20q leaves", block["num_leaves"])
	}
	if linear := block["is_linear"]; linear != "" && linear != "0" {
		return tree.Tree{}, fmt.Errorf("linear trees are not supported")
	}
	c := columns{block: block}
	value, count := c.floats("leaf_value", leaves), c.optional("leaf_count", leaves)
	if c.err != nil {
		return tree.Tree{}, c.err
	}
	asked := leaves - 1
	nodes := make([]loose, asked, asked+leaves)
	var sets [][]uint32
	if asked > 0 {
		sets = c.sets()
		c.questions(nodes, sets, features)
	}
	if c.err != nil {
		return tree.Tree{}, c.err
	}
	for i, v := range value {
		nodes = append(nodes, loose{Node: tree.Node{Feature: tree.Leaf, Value: v, Cover: count[i]}})
	}
	t, err := lay(nodes, sets)
	if err != nil {
		return t, err
	}
	return t, t.Validate(features)
}

// columns reads lists of numbers and keeps the first error.
type columns struct {
	block map[string]string
	err   error
}

func (c *columns) floats(key string, n int) []float64 {
	words := strings.Fields(c.block[key])
	if len(words) != n && c.err == nil {
		c.err = fmt.Errorf("%s has %d numbers, not %d", key, len(words), n)
	}
	if c.err != nil {
		return nil
	}
	out := make([]float64, n)
	for i, w := range words {
		v, err := strconv.ParseFloat(w, 64)
		if err != nil {
			c.err = fmt.Errorf("%s: %.20q is no number", key, w)
			return nil
		}
		out[i] = v
	}
	return out
}

// optional is floats for what older files and trees of one leaf do not have: all 0 then.
func (c *columns) optional(key string, n int) []float64 {
	if c.err == nil && strings.TrimSpace(c.block[key]) == "" {
		return make([]float64, n)
	}
	return c.floats(key, n)
}

// integers is floats for whole numbers.
func (c *columns) integers(key string, n int) []int {
	numbers := c.floats(key, n)
	out := make([]int, len(numbers))
	for i, v := range numbers {
		if v != math.Trunc(v) || math.Abs(v) > 1<<32 {
			c.err = fmt.Errorf("%s: %g is no whole number", key, v)
			return nil
		}
		out[i] = int(v)
	}
	if c.err != nil {
		return nil
	}
	return out
}

// questions fills the inner nodes.
func (c *columns) questions(nodes []loose, sets [][]uint32, features int) {
	n := len(nodes)
	feature, threshold, kind := c.integers("split_feature", n), c.floats("threshold", n), c.integers("decision_type", n)
	left, right, count := c.integers("left_child", n), c.integers("right_child", n), c.optional("internal_count", n)
	if c.err != nil {
		return
	}
	place := func(child int) int {
		if child < 0 {
			return n - 1 - child
		}
		return child
	}
	for i := range nodes {
		if feature[i] < 0 || feature[i] >= features || kind[i] < 0 || kind[i] > 15 {
			c.err = fmt.Errorf("question %d: feature %d of %d, type %d", i, feature[i], features, kind[i])
			return
		}
		node := tree.Node{Feature: int32(feature[i]), Value: threshold[i], Cover: count[i], Flags: lgbFlags(kind[i], threshold[i])}
		if node.Flags&tree.Categorical != 0 && (threshold[i] < 0 || threshold[i] >= float64(len(sets))) {
			c.err = fmt.Errorf("question %d: category set %g of %d", i, threshold[i], len(sets))
			return
		}
		nodes[i] = loose{node, place(left[i]), place(right[i])}
	}
}

// lgbFlags says where what is missing goes. Where nothing counts as missing, LightGBM takes NaN for 0; of
// categories, NaN is no member.
func lgbFlags(kind int, threshold float64) uint8 {
	if kind&lgbCategorical != 0 {
		return tree.Categorical
	}
	var flags uint8
	left := kind&lgbDefaultLeft != 0
	switch kind & lgbMissing {
	case lgbMissingZero:
		flags = tree.ZeroMissing
	case lgbMissingNaN:
	default:
		left = threshold >= 0
	}
	if left {
		flags |= tree.MissingLeft
	}
	return flags
}

// sets reads the bits of the category sets, which lie one behind the other.
func (c *columns) sets() [][]uint32 {
	n, err := strconv.Atoi(orZero(c.block["num_cat"]))
	if err != nil || n < 0 || n > 1<<24 {
		c.err = fmt.Errorf("%.20q category sets", c.block["num_cat"])
		return nil
	}
	if n == 0 {
		return nil
	}
	bounds := c.integers("cat_boundaries", n+1)
	words := c.integers("cat_threshold", len(strings.Fields(c.block["cat_threshold"])))
	if c.err != nil {
		return nil
	}
	all := make([]uint32, len(words))
	for i, w := range words {
		if w < 0 || w > math.MaxUint32 {
			c.err = fmt.Errorf("cat_threshold: %d is no word of 32 bits", w)
			return nil
		}
		all[i] = uint32(w)
	}
	sets := make([][]uint32, n)
	for i := range sets {
		from, to := bounds[i], bounds[i+1]
		if from < 0 || to < from || to > len(all) {
			c.err = fmt.Errorf("category set %d lies from %d to %d of %d", i, from, to, len(all))
			return nil
		}
		sets[i] = all[from:to]
	}
	return sets
}
