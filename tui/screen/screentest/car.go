package screentest

import (
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
)

// At is when everything in the tests happens.
func At() time.Time { return time.Date(2026, 11, 3, 9, 41, 12, 0, time.UTC) }

// Link is a working connection.
func Link() screen.Link {
	return screen.Link{
		State: screen.Connected, Address: "serial:///dev/ttyUSB0", Adapter: "ELM327 v2.1", Protocol: obd.CAN11x500,
		Volts: 14.08, Latency: 23 * time.Millisecond, Since: At(),
	}
}

// Vehicle is the one that stands at the adapter. Its VIN is of no real car.
func Vehicle() screen.Vehicle {
	return screen.Vehicle{ID: "0193", Title: "Blue Focus", VIN: "1FADP3E21EL200017", About: "Ford Focus 2014", Here: true}
}

// Scanned is the scan of [Scan], kept.
func Scanned() screen.Scan {
	return screen.Scan{Scan: Scan(), Done: 12, Total: 12, SavedAs: "019a4a40-0000-7000-8000-000000000001"}
}

// Scan is a petrol car with a misfire, two open monitors, a test close to its limit and one that failed.
func Scan() *obd.Scan {
	engine, gearbox := obd.CAN11(0x7E8), obd.CAN11(0x7E9)
	s := &obd.Scan{
		Schema: obd.ScanSchema, ID: uuid.MustParse("019a4a40-0000-7000-8000-000000000001"),
		Started: At(), Ended: At().Add(4200 * time.Millisecond), Clock: obd.Clock{Source: "system", Offset: "+00:00"},
		Tool: obd.Tool{Name: "obdctl", Version: "test"}, Adapter: obd.Adapter{Address: "serial:///dev/ttyUSB0", Claimed: "ELM327 v2.1"},
		Protocol: obd.CAN11x500, Dialect: obd.DialectJ1979, Voltage: &obd.Voltage{Volts: 14.08, Source: "ecu"},
		Vehicle: obd.Vehicle{VIN: "1FADP3E21EL200017", CheckDigit: "valid", WMI: "1FA", Maker: "Ford", Country: "United States", ModelYear: 2014, Plausible: true},
		ECUs: []obd.ECU{
			{Address: engine, Name: "ECM-EngineControl", VIN: "1FADP3E21EL200017", Calibrations: []obd.Calibration{{ID: "EL3A-14C204-AB", CVN: "1A2B3C4D"}}},
			{Address: gearbox, Name: "TCM-TransmisCtrl", Calibrations: []obd.Calibration{{ID: "EL3P-14C337-CA", CVN: "55E0912F"}}},
		},
		MIL: true,
		Codes: []obd.DTC{
			{Code: "P0301", ECU: engine, Kind: obd.Stored, Description: "Cylinder 1 misfire detected", Severity: "high", Known: true},
			{Code: "P0301", ECU: engine, Kind: obd.Permanent, Description: "Cylinder 1 misfire detected", Severity: "high", Known: true},
			{Code: "P0171", ECU: engine, Kind: obd.Pending, Description: "System too lean (bank 1)", Severity: "medium", Known: true},
			{Code: "U0121", ECU: gearbox, Kind: obd.Stored, Description: "Lost communication with anti-lock brake system control module", Severity: "low", Known: true},
		},
		FreezeFrames: []obd.FreezeFrame{{ECU: engine, Code: "P0301", Readings: []obd.Reading{
			{Signal: "RPM", Name: "Engine speed", Value: 2148, Unit: "/min"}, {Signal: "VSS", Name: "Vehicle speed", Value: 54, Unit: "km/h"},
			{Signal: "LOAD_PCT", Name: "Calculated load", Value: 63.1, Unit: "%"}, {Signal: "ECT", Name: "Coolant temperature", Value: 87, Unit: "Cel"},
			{Signal: "SHRTFT1", Name: "Short term fuel trim, bank 1", Value: 4.7, Unit: "%"}, {Signal: "LONGFT1", Name: "Long term fuel trim, bank 1", Value: 7, Unit: "%"},
		}}},
		Readiness: obd.Readiness{Ignition: obd.Spark, SinceClear: monitors(obd.MonitorCatalyst, obd.MonitorEvap),
			ThisCycle: monitors(obd.MonitorCatalyst, obd.MonitorEvap, obd.MonitorOxygenSensor)},
		Tests: tests(engine),
		Readings: []obd.Reading{
			{ECU: engine, Signal: "RPM", Name: "Engine speed", Value: 782, Unit: "/min"}, {ECU: engine, Signal: "ECT", Name: "Coolant temperature", Value: 89, Unit: "Cel"},
			{ECU: engine, Signal: "LONGFT1", Name: "Long term fuel trim, bank 1", Value: 7, Unit: "%"}, {ECU: engine, Signal: "MIL_DIST", Name: "Distance with MIL on", Value: 87, Unit: "km"},
			{ECU: engine, Signal: "VPWR", Name: "Control module voltage", Value: 14.08, Unit: "V"},
		},
		Complete: []obd.Step{
			obd.StepConnect, obd.StepSupported, obd.StepVehicle, obd.StepReadiness, obd.StepStored, obd.StepPending, obd.StepPermanent,
			obd.StepFreeze, obd.StepTests, obd.StepReadings, obd.StepVoltage,
		},
		Unread: []obd.Unread{{Step: obd.StepInfo, ECU: gearbox, Request: "0908", Reason: obd.NoReply}},
	}
	s.Assessment = assess.Scan(s)
	return s
}

