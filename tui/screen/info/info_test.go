package info_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/info"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

// counted is a scan whose engine counts its monitors and whose gearbox came from another car.
func counted() screen.Scan {
	told := screentest.Scanned()
	scan := *told.Scan
	scan.ECUs = slices.Clone(scan.ECUs)
	scan.ECUs[0].ESN, scan.ECUs[0].Regulation = "E1204417", "EFMXV02.0VZ1"
	scan.ECUs[0].InUse = &obd.InUse{Conditions: 412, IgnitionCycles: 1630, Counters: []obd.InUseCounter{
		{ID: "CAT1", Name: "catalyst, bank 1", Completions: 388, Conditions: 412},
		{ID: "EVAP", Name: "evaporative system", Completions: 31, Conditions: 97},
		{ID: "CAT2", Name: "catalyst, bank 2"},
	}}
	scan.ECUs[1].VIN = "1FADP3E21EL200099"
	told.Scan = &scan
	return told
}

func page(told screen.Scan) *info.Screen {
	p := info.New()
	look := screentest.Look()
	look.Theme, look.Width, look.Height = theme.Get("none", true), 80, 60
	p.Resize(look)
	p.Update(told)
	return p
}

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	build := func() screen.Screen { return info.New() }
	screentest.Golden(t, "nothing", build)
	screentest.Golden(t, "connected", build, screentest.Link())
	screentest.Golden(t, "car", build, screentest.Link(), screentest.Vehicle(), counted())
	screentest.Golden(t, "end", build, screentest.Link(), screentest.Vehicle(), counted(), screentest.Press("end"))
}

func TestWhatACarSaysOfItself(t *testing.T) {
	v := page(counted()).View()
	for _, want := range []string{"1FADP3E21EL200017", "1A2B3C4D", "94 %", "32 %", "–", "1FADP3E21EL200099", "nobody answered"} {
		if !strings.Contains(v, want) {
			t.Errorf("%q is not there:\n%s", want, v)
		}
	}
}

func TestANumberThatWasNotReadIsNotMissing(t *testing.T) {
	told := screentest.Scanned()
	scan := *told.Scan
	scan.Vehicle = obd.Vehicle{}
	told.Scan = &scan
	if v := page(told).View(); !strings.Contains(v, "tells no VIN") {
		t.Errorf("a car without a VIN is not told:\n%s", v)
	}
	unread := scan
	unread.Complete = []obd.Step{obd.StepConnect}
	told.Scan = &unread
	p := page(told)
	if v := p.View(); !strings.Contains(v, "VIN could not be read") {
		t.Errorf("a VIN that was not read looks like none:\n%s", v)
	}
	for _, a := range p.Actions() {
		if a.ID == "info.copy" && a.Not == "" {
			t.Error("there is a VIN to copy")
		}
	}
}
