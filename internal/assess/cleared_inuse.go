package assess

import (
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// A monitor that has completed a few times since the car was built is open only because somebody (or an empty
// battery) reset it: clearing codes reopens monitors and leaves the in-use counters alone.
const completedBefore = 3

// inUseCounters names the in-use counters (InfoTypes 08 and 0B) of each monitor.
var inUseCounters = map[obd.MonitorID][]string{
	obd.MonitorCatalyst:     {"CAT1", "CAT2"},
	obd.MonitorEvap:         {"EVAP"},
	obd.MonitorSecondaryAir: {"AIR"},
	obd.MonitorOxygenSensor: {"O2S1", "O2S2"},
	obd.MonitorEGR:          {"EGR"},
	obd.MonitorNMHCCatalyst: {"HCCAT"},
	obd.MonitorNOxSCR:       {"NCAT"},
	obd.MonitorBoost:        {"BP"},
	obd.MonitorExhaustGas:   {"EGS"},
	obd.MonitorPMFilter:     {"PM"},
}

// resetMonitors lists open monitors that completed before, with how often.
func resetMonitors(s *obd.Scan) []string {
	var reset []string
	_, open := nonContinuous(s)
	for _, id := range open {
		if n := completions(s, id); n >= completedBefore {
			reset = append(reset, fmt.Sprintf("%s (%d times)", monitorNames[id], n))
		}
	}
	return reset
}

// completions returns the largest completion count of a monitor over ECUs and banks.
func completions(s *obd.Scan, id obd.MonitorID) uint16 {
	var most uint16
	for _, e := range s.ECUs {
		if e.InUse == nil {
			continue
		}
		for _, c := range e.InUse.Counters {
			if slices.Contains(inUseCounters[id], c.ID) {
				most = max(most, c.Completions)
			}
		}
	}
	return most
}
