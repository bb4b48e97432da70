package diag_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
	"github.com/fleetms/obdctl/internal/protocol/j1939/j1939test"
)

var lit = j1939.Lamps{MIL: obd.LampOn, RedStop: obd.LampOff, Amber: obd.LampSlowFlash, Protect: obd.LampOff}

func codes(l ...j1939.DTC) []byte { return j1939.List{Lamps: lit, DTCs: l}.Bytes() }

// truck is an engine with everything, a transmission, and brakes that never refuse a request.
func truck() []*j1939test.Node {
	fault := j1939.DTC{SPN: 100, FMI: 1, Count: 3, Method: 4}
	second := j1939.DTC{SPN: 3216, FMI: 4, Count: j1939.NoCount, Method: 4}
	engine := &j1939test.Node{Address: 0, Name: j1939.Name{Function: 0, Manufacturer: 10, Identity: 1}, Groups: map[uint32][]byte{
		j1939.PGNVehicleID: []byte("1XPTR0CK5EXAMPLE7*"), j1939.PGNComponentID: []byte("MAKER*MODEL9*SN123*U1*"),
		j1939.PGNSoftwareID: []byte("\x02V1.0*CAL7*"), j1939.PGNDM1: codes(fault, second), j1939.PGNDM2: codes(j1939.DTC{SPN: 110, FMI: 0, Count: 1, Method: 4}),
		j1939.PGNDM6: codes(), j1939.PGNDM12: codes(fault), j1939.PGNDM28: codes(fault), j1939.PGNDM23: codes(),
		j1939.PGNDM5: {2, 1, 20, 0x27, 0x80, 0x0C, 0x80, 0x04}, j1939.PGNDM26: {10, 0, 3, 0x27, 0x80, 0x0C, 0, 0},
		j1939.PGNDM21:    j1939.DM21{DistanceMIL: j1939.Quantity{Raw: 12}, MinutesCleared: j1939.Quantity{Raw: 600}}.Bytes(),
		j1939.PGNDM19:    j1939.DM19Bytes([]j1939.Calibration{{CVN: 0xBDFE1234, ID: "CALIB01"}}),
		j1939.PGNDM20:    j1939.DM20{Ignitions: j1939.Quantity{Raw: 50}, Ratios: []j1939.Ratio{{SPN: 3055}}}.Bytes(),
		j1939.PGNDM24:    j1939.DM24Bytes([]j1939.Support{{SPN: 92, Freeze: true, Length: 1}, {SPN: 190, Freeze: true, Stream: true, Length: 2}, {SPN: 651, Test: true, Length: 1}}),
		j1939.PGNDM25:    j1939.FrameBytes([]j1939.Frame{{DTC: fault, Data: []byte{55, 0x68, 0x13}}}),
		j1939.PGNDM30:    j1939.DM30Bytes([]j1939.TestResult{{Test: 247, SPN: 651, FMI: 5, Slot: 206, Value: 100, Max: 200, Min: 0xFFFF}}),
		j1939.PGNEngine1: {0, 0x7D, 0x7D, 0, 0, 0, 0, 0}, 65263: {0xFF, 0xFF, 0xFF, 100, 0xFF, 0xFF, 0xFF, 0xFF}, 65262: {125, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
		j1939.PGNEngineHours: {0x10, 0x27, 0, 0, 0, 0, 0, 0},
	}, Broadcast: map[uint32]time.Duration{j1939.PGNEngine1: 20 * time.Millisecond, 65263: 500 * time.Millisecond, 65262: time.Second, j1939.PGNDM1: time.Second},
		Accepts: map[uint32]bool{j1939.PGNDM11: true, j1939.PGNDM3: true}}
	gear := &j1939test.Node{Address: 3, Name: j1939.Name{Function: 3, Identity: 2}, Groups: map[uint32][]byte{
		j1939.PGNDM1: j1939.List{Lamps: j1939.ParseLamps(0, 0xFF)}.Bytes(), j1939.PGNComponentID: []byte("GEARS*G6*77**"),
		j1939.PGNCruise: {0, 0, 0, 0, 0, 0, 0, 0},
	}, Broadcast: map[uint32]time.Duration{j1939.PGNDM1: time.Second, j1939.PGNCruise: 100 * time.Millisecond}}
	brakes := &j1939test.Node{Address: 11, Name: j1939.Name{Function: 9, Identity: 3}, Mute: true, Groups: map[uint32][]byte{
		j1939.PGNDM1: j1939.List{Lamps: j1939.ParseLamps(0, 0xFF)}.Bytes(),
	}, Broadcast: map[uint32]time.Duration{j1939.PGNDM1: time.Second}}
	return []*j1939test.Node{engine, gear, brakes}
}

// inTruck runs f with a tester of a truck inside a bubble of its own time.
func inTruck(t *testing.T, allow link.Allow, f func(ctx context.Context, tester *diag.Tester, bus *j1939test.Bus)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		bus := j1939test.New(truck()...)
		l, err := j1939.Dial(t.Context(), bus, j1939.Options{Allow: &allow})
		if err != nil {
			t.Fatal(err)
		}
		tester := diag.New(link.Guard(l, allow), catalog.Builtin(), dtc.Builtin(), diag.Options{})
		f(t.Context(), tester, bus)
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Second) // the timers of the nodes run out
	})
}

