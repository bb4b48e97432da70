package compare

import (
	"cmp"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// TestChange is one monitor test of service 06 before and after, as margin to its limit.
type TestChange struct {
	ECU      obd.Address `json:"ecu,omitzero"`
	MID      *uint8      `json:"mid,omitempty"`
	TID      uint8       `json:"tid"`
	Name     string      `json:"name,omitempty"`
	TestName string      `json:"test_name,omitempty"`
	Unit     string      `json:"unit,omitempty"`
	Before   *TestResult `json:"before,omitempty"` // absent when the test is not in that scan or had not run
	After    *TestResult `json:"after,omitempty"`
	// Move is "better" or "worse" by more than a tenth of the span, "same", "passes_now", "fails_now", or
	// "" when one side is missing.
	Move string `json:"move,omitempty"`
}

// TestResult is one side of a [TestChange].
type TestResult struct {
	Value  float64  `json:"value"`
	Min    *float64 `json:"min,omitempty"`
	Max    *float64 `json:"max,omitempty"`
	Margin *float64 `json:"margin,omitempty"` // fraction of the span between the limits, negative outside
	Passed bool     `json:"passed"`
}

// stir is the change of a margin that is worth a word: run-to-run scatter of service 06 values is of the
// order of a few percent of the span.
const stir = 0.1

type testKey struct {
	ecu  obd.Address
	mid  int
	tid  uint8
	part int
}

func keyOf(t obd.MonitorTest) testKey {
	k := testKey{ecu: t.ECU, mid: -1, tid: t.TID, part: -1}
	if t.MID != nil {
		k.mid = int(*t.MID)
	}
	if t.Part != nil {
		k.part = int(*t.Part)
	}
	return k
}

func tests(before, after []obd.MonitorTest) []TestChange {
	at := map[testKey]int{}
	changes := []TestChange{}
	place := func(t obd.MonitorTest) *TestChange {
		k := keyOf(t)
		i, there := at[k]
		if !there {
			i = len(changes)
			at[k] = i
			changes = append(changes, TestChange{ECU: t.ECU, MID: t.MID, TID: t.TID, Name: t.Name, TestName: t.TestName, Unit: t.Unit})
		}
		return &changes[i]
	}
	for _, t := range before {
		place(t).Before = resultOf(t)
	}
	for _, t := range after {
		place(t).After = resultOf(t)
	}
	changes = slices.DeleteFunc(changes, func(c TestChange) bool { return c.Before == nil && c.After == nil })
	for i := range changes {
		changes[i].Move = move(changes[i].Before, changes[i].After)
	}
	slices.SortStableFunc(changes, func(a, b TestChange) int { return cmp.Compare(weight(a.Move), weight(b.Move)) })
	return changes
}

func resultOf(t obd.MonitorTest) *TestResult {
	if t.NotRun {
		return nil
	}
	return &TestResult{Value: t.Value, Min: t.Min, Max: t.Max, Margin: t.Margin, Passed: t.Passed}
}

func move(before, after *TestResult) string {
	switch {
	case before == nil || after == nil:
		return ""
	case before.Passed && !after.Passed:
		return "fails_now"
	case !before.Passed && after.Passed:
		return "passes_now"
	case before.Margin == nil || after.Margin == nil:
		return "same"
	case *after.Margin > *before.Margin+stir:
		return "better"
	case *after.Margin < *before.Margin-stir:
		return "worse"
	}
	return "same"
}

// weight puts what a person wants to see first in front.
func weight(move string) int {
	return slices.Index([]string{"fails_now", "passes_now", "worse", "better", "same", ""}, move)
}
