package assess

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// readings returns every usable reading of a signal, one per ECU that has it.
func readings(s *obd.Scan, signal string) []obd.Reading {
	var found []obd.Reading
	for _, r := range s.Readings {
		if r.Signal == signal && usable(&r) {
			found = append(found, r)
		}
	}
	return found
}

func usable(r *obd.Reading) bool {
	return !r.Absent && !math.IsNaN(r.Value) && !math.IsInf(r.Value, 0)
}

// value returns the first usable reading of a signal; the engine's ECU answers first or alone.
func value(s *obd.Scan, signal string) (float64, bool) {
	for i := range s.Readings {
		if r := &s.Readings[i]; r.Signal == signal && usable(r) {
			return r.Value, true
		}
	}
	return 0, false
}

// highest returns the largest reading of a signal over the ECUs.
func highest(s *obd.Scan, signal string) (float64, bool) {
	best, ok := 0.0, false
	for _, r := range readings(s, signal) {
		if !ok || r.Value > best {
			best, ok = r.Value, true
		}
	}
	return best, ok
}

// engine tells whether the engine turns, and whether that is known.
func engine(s *obd.Scan) (running, known bool) {
	rpm, ok := highest(s, "RPM")
	return rpm > 0, ok
}

// codesOf returns the codes of one list, each once, in the order of the scan.
func codesOf(s *obd.Scan, kind obd.CodeKind) []string {
	var codes []string
	for _, c := range s.Codes {
		if c.Kind == kind && !slices.Contains(codes, c.Code) {
			codes = append(codes, c.Code)
		}
	}
	return codes
}

// wasRead tells that a step was read in full.
func wasRead(s *obd.Scan, step obd.Step) bool { return slices.Contains(s.Complete, step) }

// continuous monitors run all the time; inspections count only the others.
func isContinuous(id obd.MonitorID) bool {
	return id == obd.MonitorMisfire || id == obd.MonitorFuelSystem || id == obd.MonitorComponents
}

// nonContinuous returns the supported non-continuous monitors and those of them that are open.
func nonContinuous(s *obd.Scan) (supported, open []obd.MonitorID) {
	for _, m := range s.Readiness.SinceClear {
		if !m.Supported || isContinuous(m.ID) {
			continue
		}
		supported = append(supported, m.ID)
		if !m.Complete {
			open = append(open, m.ID)
		}
	}
	return supported, open
}

var monitorNames = map[obd.MonitorID]string{
	obd.MonitorMisfire:       "misfire",
	obd.MonitorFuelSystem:    "fuel system",
	obd.MonitorComponents:    "components",
	obd.MonitorCatalyst:      "catalyst",
	obd.MonitorHeatedCat:     "heated catalyst",
	obd.MonitorEvap:          "EVAP system",
	obd.MonitorSecondaryAir:  "secondary air",
	obd.MonitorACRefrigerant: "A/C refrigerant",
	obd.MonitorOxygenSensor:  "oxygen sensor",
	obd.MonitorOxygenHeater:  "oxygen sensor heater",
	obd.MonitorEGR:           "EGR/VVT",
	obd.MonitorNMHCCatalyst:  "NMHC catalyst",
	obd.MonitorNOxSCR:        "NOx/SCR",
	obd.MonitorBoost:         "boost pressure",
	obd.MonitorExhaustGas:    "exhaust gas sensor",
	obd.MonitorPMFilter:      "particulate filter",
}

func names(ids []obd.MonitorID) string {
	var list []string
	for _, id := range ids {
		list = append(list, monitorNames[id])
	}
	return strings.Join(list, ", ")
}

// count writes a number with its noun in the right form.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// source names the ECU of an observation after sep, where the scan has more than one.
func source(s *obd.Scan, ecu obd.Address, sep string) string {
	if len(s.ECUs) < 2 || ecu == obd.Functional {
		return ""
	}
	return sep + "ECU " + ecu.String()
}
