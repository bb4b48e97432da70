package split_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// uneven returns 40 vehicles with 1 to 40 rows each; every fifth has failed.
func uneven() (groups []string, failed []bool) {
	for v := range 40 {
		for range v + 1 {
			groups = append(groups, string(rune('A'+v)))
			failed = append(failed, v%5 == 0)
		}
	}
	return groups, failed
}

func TestNoGroupStandsOnBothSides(t *testing.T) {
	groups, failed := uneven()
	plain, err := split.Grouped(groups, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	even, err := split.Stratified(groups, failed, 5, 1)
	if err != nil {
		t.Fatal(err)
	}
	held, err := split.Holdout(groups, 0.3, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(append(plain, even...), held) {
		if len(f.Train)+len(f.Test) != len(groups) || len(f.Test) == 0 {
			t.Fatalf("%d and %d rows of %d", len(f.Train), len(f.Test), len(groups))
		}
		tested := map[string]bool{}
		for _, i := range f.Test {
			tested[groups[i]] = true
		}
		for _, i := range f.Train {
			if tested[groups[i]] {
				t.Fatalf("vehicle %q is trained on and tested", groups[i])
			}
		}
	}
}

func TestFoldsAreBalanced(t *testing.T) {
	groups, failed := uneven()
	folds, _ := split.Grouped(groups, 5, 3)
	seen := make([]bool, len(groups))
	for _, f := range folds {
		if share := float64(len(f.Test)) / float64(len(groups)); math.Abs(share-0.2) > 0.02 {
			t.Errorf("a fold of 5 tests %.0f %% of the rows", 100*share)
		}
		for _, i := range f.Test {
			if seen[i] {
				t.Fatalf("row %d is tested twice", i)
			}
			seen[i] = true
		}
	}
	folds, _ = split.Stratified(groups, failed, 4, 3)
	for _, f := range folds {
		n := 0
		for _, i := range f.Test {
			if failed[i] {
				n++
			}
		}
		if n < 20 || n > 60 { // 148 of 820 rows, in 8 vehicles of 1 to 36 rows
			t.Errorf("a fold of 4 has %d of 148 failed rows", n)
		}
	}
}

func TestSeedDecides(t *testing.T) {
	groups, _ := uneven()
	a, _ := split.Grouped(groups, 5, 1)
	b, _ := split.Grouped(groups, 5, 1)
	c, _ := split.Grouped(split.Rows(len(groups)), 5, 1)
	d, _ := split.Grouped(split.Rows(len(groups)), 5, 2)
	if !reflect.DeepEqual(a, b) {
		t.Error("one seed gives one split")
	}
	if reflect.DeepEqual(c, d) {
		t.Error("another seed gives another split")
	}
}

func TestTooManyFoldsAreRefused(t *testing.T) {
	for _, k := range []int{-1, 0, 1, 3} {
		if _, err := split.Grouped([]int{7, 7, 8}, k, 1); errs.KindOf(err) != errs.Usage || errs.HintOf(err) == "" {
			t.Errorf("%d folds of 2 groups: %v", k, err)
		}
	}
	if _, err := split.Holdout([]int{1, 1}, 0.5, 1); err == nil {
		t.Error("one group cannot be held out of itself")
	}
	if _, err := split.Holdout([]int{1, 2}, math.NaN(), 1); err == nil {
		t.Error("a share that is no number is refused")
	}
}

func TestTake(t *testing.T) {
	if got := split.Take([]string{"a", "b", "c"}, []int{2, 0}); !reflect.DeepEqual(got, []string{"c", "a"}) {
		t.Error(got)
	}
}
