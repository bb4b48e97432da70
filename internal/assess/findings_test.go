package assess_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/obd"
)

func voltage(volts float64, source string) func(*obd.Scan) {
	return func(s *obd.Scan) { s.Voltage = &obd.Voltage{Volts: volts, Source: source} }
}

func ecus(list ...obd.ECU) func(*obd.Scan) { return func(s *obd.Scan) { s.ECUs = list } }

func unread(list ...obd.Unread) func(*obd.Scan) { return func(s *obd.Scan) { s.Unread = list } }

func TestFindings(t *testing.T) {
	const a, b = "1ABCD23E4FG567890", "1ABCD23E4FG567891"
	for _, row := range []struct {
		name string
		scan *obd.Scan
		want string // "id severity", in order
		says string
	}{
		{"nothing", car(), "", ""},

		{"lean", car(reads("RPM=800 FUELSYS1:CL LONGFT1=18 SHRTFT1=4.7")), "trim_lean_bank1 high", "Bank 1 long-term fuel trim is +18.0 %, short-term +4.7 %"},
		{"a little lean", car(reads("RPM=800 LONGFT1=10.9 SHRTFT1=0")), "trim_lean_bank1 medium", "+10.9 %"},
		{"rich on bank 2", car(reads("RPM=800 LONGFT1=1 SHRTFT1=0 LONGFT2=-14 SHRTFT2=-2")), "trim_rich_bank2 medium", "-14.0 %"},
		{"corrected the other way now", car(reads("RPM=800 LONGFT1=12 SHRTFT1=-11")), "", ""},
		{"only the short one", car(reads("RPM=800 LONGFT1=3 SHRTFT1=8")), "", ""},
		{"open loop", car(reads("RPM=800 FUELSYS1:OL LONGFT1=3 SHRTFT1=20")), "", ""},
		{"two banks, one fuel system", car(reads("RPM=800 FUELSYS1:CL FUELSYS2:OFF LONGFT2=9 SHRTFT2=8")), "trim_lean_bank2 medium", "short-term +8.0 %"},
		{"end of the scale", car(reads("RPM=800 LONGFT1=-100 LONGFT2=99.2")), "", ""},
		{"engine off", car(reads("RPM=0 LONGFT1=14 SHRTFT1=99.2")), "trim_lean_bank1 medium", "long-term fuel trim is +14.0 %;"},

		{"not charging", car(reads("RPM=800 VPWR=12.0")), "charging_low high", "12.0 V (measured by the ECU)"},
		{"charging low", car(reads("RPM=800 VPWR=12.7")), "charging_low low", "12.7 V"},
		{"overcharging", car(reads("RPM=800 VPWR=15.6")), "charging_high high", "15.6 V"},
		{"adapter is not trusted", car(reads("RPM=800"), voltage(12.4, "adapter")), "", ""},
		{"adapter far off", car(reads("RPM=800"), voltage(10.9, "adapter")), "charging_low high", "measured by the adapter"},
		{"battery low", car(reads("RPM=0 VPWR=12.05")), "battery_low medium", "engine off"},
		{"battery empty", car(reads("RPM=0 VPWR=11.4")), "battery_low high", "11.4 V"},
		{"ECU before adapter", car(reads("RPM=0 VPWR=12.6"), voltage(11.2, "adapter")), "", ""},
		{"engine state not known", car(voltage(11.4, "ecu")), "", ""},
		{"24 V truck", car(reads("RPM=0 VPWR=24.5")), "", ""},

		{"hot", car(reads("ECT=118")), "coolant_hot high", "118 °C"},
		{"boiling", car(reads("ECT=128")), "coolant_hot critical", "128 °C"},
		{"broken wire is not heat", car(reads("ECT=215")), "", ""},
		{"thermostat", car(reads("RPM=900 RUNTM=1500 ECT=52 AAT=15")), "thermostat_open medium", "52 °C after 25 minutes"},
		{"thermostat, winter", car(reads("RPM=900 RUNTM=1500 ECT=52 AAT=-8")), "", ""},
		{"thermostat, just started", car(reads("RPM=900 RUNTM=300 ECT=52 AAT=15")), "", ""},
		{"thermostat, air not known", car(reads("RPM=900 RUNTM=1500 ECT=52")), "", ""},

		{"failed test", car(func(s *obd.Scan) { s.Tests = []obd.MonitorTest{result(0x31, 0x82, 10, 21, 20, -0.1)} }), "test_failed medium", "monitor 31: test 82: 21, allowed 10 to 20"},
		{"test not run", car(func(s *obd.Scan) { s.Tests = []obd.MonitorTest{{TID: 1, NotRun: true}} }), "", ""},
		{"misfires", car(func(s *obd.Scan) { s.Tests = []obd.MonitorTest{result(0xA4, 0x0C, 0, 45, 100, 0.45)} }), "misfire_cylinder3 low", "Cylinder 3 misfired 45 times"},
		{"a few misfires", car(func(s *obd.Scan) { s.Tests = []obd.MonitorTest{result(0xA4, 0x0C, 0, 3, 100, 0.03)} }), "", ""},

		{"lamp without a code", car(lampOn), "mil_without_code medium", "no ECU lists"},
		{"lamp, distance", car(lampOn, code(obd.Stored, "P0301"), reads("MIL_DIST=340 MIL_TIME=410")), "mil_distance info", "340 km and 410 minutes"},
		{"lamp, codes unreadable", car(lampOn, unreadable), "", ""},

		{"silent ECU", car(unread(
			obd.Unread{Step: obd.StepStored, ECU: gearbox, Reason: obd.NoReply},
			obd.Unread{Step: obd.StepPending, ECU: gearbox, Reason: obd.StillPending},
			obd.Unread{Step: obd.StepPermanent, ECU: engine, Reason: obd.NotSupported},
			obd.Unread{Step: obd.StepPermanent, Reason: obd.NoReply},
		)), "ecu_silent medium", "ECU 7E9 gave no complete answer about: stored codes, pending codes."},
		{"VINs differ", car(ecus(obd.ECU{Address: engine, VIN: a}, obd.ECU{Address: gearbox, VIN: b})), "vin_mismatch medium", "7E9 says " + b},
		{"VINs agree", car(ecus(obd.ECU{Address: engine, VIN: a}, obd.ECU{Address: gearbox, VIN: a}, obd.ECU{})), "", ""},
		{"check digit", car(func(s *obd.Scan) { s.Vehicle.CheckDigit, s.Vehicle.VIN = "invalid", a }), "vin_check_digit info", a},
		{"one number missing", car(ecus(obd.ECU{Address: engine, Calibrations: []obd.Calibration{{ID: "A-1", CVN: "0012ABCD"}, {ID: "B-2"}}})), "cvn_missing low", "calibration B-2"},
		{"zero number", car(ecus(obd.ECU{Address: engine, Calibrations: []obd.Calibration{{ID: "A-1", CVN: "00000000"}}})), "cvn_missing low", "calibration A-1"},
		{"no numbers at all", car(ecus(obd.ECU{Address: engine, Calibrations: []obd.Calibration{{ID: "A-1"}}})), "", ""},

		{"most serious first", car(lampOn, reads("ECT=130 RPM=800 VPWR=12.7 LONGFT1=12 MIL_DIST=5"), code(obd.Stored, "P0171")),
			"coolant_hot critical, trim_lean_bank1 medium, charging_low low, mil_distance info", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var ids, texts []string
			for _, f := range assess.Findings(row.scan) {
				ids, texts = append(ids, f.ID+" "+f.Severity), append(texts, f.Text)
			}
			if strings.Join(ids, ", ") != row.want || !strings.Contains(strings.Join(texts, "\n"), row.says) {
				t.Errorf("got %v %q, want %s saying %q", ids, texts, row.want, row.says)
			}
		})
	}
}
