package assess_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestInspection(t *testing.T) {
	diesel := func(s *obd.Scan) { s.Readiness.Ignition = obd.Compression }
	for _, row := range []struct {
		name    string
		scan    *obd.Scan
		verdict obd.Verdict
		says    string // in the reasons
	}{
		{"all complete", car(), obd.Pass, "0 of 4 monitors open; 1 allowed"},
		{"one open", car(open(obd.MonitorEvap)), obd.Pass, "1 of 4 monitors open: EVAP system; 1 allowed"},
		{"two open", car(open(obd.MonitorEvap, obd.MonitorCatalyst)), obd.Fail, "2 of 4 monitors open: catalyst, EVAP system; 1 allowed"},
		{"two open, 1999", car(open(obd.MonitorEvap, obd.MonitorCatalyst), year(1999)), obd.Pass, "2 allowed"},
		{"two open, 2000", car(open(obd.MonitorEvap, obd.MonitorCatalyst), year(2000)), obd.Pass, "2 allowed"},
		{"two open, 2001", car(open(obd.MonitorEvap, obd.MonitorCatalyst), year(2001)), obd.Fail, "1 allowed"},
		{"three open, 1999", car(open(obd.MonitorEvap, obd.MonitorCatalyst, obd.MonitorOxygenSensor), year(1999)), obd.Fail, "2 allowed"},
		{"two open, year not known", car(open(obd.MonitorEvap, obd.MonitorCatalyst), year(0)), obd.Unknown, "model year is not known"},
		{"three open, year not known", car(open(obd.MonitorEvap, obd.MonitorCatalyst, obd.MonitorOxygenSensor), year(0)), obd.Fail, "not known"},
		{"one open, year not known", car(open(obd.MonitorEvap), year(0)), obd.Pass, "not known"},
		{"before the rule", car(year(1995)), obd.Unknown, "starts with model year 1996"},
		{"diesel before the rule", car(year(1996), diesel), obd.Unknown, "starts with model year 1997"},
		{"diesel", car(diesel, open(obd.MonitorEvap)), obd.Pass, "1 allowed"},
		{"continuous monitors do not count", car(open(obd.MonitorMisfire, obd.MonitorComponents)), obd.Pass, "0 of 4"},
		{"lamp on", car(lampOn, code(obd.Stored, "P0301", "P0171")), obd.Fail, "with 2 stored codes: P0301, P0171"},
		{"lamp on without codes", car(lampOn), obd.Fail, "commanded on"},
		{"lamp on, readiness unreadable", car(unreadable, lampOn), obd.Fail, "could not be read"},
		{"codes without the lamp", car(code(obd.Stored, "P0456")), obd.Pass, "0 of 4"},
		{"permanent code", car(code(obd.Permanent, "P0420")), obd.Pass, "1 permanent code (P0420)"},
		{"unreadable", car(unreadable), obd.Unknown, "could not be read"},
		{"no monitors", car(func(s *obd.Scan) { s.Readiness.SinceClear = []obd.Monitor{{ID: obd.MonitorEvap}} }), obd.Unknown, "no ECU has"},
		{"one ECU fell silent", car(func(s *obd.Scan) {
			s.Unread = []obd.Unread{{Step: obd.StepReadiness, ECU: gearbox, Request: "0101", Reason: obd.StillPending}}
		}), obd.Unknown, "one ECU"},
		{"one ECU has no such PID", car(func(s *obd.Scan) {
			s.Unread = []obd.Unread{{Step: obd.StepReadiness, ECU: gearbox, Request: "0101", Reason: obd.NotSupported}}
		}), obd.Pass, "0 of 4"},
	} {
		t.Run(row.name, func(t *testing.T) {
			i := assess.Inspection(row.scan)
			if i.Verdict != row.verdict || i.Rule != "us-epa" || !strings.Contains(strings.Join(i.Reasons, "\n"), row.says) {
				t.Errorf("got %s %q, want %s saying %q", i.Verdict, i.Reasons, row.verdict, row.says)
			}
		})
	}
}
