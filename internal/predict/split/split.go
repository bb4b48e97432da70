// Package split divides rows into training and test so that no unit (vehicle, trip, cell) stands on both sides.
//
// Rows of one unit resemble each other; a split by rows would measure memory instead of knowledge.
package split

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
)

// Fold is one division: row numbers in ascending order, every row on exactly one side.
type Fold struct{ Train, Test []int }

// Grouped returns k folds; all rows with the same group are tested in the same fold. Folds are balanced by
// rows: groups go, largest first and equal ones in seeded order, to the fold that is smallest so far.
func Grouped[G comparable](groups []G, k int, seed uint64) ([]Fold, error) {
	members := collect(groups)
	if k < 2 || k > len(members) {
		return nil, errs.New(errs.Usage, "split: %d folds of %d groups", k, len(members)).
			WithHint("use at least 2 folds and no more than there are groups")
	}
	shuffle(members, seed)
	slices.SortStableFunc(members, func(a, b []int) int { return cmp.Compare(len(b), len(a)) })
	size, fold := make([]int, k), make([]int, len(groups))
	for _, rows := range members {
		to := slices.Index(size, slices.Min(size))
		size[to] += len(rows)
		for _, r := range rows {
			fold[r] = to
		}
	}
	return divide(fold, k), nil
}

// Stratified returns k folds as [Grouped] does, and keeps the share of positive rows as even as groups allow.
// A split by rows is one with a group for each row, see [Rows].
func Stratified[G comparable](groups []G, positive []bool, k int, seed uint64) ([]Fold, error) {
	if len(groups) != len(positive) {
		return nil, fmt.Errorf("split: %d groups for %d labels", len(groups), len(positive))
	}
	members := collect(groups)
	if k < 2 || k > len(members) {
		return nil, errs.New(errs.Usage, "split: %d folds of %d groups", k, len(members)).
			WithHint("use at least 2 folds and no more than there are groups")
	}
	hits := func(rows []int) (n int) {
		for _, r := range rows {
			if positive[r] {
				n++
			}
		}
		return n
	}
	shuffle(members, seed)
	slices.SortStableFunc(members, func(a, b []int) int {
		return cmp.Or(cmp.Compare(hits(b), hits(a)), cmp.Compare(len(b), len(a)))
	})
	size, have, fold := make([]int, k), make([]int, k), make([]int, len(groups))
	for _, rows := range members {
		n, to := hits(rows), 0
		for f := range k { // positive groups level out positives, the rest levels out sizes
			if n > 0 && cmp.Or(cmp.Compare(have[f], have[to]), cmp.Compare(size[f], size[to])) < 0 || n == 0 && size[f] < size[to] {
				to = f
			}
		}
		size[to] += len(rows)
		have[to] += n
		for _, r := range rows {
			fold[r] = to
		}
	}
	return divide(fold, k), nil
}

// Holdout keeps whole groups apart for testing until they have at least the given share of all rows.
func Holdout[G comparable](groups []G, share float64, seed uint64) (Fold, error) {
	members := collect(groups)
	if !(share > 0 && share < 1) || len(members) < 2 {
		return Fold{}, errs.New(errs.Usage, "split: hold out %g of %d groups", share, len(members)).
			WithHint("use a share between 0 and 1, and at least 2 groups")
	}
	shuffle(members, seed)
	fold, held := make([]int, len(groups)), 0
	for _, rows := range members[1:] { // one group always stays for training
		if float64(held) >= share*float64(len(groups)) {
			break
		}
		held += len(rows)
		for _, r := range rows {
			fold[r] = 1
		}
	}
	return divide(fold, 2)[1], nil
}

// Rows are n groups of one row each, for data without units.
func Rows(n int) []int {
	groups := make([]int, n)
	for i := range groups {
		groups[i] = i
	}
	return groups
}

// Take returns the chosen elements of rows (feature rows, targets, groups), in that order.
func Take[T any](rows []T, chosen []int) []T {
	out := make([]T, len(chosen))
	for i, r := range chosen {
		out[i] = rows[r]
	}
	return out
}

// collect lists the rows of each group, groups in order of first appearance.
func collect[G comparable](groups []G) [][]int {
	at := map[G]int{}
	var members [][]int
	for i, g := range groups {
		j, ok := at[g]
		if !ok {
			j = len(members)
			at[g] = j
			members = append(members, nil)
		}
		members[j] = append(members[j], i)
	}
	return members
}

func shuffle(members [][]int, seed uint64) {
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
}

func divide(fold []int, k int) []Fold {
	folds := make([]Fold, k)
	for i, f := range fold {
		for j := range folds {
			if j == f {
				folds[j].Test = append(folds[j].Test, i)
			} else {
				folds[j].Train = append(folds[j].Train, i)
			}
		}
	}
	return folds
}
