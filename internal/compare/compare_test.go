package compare_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/obd"
)

const engine, gearbox = obd.Address(0x7E8), obd.Address(0x7E9)

var whole = []obd.Step{obd.StepReadiness, obd.StepStored, obd.StepPending, obd.StepPermanent, obd.StepFreeze, obd.StepTests}

// scan makes a scan in which everything was read; the catalyst monitor is complete unless edited.
func scan(mil bool, codes ...obd.DTC) *obd.Scan {
	return &obd.Scan{
		MIL: mil, Codes: codes, Complete: whole,
		Vehicle:   obd.Vehicle{VIN: "1HGCM82633A004352"},
		Readiness: obd.Readiness{SinceClear: []obd.Monitor{{ID: obd.MonitorCatalyst, Supported: true, Complete: true}, {ID: obd.MonitorEGR}}},
	}
}

func dtc(code string, kind obd.CodeKind) obd.DTC { return obd.DTC{Code: code, ECU: engine, Kind: kind} }

func open(s *obd.Scan) *obd.Scan {
	s.Readiness.SinceClear[0].Complete = false
	return s
}

func without(s *obd.Scan, lost obd.Step) *obd.Scan {
	s.Complete = nil
	for _, step := range whole {
		if step != lost {
			s.Complete = append(s.Complete, step)
		}
	}
	return s
}

func TestTheVerdictFollowsFromWhatWasRead(t *testing.T) {
	lean := dtc("P0171", obd.Stored)
	for name, c := range map[string]struct {
		before, after *obd.Scan
		want          compare.Answer
		reason        string
	}{
		"repaired and driven":             {scan(true, lean), scan(false), compare.Fixed, "No longer there: P0171."},
		"only cleared":                    {scan(true, lean), open(scan(false)), compare.Unproven, "The car has yet to run its own tests: catalyst."},
		"one of two":                      {scan(true, lean, dtc("P0420", obd.Stored)), scan(true, lean), compare.Improved, "Still there: P0171."},
		"pending only is still there":     {scan(true, lean), scan(false, dtc("P0171", obd.Pending)), compare.Unchanged, "Still there: P0171."},
		"nothing before, nothing after":   {scan(false), scan(false), compare.Unchanged, ""},
		"a new code":                      {scan(true, lean), scan(true, dtc("P0301", obd.Stored)), compare.Worse, "New since the first scan: P0301."},
		"the lamp came on without a code": {scan(false), scan(true), compare.Worse, "The malfunction indicator lamp came on."},
		"the permanent memory stays":      {scan(true, lean), scan(false, dtc("P0171", obd.Permanent)), compare.Fixed, "Only in the permanent memory"},
		"the list could not be read":      {scan(true, lean), without(scan(false), obd.StepStored), compare.Unknown, "Could not be compared"},
		"another list could not be read":  {scan(true, lean), without(scan(false), obd.StepPermanent), compare.Fixed, "No longer there"},
		"a truck's active code":           {scan(true, dtc("SPN 100 FMI 1", obd.Active)), scan(false), compare.Fixed, "SPN 100 FMI 1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := compare.Scans(c.before, c.after)
			var said []string
			for _, reason := range r.Verdict.Reasons {
				said = append(said, reason.Text)
			}
			if all := strings.Join(said, " "); r.Verdict.Answer != c.want || !strings.Contains(all, c.reason) {
				t.Errorf("%s: %s", r.Verdict.Answer, all)
			}
		})
	}
}

func TestTwoVehiclesAreNotCompared(t *testing.T) {
	other := scan(false)
	other.Vehicle.VIN = "WVWZZZ1JZXW000001"
	r := compare.Scans(scan(true, dtc("P0171", obd.Stored)), other)
	if r.SameVehicle != "no" || r.Verdict.Answer != compare.Unknown {
		t.Errorf("%s, %s", r.SameVehicle, r.Verdict.Answer)
	}
}

func TestOneCodeOfTwoControlUnitsIsTwoCodes(t *testing.T) {
	before := scan(true, dtc("U0100", obd.Stored), obd.DTC{Code: "U0100", ECU: gearbox, Kind: obd.Stored})
	r := compare.Scans(before, scan(false, dtc("U0100", obd.Pending)))
	if len(r.Codes) != 2 || r.Codes[0].Change != compare.Kept || r.Codes[1].Change != compare.Gone || r.Codes[1].ECU != gearbox {
		t.Errorf("%+v", r.Codes)
	}
}

func test(value, margin float64, passed bool) obd.MonitorTest {
	mid, top := uint8(0x21), 10.0
	return obd.MonitorTest{ECU: engine, MID: &mid, TID: 0x80, Name: "Catalyst bank 1", Value: value, Max: &top, Margin: &margin, Passed: passed}
}

