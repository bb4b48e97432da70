package j1979

import "github.com/fleetms/obdctl/internal/obd"

// MergeReadiness merges the status of all ECUs, PID 01 and PID 41 of each, to the vehicle's readiness: a monitor is
// supported where any ECU has it and complete where every ECU that has it says so.
func MergeReadiness(sinceClear, thisCycle []obd.MonitorStatus) obd.Readiness {
	r := obd.Readiness{SinceClear: []obd.Monitor{}, PerECU: sinceClear}
	r.Ignition = ignition(sinceClear)
	if r.Ignition == "" {
		r.Ignition = ignition(thisCycle)
	}
	if r.Ignition == "" {
		return r
	}
	r.SinceClear = append(r.SinceClear, merge(r.Ignition, sinceClear)...)
	r.ThisCycle = merge(r.Ignition, thisCycle)
	return r
}

// ignition returns what the ECU with the most monitors says. A transmission or hybrid control unit watches its own
// parts only and leaves the bit clear, which would make a diesel a petrol engine.
func ignition(all []obd.MonitorStatus) obd.Ignition {
	var found obd.Ignition
	best := -1
	for _, s := range all {
		weight := 0
		for _, m := range s.Monitors {
			if m.Supported && isContinuous(m.ID) {
				weight++
			} else if m.Supported {
				weight += len(continuous) + 1 // one monitor of the engine outweighs all continuous ones
			}
		}
		if weight > best {
			best, found = weight, s.Ignition
		}
	}
	return found
}

func isContinuous(id obd.MonitorID) bool {
	for _, m := range continuous {
		if m.id == id {
			return true
		}
	}
	return false
}

// merge returns every monitor of the layout and, behind them, those that an ECU of the other layout supports.
func merge(i obd.Ignition, all []obd.MonitorStatus) []obd.Monitor {
	if len(all) == 0 {
		return nil
	}
	var merged []obd.Monitor
	for _, m := range continuous {
		merged = append(merged, obd.Monitor{ID: m.id})
	}
	for _, m := range slotsOf(i) {
		merged = append(merged, obd.Monitor{ID: m.id})
	}
	for _, s := range all {
		for _, m := range s.Monitors {
			if m.Supported {
				merged = add(merged, m)
			}
		}
	}
	return merged
}

func add(merged []obd.Monitor, m obd.Monitor) []obd.Monitor {
	for k := range merged {
		if merged[k].ID != m.ID {
			continue
		}
		merged[k].Complete = m.Complete && (merged[k].Complete || !merged[k].Supported)
		merged[k].Supported = true
		return merged
	}
	return append(merged, m)
}
