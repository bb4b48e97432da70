package j1939_test

import (
	"testing"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// TestOfDM7OnlyResultsPass shows that no confirmation lets a test begin: only the report of what was found last.
func TestOfDM7OnlyResultsPass(t *testing.T) {
	confirmed := link.ReadOnly().WithPGN(link.PGNCommandTest)
	results := j1939.ResultsFrame(249, 0, 110)
	if err := j1939.Check(confirmed, &results); err != nil {
		t.Error(err)
	}
	if err := j1939.Check(link.ReadOnly(), &results); errs.KindOf(err) != errs.Denied {
		t.Errorf("read-only: %v", err)
	}
	for name, f := range map[string]can.Frame{
		"another test": can.New(0x18E300F9|can.Extended, 1, 0x6E, 0, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF),
		"all tests":    can.New(0x18E300F9|can.Extended, j1939.TestsOfAll, 0, 0, 0x1F, 0xFF, 0xFF, 0xFF, 0xFF),
		"to everyone":  j1939.ResultsFrame(249, j1939.Global, 110),
		"cut short":    can.New(0x18E300F9|can.Extended, j1939.TestsOfOne, 0x6E, 0, 0x1F),
		"DM11":         can.New(0x18FED3F9|can.Extended, 0, 0, 0, 0, 0, 0, 0, 0),
	} {
		if err := j1939.Check(confirmed, &f); errs.KindOf(err) != errs.Denied {
			t.Errorf("%s: %v", name, err)
		}
	}
}
