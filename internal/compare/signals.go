package compare

import (
	"math"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// SignalChange is the statistics of one signal of one ECU in both scans.
type SignalChange struct {
	ECU    obd.Address `json:"ecu,omitzero"`
	Signal string      `json:"signal"`
	Name   string      `json:"name,omitempty"`
	Unit   string      `json:"unit,omitempty"`
	Before *Statistics `json:"before,omitempty"`
	After  *Statistics `json:"after,omitempty"`
}

// Statistics of the readings that a scan holds of one signal.
type Statistics struct {
	Count int     `json:"count"`
	Min   float64 `json:"min"`
	Max   float64 `json:"max"`
	Mean  float64 `json:"mean"`
}

func (s *Statistics) add(v float64) {
	if s.Count == 0 {
		s.Min, s.Max = v, v
	}
	s.Count++
	s.Min, s.Max = math.Min(s.Min, v), math.Max(s.Max, v)
	s.Mean += (v - s.Mean) / float64(s.Count)
}

// SupplyVoltage is the signal under which the voltage of a scan itself stands, which the adapter may have measured.
const SupplyVoltage = "SUPPLY_VOLTAGE"

// isCompared tells fuel trims (PIDs 06 to 09 and 55 to 58) and the control module's voltage (PID 42).
func isCompared(signal string) bool {
	return strings.HasPrefix(signal, "SHRTFT") || strings.HasPrefix(signal, "LONGFT") ||
		strings.HasPrefix(signal, "STSO2FT") || strings.HasPrefix(signal, "LGSO2FT") || signal == "VPWR"
}

func signals(before, after *obd.Scan) []SignalChange {
	changes := []SignalChange{}
	place := func(r obd.Reading) *SignalChange {
		i := slices.IndexFunc(changes, func(c SignalChange) bool { return c.ECU == r.ECU && c.Signal == r.Signal })
		if i < 0 {
			i = len(changes)
			changes = append(changes, SignalChange{ECU: r.ECU, Signal: r.Signal, Name: r.Name, Unit: r.Unit})
		}
		return &changes[i]
	}
	for _, r := range compared(before) {
		c := place(r)
		if c.Before == nil {
			c.Before = &Statistics{}
		}
		c.Before.add(r.Value)
	}
	for _, r := range compared(after) {
		c := place(r)
		if c.After == nil {
			c.After = &Statistics{}
		}
		c.After.add(r.Value)
	}
	return changes
}

func compared(s *obd.Scan) []obd.Reading {
	var list []obd.Reading
	for _, r := range s.Readings {
		if isCompared(r.Signal) && !r.Absent && !math.IsNaN(r.Value) && !math.IsInf(r.Value, 0) {
			list = append(list, r)
		}
	}
	if s.Voltage != nil {
		list = append(list, obd.Reading{Signal: SupplyVoltage, Name: "Supply voltage", Value: s.Voltage.Volts, Unit: "V"})
	}
	return list
}
