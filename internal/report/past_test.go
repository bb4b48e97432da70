package report_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
)

func TestAPreviouslyActiveCodeDoesNotWaitToComeBack(t *testing.T) {
	s := sick()
	s.Codes = append(s.Codes, obd.DTC{Code: "SPN 102 FMI 18", Kind: obd.PreviouslyActive})
	d := build(t, "health", report.Input{Scan: s}, options(t, "en"))
	text := string(render(t, d, "md", report.Render{}))
	if !strings.Contains(text, "Keep SPN 102 FMI 18 in mind: active earlier, not now") || !strings.Contains(text, "Watch P0171:") {
		t.Errorf("what to do:\n%s", text)
	}
}
