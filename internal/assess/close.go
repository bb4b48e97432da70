package assess

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// closeMargin is the fraction of the span below which a passed test is called close to its limit.
const closeMargin = 0.15

// CloseCalls lists the passed monitor tests that are near a limit, the nearest first: what may fail next.
func CloseCalls(s *obd.Scan) []obd.CloseCall {
	calls := []obd.CloseCall{}
	for _, t := range s.Tests {
		if !t.Passed || t.NotRun || t.Margin == nil || *t.Margin < 0 || *t.Margin >= closeMargin || bestAtZero(t) {
			continue
		}
		calls = append(calls, obd.CloseCall{ECU: t.ECU, MID: t.MID, TID: t.TID, Name: testName(t), Margin: *t.Margin})
	}
	slices.SortStableFunc(calls, func(a, b obd.CloseCall) int { return cmp.Compare(a.Margin, b.Margin) })
	return calls
}

// bestAtZero tells a test whose lower limit of zero is no more than the end of its scale: a counter that
// stands near zero is as far from trouble as can be.
func bestAtZero(t obd.MonitorTest) bool {
	return t.Min != nil && *t.Min == 0 && t.Max != nil && t.Value < *t.Max/2
}

// testName says what was tested, by ids where the standard has no name.
func testName(t obd.MonitorTest) string {
	name, test := t.Name, t.TestName
	if name == "" && t.MID != nil {
		name = fmt.Sprintf("monitor %02X", *t.MID)
	}
	if test == "" {
		test = fmt.Sprintf("test %02X", t.TID)
	}
	if t.Part != nil && t.MID == nil && t.Name == "" {
		test += fmt.Sprintf(" of component %02X", *t.Part)
	}
	if name == "" {
		return test
	}
	return name + ": " + test
}
