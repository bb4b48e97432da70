package assess_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestCoach(t *testing.T) {
	for _, row := range []struct {
		name    string
		scan    *obd.Scan
		monitor obd.MonitorID
		advice  string
		blocked string // "" means not blocked
	}{
		{"catalyst", car(open(obd.MonitorCatalyst), reads("ECT=88")), obd.MonitorCatalyst, "steady 80 to 100 km/h", ""},
		{"catalyst, cold engine", car(open(obd.MonitorCatalyst), reads("ECT=21")), obd.MonitorCatalyst, "Warm the engine up", "coolant is at 21 °C, the monitor waits for about 70"},
		{"catalyst, misfiring", car(open(obd.MonitorCatalyst), code(obd.Stored, "P0301")), obd.MonitorCatalyst, "", "P0301 may suspend it: repair first"},
		{"catalyst, pending and stored the same", car(open(obd.MonitorCatalyst), code(obd.Stored, "P0171"), code(obd.Pending, "P0171")), obd.MonitorCatalyst, "", "P0171 may suspend it"},
		{"catalyst, unrelated code", car(open(obd.MonitorCatalyst), code(obd.Stored, "U0100")), obd.MonitorCatalyst, "", ""},
		{"EVAP", car(open(obd.MonitorEvap), reads("ECT=20 FLI=50 AAT=20 BARO=98")), obd.MonitorEvap, "15 to 85 % fuel", ""},
		{"EVAP, warm engine", car(open(obd.MonitorEvap), reads("ECT=88 FLI=50")), obd.MonitorEvap, "8 hours", "coolant is at 88 °C, the monitor waits for a cold start below 35"},
		{"EVAP, full tank", car(open(obd.MonitorEvap), reads("FLI=96")), obd.MonitorEvap, "", "fuel level is 96 %, the monitor waits for 15 to 85"},
		{"EVAP, empty tank and frost", car(open(obd.MonitorEvap), reads("FLI=8 AAT=-5")), obd.MonitorEvap, "", "fuel level is 8 %, the monitor waits for 15 to 85; outside air is at -5 °C, the monitor waits for 4 to 35"},
		{"EVAP, mountain", car(open(obd.MonitorEvap), reads("BARO=70")), obd.MonitorEvap, "", "air pressure is 70 kPa"},
		{"catalyst does not mind the tank", car(open(obd.MonitorCatalyst), reads("FLI=8 ECT=88")), obd.MonitorCatalyst, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			steps := assess.Coach(row.scan)
			if len(steps) != 1 || steps[0].Monitor != row.monitor {
				t.Fatalf("steps = %+v", steps)
			}
			blocked := steps[0].Blocked
			if !strings.Contains(steps[0].Advice, row.advice) || !strings.Contains(blocked, row.blocked) || row.blocked == "" && blocked != "" {
				t.Errorf("got %+v, want %q blocked by %q", steps[0], row.advice, row.blocked)
			}
		})
	}
}

// TestCoachKnowsEveryMonitor opens every monitor there is.
func TestCoachKnowsEveryMonitor(t *testing.T) {
	all := []obd.MonitorID{
		obd.MonitorMisfire, obd.MonitorFuelSystem, obd.MonitorComponents, obd.MonitorCatalyst, obd.MonitorHeatedCat,
		obd.MonitorEvap, obd.MonitorSecondaryAir, obd.MonitorACRefrigerant, obd.MonitorOxygenSensor, obd.MonitorOxygenHeater,
		obd.MonitorEGR, obd.MonitorNMHCCatalyst, obd.MonitorNOxSCR, obd.MonitorBoost, obd.MonitorExhaustGas, obd.MonitorPMFilter,
	}
	s := car()
	s.Readiness.SinceClear = nil
	for _, id := range all {
		s.Readiness.SinceClear = append(s.Readiness.SinceClear, obd.Monitor{ID: id, Supported: true})
	}
	steps := assess.Coach(s)
	if len(steps) != len(all) {
		t.Fatalf("%d steps for %d open monitors", len(steps), len(all))
	}
	for i, step := range steps {
		if step.Monitor != all[i] || len(step.Advice) < 40 || !strings.HasSuffix(step.Advice, ".") {
			t.Errorf("step %d = %+v", i, step)
		}
	}
	if i := assess.Inspection(s); strings.Contains(strings.Join(i.Reasons, ""), ", ,") {
		t.Errorf("a monitor has no name: %q", i.Reasons)
	}
}
