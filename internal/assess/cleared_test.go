package assess_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestRecentlyCleared(t *testing.T) {
	mostOpen := open(obd.MonitorEvap, obd.MonitorCatalyst, obd.MonitorOxygenSensor)
	for _, row := range []struct {
		name   string
		scan   *obd.Scan
		answer string
		says   string
	}{
		{"nothing known", car(unreadable), "unknown", ""},
		{"counters of a cleared car", car(reads("CLR_DIST=12 WARM_UPS=1 CLR_TIME=25")), "yes", "12 km driven since the codes were cleared (PID 31)"},
		{"minutes", car(reads("CLR_TIME=25")), "yes", "25 minutes of engine running"},
		{"counters disagree", car(reads("CLR_DIST=900 WARM_UPS=2")), "likely", "2 warm-ups since"},
		{"one warm-up", car(reads("WARM_UPS=1")), "yes", "1 warm-up since the codes were cleared (PID 30)"},
		{"counters disagree, monitors open", car(reads("CLR_DIST=900 WARM_UPS=2"), mostOpen), "yes", "3 of 4 monitors are open"},
		{"long ago", car(reads("CLR_DIST=5400 WARM_UPS=130 CLR_TIME=9000")), "unlikely", "5400 km"},
		{"long ago, EVAP open", car(reads("CLR_DIST=5400"), open(obd.MonitorEvap)), "unlikely", "5400 km"},
		{"long ago, most open", car(reads("CLR_DIST=5400"), mostOpen), "unlikely", "3 of 4"},
		{"no counters, most open", car(mostOpen), "likely", "3 of 4 monitors are open and no code is stored"},
		{"no counters, all complete", car(), "unlikely", "every monitor has completed"},
		{"no counters, one open", car(open(obd.MonitorEvap)), "unknown", ""},
		{"completed before", car(open(obd.MonitorEvap), ecus(obd.ECU{Address: engine, InUse: &obd.InUse{
			Counters: []obd.InUseCounter{{ID: "CAT1", Completions: 300}, {ID: "EVAP", Completions: 41}}}})),
			"likely", "open though completed before, by the in-use counters: EVAP system (41 times)"},
		{"a unit without monitors does not count", car(reads("CLR_DIST=5400"), func(s *obd.Scan) {
			s.Readiness.PerECU = []obd.MonitorStatus{{ECU: engine, Monitors: s.Readiness.SinceClear}, {ECU: gearbox}}
			s.Readings = append(s.Readings, obd.Reading{ECU: gearbox, Signal: "CLR_DIST"})
		}), "unlikely", "5400 km"},
		{"permanent code alone", car(code(obd.Permanent, "P0420"), open(obd.MonitorCatalyst)), "likely", "permanent without a stored code, as clearing leaves it: P0420"},
		{"permanent with its stored code", car(code(obd.Permanent, "P0420"), code(obd.Stored, "P0420")), "unlikely", "every monitor"},
		{"stored codes unreadable", car(code(obd.Permanent, "P0420"), unreadable), "unknown", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			l := assess.RecentlyCleared(row.scan)
			if evidence := strings.Join(l.Evidence, "\n"); l.Answer != row.answer || !strings.Contains(evidence, row.says) {
				t.Errorf("got %s %q, want %s saying %q", l.Answer, l.Evidence, row.answer, row.says)
			}
		})
	}
}
