package assess_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/obd"
)

// result builds a monitor test of service 06; margin is given as the codec fills it.
func result(mid, tid uint8, low, value, high, margin float64) obd.MonitorTest {
	return obd.MonitorTest{ECU: engine, MID: &mid, TID: tid, Value: value, Min: &low, Max: &high, Margin: &margin, Passed: margin >= 0}
}

func TestCloseCalls(t *testing.T) {
	named := result(0x21, 0x84, 1, 1.25, 3, 0.125)
	named.Name, named.TestName = "catalyst, bank 1", "sensor period"
	notRun := result(0x3C, 0x80, 0, 0, 0, 0)
	notRun.NotRun = true
	part := uint8(2)
	older := obd.MonitorTest{TID: 5, Part: &part, Value: 380, Passed: true, Margin: new(0.05)}
	s := car(func(s *obd.Scan) {
		s.Tests = []obd.MonitorTest{
			named,
			result(0x31, 0x80, 10, 19, 20, 0.1),
			result(0x31, 0x81, 10, 15, 20, 0.5),
			result(0x31, 0x82, 10, 21, 20, -0.1), // failed: not close, a finding
			result(0xA2, 0x0C, 0, 1, 100, 0.01),  // a counter near zero
			result(0xA3, 0x0C, 0, 95, 100, 0.05),
			notRun,
			older,
			{TID: 1, Passed: true},
		}
	})
	var got []string
	for _, c := range assess.CloseCalls(s) {
		got = append(got, fmt.Sprintf("%s %.3f", c.Name, c.Margin))
	}
	want := "monitor A3: test 0C 0.050; test 05 of component 02 0.050; monitor 31: test 80 0.100; catalyst, bank 1: sensor period 0.125"
	if strings.Join(got, "; ") != want {
		t.Errorf("got %s\nwant %s", strings.Join(got, "; "), want)
	}
}
