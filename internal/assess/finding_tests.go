package assess

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// failedTests lists monitor tests outside their limits: a code follows, or was just cleared.
func failedTests(s *obd.Scan) []obd.Finding {
	var found []obd.Finding
	for _, t := range s.Tests {
		if t.Passed || t.NotRun {
			continue
		}
		found = append(found, obd.Finding{ID: "test_failed", Severity: medium,
			Text: fmt.Sprintf("Monitor test failed%s, %s: %s.", source(s, t.ECU, " in "), testName(t), limits(t))})
	}
	return found
}

// limits writes a test's value and the limits that it has.
func limits(t obd.MonitorTest) string {
	unit := ""
	if t.Unit != "" {
		unit = " " + t.Unit
	}
	text := fmt.Sprintf("%.4g%s", t.Value, unit)
	switch {
	case t.Min != nil && t.Max != nil:
		return text + fmt.Sprintf(", allowed %.4g to %.4g%s", *t.Min, *t.Max, unit)
	case t.Min != nil:
		return text + fmt.Sprintf(", at least %.4g%s allowed", *t.Min, unit)
	case t.Max != nil:
		return text + fmt.Sprintf(", at most %.4g%s allowed", *t.Max, unit)
	}
	return text
}
