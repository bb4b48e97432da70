package j1939

import (
	"encoding/json"

	"github.com/fleetms/obdctl/internal/obd"
)

// PGNDM5 is the readiness since the codes were cleared.
const PGNDM5 = 65230 // FECE

// ColdStartAid is the monitor that SAE J1979 does not have.
const ColdStartAid obd.MonitorID = "cold_start_aid"

// Systems is the readiness of the monitored systems in five bytes, bytes 4 to 8 of DM5 and DM26.
type Systems [5]byte

// The monitors by bit: bytes 5 and 6 say what is supported, 7 and 8 what is not complete.
var (
	continuous    = [3]obd.MonitorID{obd.MonitorMisfire, obd.MonitorFuelSystem, obd.MonitorComponents}
	nonContinuous = [16]obd.MonitorID{
		obd.MonitorCatalyst, obd.MonitorHeatedCat, obd.MonitorEvap, obd.MonitorSecondaryAir,
		obd.MonitorACRefrigerant, obd.MonitorOxygenSensor, obd.MonitorOxygenHeater, obd.MonitorEGR,
		ColdStartAid, obd.MonitorBoost, obd.MonitorPMFilter, obd.MonitorNOxSCR, obd.MonitorNMHCCatalyst,
	}
)

// Monitors lists all sixteen monitors. A set status bit means "not complete" (DM5) or "not complete this
// cycle" (DM26).
func (s Systems) Monitors() []obd.Monitor {
	var out []obd.Monitor
	for i, id := range continuous {
		out = append(out, obd.Monitor{ID: id, Supported: s[0]>>i&1 == 1, Complete: s[0]>>(i+4)&1 == 0})
	}
	support := uint16(s[1]) | uint16(s[2])<<8
	open := uint16(s[3]) | uint16(s[4])<<8
	for i, id := range nonContinuous {
		if id != "" {
			out = append(out, obd.Monitor{ID: id, Supported: support>>i&1 == 1, Complete: open>>i&1 == 0})
		}
	}
	return out
}

// SystemsOf is the inverse of [Systems.Monitors]; reserved bits are 0.
func SystemsOf(monitors []obd.Monitor) Systems {
	var s Systems
	var support, open uint16
	for _, m := range monitors {
		for i, id := range continuous {
			if id == m.ID {
				s[0] |= bit(m.Supported)<<i | bit(!m.Complete)<<(i+4)
			}
		}
		for i, id := range nonContinuous {
			if id == m.ID {
				support |= uint16(bit(m.Supported)) << i
				open |= uint16(bit(!m.Complete)) << i
			}
		}
	}
	s[1], s[2], s[3], s[4] = byte(support), byte(support>>8), byte(open), byte(open>>8)
	return s
}

// MarshalJSON writes the monitors.
func (s Systems) MarshalJSON() ([]byte, error) { return json.Marshal(s.Monitors()) }

func bit(set bool) byte {
	if set {
		return 1
	}
	return 0
}

// DM5 is the readiness since the codes were cleared.
type DM5 struct {
	Active             Quantity `json:"active"`
	PreviouslyActive   Quantity `json:"previously_active"`
	Compliance         uint8    `json:"compliance"` // SPN 1220; see [ComplianceName]
	Systems            Systems  `json:"systems"`
	EmissionController bool     `json:"emission_controller"` // compliance says that the node has a diagnosis of emissions
}

// ParseDM5 reads DM5.
func ParseDM5(data []byte) (DM5, error) {
	if len(data) < 8 {
		return DM5{}, short("DM5", data, 8)
	}
	c := data[2]
	return DM5{Active: quantity(data[0:1], 1), PreviouslyActive: quantity(data[1:2], 1), Compliance: c,
		Systems: Systems(data[3:8]), EmissionController: c != 5 && c != 0 && c < 0xFB}, nil
}

// Bytes returns the message.
func (m DM5) Bytes() []byte {
	return append([]byte{byte(m.Active.Raw), byte(m.PreviouslyActive.Raw), m.Compliance}, m.Systems[:]...)
}
