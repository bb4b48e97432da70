package j1979

import "github.com/fleetms/obdctl/internal/obd"

// MaxBatch is how many PIDs one request of service 01 may hold, and how many OBDMIDs one of service 06, on CAN.
const MaxBatch = 6

// Supported asks which of the 32 ids after base (00, 20, 40...) an ECU has. Freeze frames are asked for
// frame 0, oxygen sensor tests for the first sensor.
func Supported(service obd.Service, base byte) []byte {
	switch service {
	case obd.ServiceFreezeFrame:
		return []byte{byte(service), base, 0}
	case obd.ServiceOxygenTests:
		return []byte{byte(service), base, 1}
	}
	return []byte{byte(service), base}
}

// Current asks for current data (service 01); more than one PID only on CAN.
func Current(pids ...byte) []byte {
	return append([]byte{byte(obd.ServiceCurrentData)}, pids...)
}

// Freeze asks for one PID of a freeze frame (service 02).
func Freeze(pid, frame byte) []byte {
	return []byte{byte(obd.ServiceFreezeFrame), pid, frame}
}

// FreezeWithoutFrame asks as ECUs want it that know only one frame and refuse its number.
func FreezeWithoutFrame(pid byte) []byte {
	return []byte{byte(obd.ServiceFreezeFrame), pid}
}

// Codes asks for the codes of one list: services 03, 07 and 0A.
func Codes(kind obd.CodeKind) []byte {
	switch kind {
	case obd.Pending:
		return []byte{byte(obd.ServicePendingCodes)}
	case obd.Permanent:
		return []byte{byte(obd.ServicePermanent)}
	}
	return []byte{byte(obd.ServiceStoredCodes)}
}

// Clear asks to clear codes, freeze frames, readiness and test results (service 04).
func Clear() []byte { return []byte{byte(obd.ServiceClear)} }

// OxygenTest asks for a test of one oxygen sensor (service 05, older lines); sensor has one bit set, as in PID 13 or 1D.
func OxygenTest(tid, sensor byte) []byte {
	return []byte{byte(obd.ServiceOxygenTests), tid, sensor}
}

// MonitorTests asks for the results of a monitor: an OBDMID on CAN, a TID on the older lines (service 06).
func MonitorTests(id byte) []byte { return []byte{byte(obd.ServiceMonitorTests), id} }

// Control asks for a test or the operation of a component (service 08).
func Control(tid byte, data ...byte) []byte {
	return append([]byte{byte(obd.ServiceControl), tid}, data...)
}

// VehicleInfo asks for an InfoType (service 09).
func VehicleInfo(infoType byte) []byte { return []byte{byte(obd.ServiceVehicleInfo), infoType} }
