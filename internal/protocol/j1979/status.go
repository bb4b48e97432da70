package j1979

import "github.com/fleetms/obdctl/internal/obd"

// The PIDs of the monitor status.
const (
	PIDStatusSinceClear = 0x01
	PIDStatusThisCycle  = 0x41
)

// Bits of byte B of PID 01 and 41 (SAE J1979-DA).
const (
	bitCompression = 3
	bitMIL         = 7 // of byte A
)

// slot is a monitor's bit; in byte C it says supported, in byte D not complete.
type slot struct {
	bit uint
	id  obd.MonitorID
}

// The continuous monitors stand in byte B: bit says supported, bit+4 not complete.
var continuous = []slot{
	{0, obd.MonitorMisfire},
	{1, obd.MonitorFuelSystem},
	{2, obd.MonitorComponents},
}

var sparkSlots = []slot{
	{0, obd.MonitorCatalyst},
	{1, obd.MonitorHeatedCat},
	{2, obd.MonitorEvap},
	{3, obd.MonitorSecondaryAir},
	{4, obd.MonitorACRefrigerant},
	{5, obd.MonitorOxygenSensor},
	{6, obd.MonitorOxygenHeater},
	{7, obd.MonitorEGR},
}

// Bits 2 and 4 are reserved for compression ignition.
var compressionSlots = []slot{
	{0, obd.MonitorNMHCCatalyst},
	{1, obd.MonitorNOxSCR},
	{3, obd.MonitorBoost},
	{5, obd.MonitorExhaustGas},
	{6, obd.MonitorPMFilter},
	{7, obd.MonitorEGR},
}

func slotsOf(i obd.Ignition) []slot {
	if i == obd.Compression {
		return compressionSlots
	}
	return sparkSlots
}

// ParseMonitorStatus reads PID 01 (since the codes were cleared) or 41 (this driving cycle), where supported means
// enabled for the rest of the cycle. A set readiness bit says NOT complete; a monitor that is not
// supported is never complete.
func ParseMonitorStatus(ecu obd.Address, data []byte) (obd.MonitorStatus, error) {
	b, err := body(data, obd.ServiceCurrentData)
	if err != nil {
		return obd.MonitorStatus{}, err
	}
	if len(b) < 5 || b[0] != PIDStatusSinceClear && b[0] != PIDStatusThisCycle {
		return obd.MonitorStatus{}, malformed("no monitor status in %d bytes", len(b))
	}
	s := obd.MonitorStatus{ECU: ecu, Ignition: obd.Spark}
	if b[0] == PIDStatusSinceClear {
		s.MIL, s.Codes = b[1]>>bitMIL&1 != 0, int(b[1]&0x7F)
	}
	if b[2]>>bitCompression&1 != 0 {
		s.Ignition = obd.Compression
	}
	for _, m := range continuous {
		s.Monitors = append(s.Monitors, readMonitor(m.id, b[2]>>m.bit, b[2]>>(m.bit+4)))
	}
	for _, m := range slotsOf(s.Ignition) {
		s.Monitors = append(s.Monitors, readMonitor(m.id, b[3]>>m.bit, b[4]>>m.bit))
	}
	return s, nil
}

func readMonitor(id obd.MonitorID, supported, open byte) obd.Monitor {
	has := supported&1 != 0
	return obd.Monitor{ID: id, Supported: has, Complete: has && open&1 == 0}
}