func TestATruckIsReadInThreeSeconds(t *testing.T) {
	inTruck(t, link.ReadOnly(), func(ctx context.Context, tester *diag.Tester, _ *j1939test.Bus) {
		start := time.Now()
		support, _, err := tester.Supported(ctx, obd.ServiceCurrentData)
		if err != nil || len(support.ECUs) != 3 || tester.Dialect() != obd.DialectJ1939 {
			t.Fatalf("got %v, %v, %s", support.ECUs, err, tester.Dialect())
		}
		if found, missed, err := tester.VIN(ctx); err != nil || len(missed) > 0 || found[0].VIN != "1XPTR0CK5EXAMPLE7" {
			t.Errorf("VIN: %+v %v %v", found, missed, err)
		}
		ecus, missed, err := tester.VehicleInfo(ctx)
		if err != nil || len(missed) > 0 || ecus[0].VIN != "1XPTR0CK5EXAMPLE7" || ecus[0].ESN != "SN123" ||
			len(ecus[0].Calibrations) != 1 || ecus[0].Calibrations[0].CVN != "BDFE1234" || ecus[1].Name != "Transmission" {
			t.Errorf("info: %+v %v %v", ecus, missed, err)
		}
		var all []obd.DTC
		for _, kind := range []obd.CodeKind{obd.Stored, obd.Pending, obd.Permanent} {
			found, missed, err := tester.Codes(ctx, kind)
			if err != nil || len(missed) > 0 {
				t.Errorf("%s: %v, %v", kind, missed, err)
			}
			all = append(all, found...)
		}
		if len(all) != 5 || all[0].Code != "SPN 100 FMI 1" || all[0].Kind != obd.Active || *all[0].Occurrences != 3 || all[1].Occurrences != nil ||
			all[0].Description == "" || !all[0].Known {
			t.Errorf("codes: %+v", all)
		}
		lamps := tester.Lamps()
		if len(lamps) != 3 || lamps[0].MIL != obd.LampOn || lamps[0].Amber != obd.LampSlowFlash || lamps[1].MIL.IsLit() {
			t.Errorf("lamps: %+v", lamps)
		}
		readiness, _, err := tester.Readiness(ctx)
		if err != nil || len(readiness.PerECU) != 1 || !readiness.PerECU[0].MIL || len(readiness.SinceClear) == 0 || len(readiness.ThisCycle) == 0 {
			t.Errorf("readiness: %+v %v", readiness, err)
		}
		frames, _, err := tester.FreezeFrames(ctx)
		if err != nil || len(frames) != 1 || frames[0].Code != "SPN 100 FMI 1" || len(frames[0].Readings) != 2 ||
			frames[0].Readings[1].Signal != "RPM" || frames[0].Readings[1].Value != 621 {
			t.Errorf("frames: %+v %v", frames, err)
		}
		tests, _, err := tester.MonitorTests(ctx)
		if err != nil || len(tests) != 1 || !tests[0].Passed {
			t.Errorf("tests: %+v %v", tests, err)
		}
		readings, _, err := tester.ReadAll(ctx)
		values := map[string]float64{}
		for _, r := range readings {
			values[r.Signal] = r.Value
		}
		if err != nil || values["SPN100"] != 400 || values["ECT"] != 85 || values["RUN_TIME"] != 500*3600 || values["MIL_DIST"] != 12 {
			t.Errorf("readings: %v %v", readings, err)
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("took %v, want under 3 s", took)
		} else {
			t.Logf("took %v", took)
		}
	})
}

func TestATruckIsClearedWhereItWasAllowed(t *testing.T) {
	inTruck(t, link.ReadOnly(), func(ctx context.Context, tester *diag.Tester, _ *j1939test.Bus) {
		if _, err := tester.Clear(ctx, false); errs.KindOf(err) != errs.Denied {
			t.Errorf("got %v, want a refusal", err)
		}
	})
	inTruck(t, link.ReadOnly().With(obd.ServiceClear), func(ctx context.Context, tester *diag.Tester, _ *j1939test.Bus) {
		out, err := tester.Clear(ctx, false)
		if err != nil || len(out) != 3 || !out[0].Done || out[1].Done || out[1].Why.Reason != obd.Refused || out[2].Why.Reason != obd.NoReply {
			t.Errorf("got %+v, %v", out, err)
		}
		if out, err := tester.ClearPrevious(ctx, false); err != nil || !out[0].Done {
			t.Errorf("DM3: got %+v, %v", out, err)
		}
	})
}

func TestLiveValuesOfATruck(t *testing.T) {
	inTruck(t, link.ReadOnly(), func(ctx context.Context, tester *diag.Tester, _ *j1939test.Bus) {
		if _, _, err := tester.Supported(ctx, obd.ServiceCurrentData); err != nil {
			t.Fatal(err)
		}
		wants, err := tester.Wants(0, "RPM", "ECT", "ENG_OIL_PRESS", "SPN247")
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		p, err := tester.Poller(diag.PollerOptions{Wants: wants, Emit: func(s diag.Sample) {
			for _, r := range s.Readings {
				seen[r.Signal]++
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		short, cancel := context.WithTimeout(ctx, 4*time.Second)
		defer cancel()
		if err := p.Run(short); err == nil {
			t.Error("want the end of the context")
		}
		if seen["RPM"] < 100 || seen["ECT"] < 2 || seen["SPN100"] < 4 || seen["RUN_TIME"] < 2 {
			t.Errorf("got %v", seen)
		}
	})
}