// monitors are those of a petrol car, all complete but the open ones.
func monitors(open ...obd.MonitorID) []obd.Monitor {
	isOpen := map[obd.MonitorID]bool{}
	for _, id := range open {
		isOpen[id] = true
	}
	var out []obd.Monitor
	for _, id := range []obd.MonitorID{
		obd.MonitorMisfire, obd.MonitorFuelSystem, obd.MonitorComponents, obd.MonitorCatalyst, obd.MonitorEvap,
		obd.MonitorOxygenSensor, obd.MonitorOxygenHeater, obd.MonitorEGR,
	} {
		out = append(out, obd.Monitor{ID: id, Supported: true, Complete: !isOpen[id]})
	}
	return append(out, obd.Monitor{ID: obd.MonitorSecondaryAir}, obd.Monitor{ID: obd.MonitorHeatedCat})
}

func tests(ecu obd.Address) []obd.MonitorTest {
	test := func(mid, tid uint8, name, what, unit string, value, lo, hi float64) obd.MonitorTest {
		margin := min(value-lo, hi-value) / (hi - lo)
		return obd.MonitorTest{ECU: ecu, MID: &mid, TID: tid, Name: name, TestName: what, Known: true, Unit: unit,
			Value: value, Min: &lo, Max: &hi, Passed: margin >= 0, Margin: &margin}
	}
	return []obd.MonitorTest{
		test(0x01, 0x01, "Oxygen sensor, bank 1 sensor 1", "rich to lean threshold", "V", 0.465, 0.36, 0.6),
		test(0x21, 0x80, "Catalyst, bank 1", "oxygen storage", "1", 0.61, 0, 0.64),
		test(0x3C, 0x80, "EVAP, 0.020 in leak", "leak", "Pa", -320, -500, 0),
		test(0xA2, 0x0B, "Misfire, cylinder 1", "average of the last ten driving cycles", "", 31, 0, 24),
		test(0xA3, 0x0B, "Misfire, cylinder 2", "average of the last ten driving cycles", "", 0, 0, 24),
		{ECU: ecu, MID: new(uint8(0x39)), TID: 0x80, Name: "EVAP, cap off", TestName: "leak", Known: true, NotRun: true, Passed: true},
	}
}
