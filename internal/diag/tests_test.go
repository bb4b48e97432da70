package diag_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestMonitorTestsOnCAN(t *testing.T) {
	for name, row := range map[string]struct {
		script map[string]string
		passed []bool
		missed []why
	}{
		"all": {passed: []bool{true, true, true, true}},
		"one MID dead": {
			script: map[string]string{"0602": ""}, passed: []bool{true, true, true}, missed: []why{{engine, "0602", obd.NoReply, 0}},
		},
		"one MID refused": {
			script: map[string]string{"0602": "7E8 7F0631"}, passed: []bool{true, true, true},
			missed: []why{{engine, "0602", obd.NotSupported, 0x31}},
		},
		"not supported": {
			script: map[string]string{"0600": "7E8 7F0611"}, missed: []why{{engine, "0600", obd.NotSupported, 0x11}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tester := tester(with(diagtest.Petrol(), row.script))
			supported(t, tester)
			tests, missed, err := tester.MonitorTests(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var passed []bool
			for _, m := range tests {
				passed = append(passed, m.Passed || m.NotRun)
			}
			equal(t, "passed", passed, row.passed)
			equal(t, "unread", whys(missed), row.missed)
		})
	}
}

func TestOxygenTestsOnOldLines(t *testing.T) {
	car := diagtest.Elder()
	tester := tester(car)
	supported(t, tester)
	tests, missed, err := tester.MonitorTests(context.Background())
	if err != nil || len(tests) != 3 || len(missed) > 0 {
		t.Errorf("tests %+v, unread %v, %v", tests, whys(missed), err)
	}
}

func TestVehicleInfo(t *testing.T) {
	units, missed, err := tester(diagtest.Petrol()).VehicleInfo(context.Background())
	if err != nil || len(missed) > 0 {
		t.Fatalf("unread %v, %v", whys(missed), err)
	}
	for i := range units {
		units[i].Name = units[i].Name[:3]
	}
	equal(t, "units", units, []obd.ECU{
		{Address: engine, Name: "ECM", VIN: "1M8GDM9AXKP042788", Calibrations: []obd.Calibration{{ID: "CODEX-001", CVN: "1791BC82"}}},
		{Address: gearbox, Name: "TCM", Calibrations: []obd.Calibration{{ID: "TCU-9B", CVN: "00FF12AA"}}},
	})
}

func TestVehicleInfoWithoutBitmap(t *testing.T) {
	car := with(diagtest.Petrol(), map[string]string{"0900": "", "0904": "", "0906": "7E8 7F0912", "090A": ""})
	units, missed, err := tester(car).VehicleInfo(context.Background())
	if err != nil || len(units) != 1 || units[0].VIN == "" {
		t.Errorf("units %+v, %v", units, err)
	}
	if len(missed) == 0 {
		t.Error("nothing is said of what was not read")
	}
}

func TestReadiness(t *testing.T) {
	car := diagtest.Petrol()
	tester := tester(car)
	supported(t, tester)
	car.Asked = nil
	r, missed, err := tester.Readiness(context.Background())
	if err != nil || len(missed) > 0 {
		t.Fatalf("unread %v, %v", whys(missed), err)
	}
	equal(t, "asked", car.Asked, []string{"014101"})
	if len(r.PerECU) != 2 || !r.PerECU[0].MIL || r.PerECU[0].Codes != 1 || r.Ignition != obd.Spark {
		t.Errorf("%+v", r)
	}
	if len(r.SinceClear) == 0 || len(r.ThisCycle) == 0 {
		t.Errorf("%+v", r)
	}
}

func TestVoltage(t *testing.T) {
	for name, row := range map[string]struct {
		script map[string]string
		volts  float64
		want   *obd.Voltage
	}{
		"of the ECU":           {volts: 11.2, want: &obd.Voltage{Volts: 11.996, Source: "ecu"}},
		"of the adapter":       {script: map[string]string{"0142": ""}, volts: 11.2, want: &obd.Voltage{Volts: 11.2, Source: "adapter"}},
		"of neither":           {script: map[string]string{"0142": ""}},
		"the ECU does not say": {script: map[string]string{"0142": "7E8 7F0112"}, volts: 12, want: &obd.Voltage{Volts: 12, Source: "adapter"}},
	} {
		t.Run(name, func(t *testing.T) {
			car := with(diagtest.Petrol(), row.script)
			car.Volts = row.volts
			tester := tester(car)
			supported(t, tester)
			v, missed, err := tester.Voltage(context.Background())
			if err != nil || (v == nil) == (len(missed) == 0) {
				t.Errorf("unread %v, %v", whys(missed), err)
			}
			equal(t, "voltage", v, row.want)
		})
	}
}

// TestReadinessWithoutAddresses: of ECUs that cannot be told apart each one's status counts.
func TestReadinessWithoutAddresses(t *testing.T) {
	car := &diagtest.Car{Protocol: obd.CAN29x500, Script: map[string]string{
		"0100": "- 410080000000\n- 410080000000", "0101": "- 4101 00 040000\n- 4101 81 076504\n- 4101 00 040000",
	}}
	tester := tester(car)
	supported(t, tester)
	r, missed, err := tester.Readiness(context.Background())
	if err != nil || len(missed) > 0 || len(r.PerECU) != 3 || !r.PerECU[1].MIL {
		t.Errorf("%+v, unread %v, %v", r.PerECU, whys(missed), err)
	}
}
