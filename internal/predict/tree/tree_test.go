package tree_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/predict/tree"
)

func stump(flags uint8, value float64) tree.Tree {
	return tree.Tree{
		Nodes: []tree.Node{{Feature: 0, Left: 1, Right: 2, Flags: flags, Value: value, Cover: 2}, {Feature: tree.Leaf, Value: -1, Cover: 1}, {Feature: tree.Leaf, Value: 1, Cover: 1}},
		Sets:  [][]uint32{{1<<1 | 1<<31, 1}}, // 1, 31 and 32
	}
}

func TestQuestions(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		flags uint8
		value float64
		left  []float64
		right []float64
	}{
		{0, 5, []float64{-inf, 0, 5}, []float64{5.001, inf, nan}},
		{tree.MissingLeft, 5, []float64{5, nan}, []float64{6, inf}},
		{tree.MissingLeft, -5, []float64{-5, nan}, []float64{0}},
		{tree.ZeroMissing, 5, []float64{1e-30, 5}, []float64{0, 1e-36, -1e-36, nan, 6}},
		{tree.ZeroMissing | tree.MissingLeft, -5, []float64{0, nan, -6}, []float64{-4, 1e-30}},
		{tree.Categorical, 0, []float64{1, 1.9, 31, 32}, []float64{0, -1, 2, 33, 64, 1e300, inf, -inf, nan}},
		{tree.Categorical | tree.MissingLeft, 0, []float64{1, nan}, []float64{0}},
	} {
		s := stump(c.flags, c.value)
		if err := s.Validate(1); err != nil {
			t.Fatal(err)
		}
		for side, values := range map[int32][]float64{1: c.left, 2: c.right} {
			for _, v := range values {
				if got := s.Leaf([]float64{v}); got != side || s.Next(&s.Nodes[0], v) != side {
					t.Errorf("flags %d, threshold %v, value %v: node %d, want %d", c.flags, c.value, v, got, side)
				}
			}
		}
	}
}

// Raw walks several trees side by side; their number must not matter.
func TestSumOfAnyNumberOfTrees(t *testing.T) {
	e := tree.Ensemble{Features: 1, Base: 10, Scale: 0.5}
	want := 10.0
	for n := range 40 {
		if got := e.Raw([]float64{float64(n)}); got != want {
			t.Errorf("%d trees: %v, want %v", n, got, want)
		}
		deep := stump(0, float64(100))
		if n%3 == 0 { // some are a single leaf
			deep = tree.Tree{Nodes: []tree.Node{{Feature: tree.Leaf, Value: 4}}}
			want += 2
		} else {
			want -= 0.5
		}
		e.Trees = append(e.Trees, deep)
	}
}

func TestColumnsKeepEveryField(t *testing.T) {
	s := stump(tree.Categorical|tree.MissingLeft, 0)
	text, err := json.Marshal(&s)
	if err != nil {
		t.Fatal(err)
	}
	var again tree.Tree
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	for i, n := range s.Nodes {
		if again.Nodes[i] != n {
			t.Errorf("node %d: %+v, want %+v", i, again.Nodes[i], n)
		}
	}
	if len(again.Sets) != 1 || again.Sets[0][0] != s.Sets[0][0] {
		t.Errorf("%v", again.Sets)
	}
}

func TestDecodeReadsOneBoundedDocument(t *testing.T) {
	var v []int
	if err := tree.Decode(strings.NewReader("[1] "), &v); err != nil || len(v) != 1 {
		t.Error(v, err)
	}
	for _, text := range []string{"", "[1", "[1][2]", "[1]x"} {
		if tree.Decode(strings.NewReader(text), &v) == nil {
			t.Errorf("%q was taken", text)
		}
	}
	for size, ok := range map[int]bool{1000: true, 1001: false, 5000: false} {
		err := tree.DecodeUpTo(strings.NewReader("["+strings.Repeat(" ", size-3)+"1]"), 1000, &v)
		if ok != (err == nil) || !ok && !strings.Contains(err.Error(), "longer than 1000 bytes") {
			t.Errorf("%d bytes of at most 1000: %v", size, err)
		}
	}
}

func TestSigmoidIsExactAtBothEnds(t *testing.T) {
	for x, want := range map[float64]float64{0: 0.5, 800: 1, -800: 0, 1: 0.7310585786300049, -1: 0.2689414213699951} {
		if got := tree.Sigmoid(x); math.Abs(got-want) > 1e-16 {
			t.Errorf("%v: %v", x, got)
		}
	}
}

func TestDepth(t *testing.T) {
	s := stump(0, 1)
	leaf := tree.Tree{Nodes: []tree.Node{{Feature: tree.Leaf}}}
	if s.Depth() != 1 || leaf.Depth() != 0 {
		t.Error(s.Depth(), leaf.Depth())
	}
}