func TestMonitorTestsMoveAsMarginToTheirLimit(t *testing.T) {
	for _, c := range []struct {
		before, after obd.MonitorTest
		want          string
	}{
		{test(5, 0.5, true), test(5.5, 0.45, true), "same"},
		{test(5, 0.5, true), test(9, 0.1, true), "worse"},
		{test(9, 0.1, true), test(5, 0.5, true), "better"},
		{test(5, 0.5, true), test(11, -0.1, false), "fails_now"},
		{test(11, -0.1, false), test(5, 0.5, true), "passes_now"},
		{obd.MonitorTest{ECU: engine, MID: test(0, 0, true).MID, TID: 0x80, NotRun: true}, test(5, 0.5, true), ""},
	} {
		before, after := scan(false), scan(false)
		before.Tests, after.Tests = []obd.MonitorTest{c.before}, []obd.MonitorTest{c.after}
		r := compare.Scans(before, after)
		if len(r.Tests) != 1 || r.Tests[0].Move != c.want {
			t.Errorf("want %q: %+v", c.want, r.Tests)
		}
		if fails := c.want == "fails_now"; fails != (r.Verdict.Answer == compare.Worse) {
			t.Errorf("%s: %s", c.want, r.Verdict.Answer)
		}
	}
}

func TestTrimsAndVoltageAreStatistics(t *testing.T) {
	before, after := scan(false), scan(false)
	for _, v := range []float64{10, 14, 12} {
		before.Readings = append(before.Readings, obd.Reading{ECU: engine, Signal: "LONGFT1", Value: v, Unit: "%"})
	}
	before.Readings = append(before.Readings, obd.Reading{ECU: engine, Signal: "RPM", Value: 800}, obd.Reading{ECU: engine, Signal: "SHRTFT1", Absent: true})
	after.Readings = []obd.Reading{{ECU: engine, Signal: "LONGFT1", Value: 1, Unit: "%"}}
	after.Voltage = &obd.Voltage{Volts: 14.1}
	want := []compare.SignalChange{
		{ECU: engine, Signal: "LONGFT1", Unit: "%", Before: &compare.Statistics{Count: 3, Min: 10, Max: 14, Mean: 12}, After: &compare.Statistics{Count: 1, Min: 1, Max: 1, Mean: 1}},
		{Signal: compare.SupplyVoltage, Name: "Supply voltage", Unit: "V", After: &compare.Statistics{Count: 1, Min: 14.1, Max: 14.1, Mean: 14.1}},
	}
	if diff := cmp.Diff(want, compare.Scans(before, after).Signals); diff != "" {
		t.Error(diff)
	}
}

func TestFramesSoftwareAndMonitorsAreFollowed(t *testing.T) {
	before, after := scan(true), open(scan(true))
	before.FreezeFrames = []obd.FreezeFrame{{ECU: engine, Code: "P0171"}}
	after.FreezeFrames = []obd.FreezeFrame{{ECU: engine, Code: "P0301"}}
	before.ECUs = []obd.ECU{{Address: engine, Calibrations: []obd.Calibration{{ID: "A-1", CVN: "00000001"}}}}
	after.ECUs = []obd.ECU{{Address: engine, Calibrations: []obd.Calibration{{ID: "A-2", CVN: "00000002"}}}}
	r := compare.Scans(before, after)
	if len(r.FreezeFrames) != 2 || r.FreezeFrames[0].Renewed || r.FreezeFrames[0].Change != compare.New || r.FreezeFrames[1].Change != compare.Gone {
		t.Errorf("%+v", r.FreezeFrames)
	}
	if len(r.Software) != 1 || r.Software[0].After[0].ID != "A-2" {
		t.Errorf("%+v", r.Software)
	}
	if want := []compare.MonitorMove{{Monitor: obd.MonitorCatalyst, Before: "complete", After: "open"}}; !cmp.Equal(want, r.Monitors) {
		t.Errorf("%+v", r.Monitors)
	}
}

func TestACodeIsNotGoneWithItsControlUnit(t *testing.T) {
	slips := obd.DTC{Code: "P0741", ECU: gearbox, Kind: obd.Stored}
	units := func(s *obd.Scan, all ...obd.Address) *obd.Scan {
		for _, a := range all {
			s.ECUs = append(s.ECUs, obd.ECU{Address: a})
		}
		return s
	}
	for name, c := range map[string]struct {
		after *obd.Scan
		want  compare.Answer
	}{
		"it answers":         {units(scan(false), engine, gearbox), compare.Fixed},
		"it does not answer": {units(scan(false), engine), compare.Unknown},
		"nothing tells":      {scan(false), compare.Fixed},
	} {
		r := compare.Scans(units(scan(true, slips), engine, gearbox), c.after)
		if r.Verdict.Answer != c.want {
			t.Errorf("%s: %s, want %s: %+v", name, r.Verdict.Answer, c.want, r.Codes)
		}
	}
}

// TestAFrameOfOtherValuesWasStoredAgain tells a frame that stayed from one that the fault wrote anew.
func TestAFrameOfOtherValuesWasStoredAgain(t *testing.T) {
	frame := func(rpm float64) []obd.FreezeFrame {
		return []obd.FreezeFrame{{ECU: engine, Code: "P0171", Readings: []obd.Reading{{Signal: "RPM", Value: rpm, Unit: "/min"}}}}
	}
	for _, c := range []struct {
		rpm     float64
		renewed bool
	}{{900, false}, {2100, true}} {
		before, after := &obd.Scan{FreezeFrames: frame(900)}, &obd.Scan{FreezeFrames: frame(c.rpm)}
		r := compare.Scans(before, after)
		if len(r.FreezeFrames) != 1 || r.FreezeFrames[0].Change != compare.Kept || r.FreezeFrames[0].Renewed != c.renewed {
			t.Errorf("%v: %+v", c.rpm, r.FreezeFrames)
		}
	}
}
