package diag_test

import (
	"context"
	"testing"

	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/obd"
)

func TestFreezeFrames(t *testing.T) {
	for name, row := range map[string]struct {
		car    *diagtest.Car
		frames []code // ECU and code with the values of RPM and ECT
		rpm    float64
		missed []why
	}{
		"one": {car: diagtest.Petrol(), frames: []code{{engine, "P0301"}}, rpm: 1726},
		"batched": {car: with(diagtest.Petrol(), map[string]string{
			"020400": "", "020500": "", "020C00": "", "020D00": "",
			"02040005000C00":       "",
			"7E8<02040005000C00":   "7E8 42 0400 80 0500 7B 0C00 1AF8",
			"7E8<020D00":           "7E8 42 0D00 32",
			"7E8<02040005000C0D00": "",
		}), frames: []code{{engine, "P0301"}}, rpm: 1726},
		"none": {car: with(diagtest.Petrol(), map[string]string{"020200": "7E8 42 02 00 0000"})},
		"stored by the last ECU": {
			car: with(diagtest.Petrol(), map[string]string{
				"020200": "7E8 4202000000\n7E9 4202000700", "020000": "7E9 4200 00 00100000", "020C00": "7E9 420C 00 1AF8",
				"020201": "7E9 4202010000",
			}), frames: []code{{gearbox, "P0700"}}, rpm: 1726,
		},
		"several by index": {
			car: with(diagtest.Petrol(), map[string]string{
				"020201": "7E8 4202 01 0420", "020202": "7E8 4202 02 0000",
				"020401": "7E8 4204 01 00", "020501": "7E8 4205 01 7B", "020C01": "7E8 420C 01 1AF8", "020D01": "7E8 420D 01 32",
			}), frames: []code{{engine, "P0301"}, {engine, "P0420"}}, rpm: 1726,
		},
		"the same frame for every index": {
			car: with(diagtest.Petrol(), map[string]string{
				"020201": "7E8 4202 01 0301", "020202": "7E8 4202 02 0301",
				"020401": "7E8 4204 01 80", "020501": "7E8 4205 01 7B", "020C01": "7E8 420C 01 1AF8", "020D01": "7E8 420D 01 32",
				"020402": "7E8 4204 02 80", "020502": "7E8 4205 02 7B", "020C02": "7E8 420C 02 1AF8", "020D02": "7E8 420D 02 32",
			}), frames: []code{{engine, "P0301"}}, rpm: 1726,
		},
		"an index that is ignored": {
			car: with(diagtest.Petrol(), map[string]string{"020201": "7E8 4202 00 0301"}), frames: []code{{engine, "P0301"}}, rpm: 1726,
			missed: []why{{engine, "020201", obd.Malformed, 0}},
		},
		"without frame numbers": {
			car: &diagtest.Car{Protocol: obd.ISO9141, Script: map[string]string{
				"020200": "10 7F0212", "0202": "10 4202 0301", "0200": "10 4200 40100000", "020C": "10 420C 1AF8",
			}}, frames: []code{{obd.NodeAddress(0x10), "P0301"}}, rpm: 1726,
		},
		"a frame number that is not repeated": {
			car: &diagtest.Car{Protocol: obd.ISO9141, Script: map[string]string{
				"020200": "10 4202 0301", "020000": "10 4200 40100000", "020C00": "10 420C 00F8",
			}}, frames: []code{{obd.NodeAddress(0x10), "P0301"}}, rpm: 62,
		},
		"a PID that is missing": {
			car:    with(diagtest.Petrol(), map[string]string{"020500": ""}),
			frames: []code{{engine, "P0301"}}, rpm: 1726, missed: []why{{engine, "020500", obd.NoReply, 0}},
		},
		"no bitmap": {
			car:    with(diagtest.Petrol(), map[string]string{"020000": ""}),
			frames: []code{{engine, "P0301"}}, rpm: 1726,
		},
		"no addresses": {
			car: &diagtest.Car{Protocol: obd.CAN29x500, Script: map[string]string{
				"0100": "- 410008180001\n- 410008180001", "020200": "- 4202000000\n- 4202000301", "020C00": "- 420C001AF8",
			}}, frames: []code{{0, "P0301"}}, rpm: 1726,
		},
		"stray byte behind": {
			car:    with(diagtest.Petrol(), map[string]string{"020200": "7E8 4202 00 0301 AA", "020C00": "7E8 420C 00 1AF8 AA"}),
			frames: []code{{engine, "P0301"}}, rpm: 1726,
		},
	} {
		t.Run(name, func(t *testing.T) {
			tester := tester(row.car)
			supported(t, tester)
			frames, missed, err := tester.FreezeFrames(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var got []code
			for i, f := range frames {
				got = append(got, code{f.ECU, f.Code})
				if int(f.Index) != i {
					t.Errorf("frame %d has index %d", i, f.Index)
				}
				if r, ok := value(f.Readings, f.ECU, "RPM"); !ok || r.Value != row.rpm {
					t.Errorf("RPM = %+v in %+v", r, f)
				}
			}
			equal(t, "frames", got, row.frames)
			equal(t, "unread", whys(missed), row.missed)
		})
	}
}
