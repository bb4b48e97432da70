package freeze_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/freeze"
	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/theme"
)

// two is a scan with a second frame, of the gearbox, whose code is gone.
func two() screen.Scan {
	told := screentest.Scanned()
	scan := *told.Scan
	scan.FreezeFrames = append(scan.FreezeFrames[:1:1], obd.FreezeFrame{ECU: obd.CAN11(0x7E9), Code: "P0741", Readings: []obd.Reading{
		{Signal: "VSS", Name: "Vehicle speed", Value: 121, Unit: "km/h"}, {Signal: "FUELSYS1", Name: "Fuel system 1", Value: 2, Text: "CL"},
		{Signal: "EOT", Name: "Engine oil temperature", Absent: true},
	}})
	told.Scan = &scan
	return told
}

func page() *freeze.Screen {
	p := freeze.New()
	look := screentest.Look()
	look.Theme, look.Width, look.Height = theme.Get("none", true), 80, 20
	p.Resize(look)
	p.Update(two())
	return p
}

func TestViews(t *testing.T) { screentest.Test(t, testViews) }

func testViews(t *testing.T) {
	build := func() screen.Screen { return freeze.New() }
	none := screentest.Scanned()
	clean := *none.Scan
	clean.FreezeFrames = nil
	none.Scan = &clean
	screentest.Golden(t, "nothing", build)
	screentest.Golden(t, "none", build, screentest.Link(), none)
	screentest.Golden(t, "frames", build, screentest.Link(), screentest.Vehicle(), two())
}

func TestValuesFollowTheCursor(t *testing.T) {
	p := page()
	if v := p.View(); !strings.Contains(v, "2148") && !strings.Contains(v, "2,148") {
		t.Errorf("the engine speed of the first frame is not there:\n%s", v)
	}
	p.Update(screentest.Press("down"))
	v := p.View()
	if !strings.Contains(v, "121") || !strings.Contains(v, "in no list now") {
		t.Errorf("the second frame is not shown as one whose code is gone:\n%s", v)
	}
	if strings.Contains(v, "oil") {
		t.Errorf("a sensor that the car does not have is shown:\n%s", v)
	}
}

func TestTheFrameInViewStays(t *testing.T) {
	p := page()
	p.Update(screentest.Press("down"))
	again := two()
	again.Scan.FreezeFrames[0], again.Scan.FreezeFrames[1] = again.Scan.FreezeFrames[1], again.Scan.FreezeFrames[0]
	p.Update(again)
	if v := p.View(); !strings.Contains(v, "121") {
		t.Errorf("another frame came into view with the next scan:\n%s", v)
	}
}

func TestFramesNotReadAreNotNone(t *testing.T) {
	p := page()
	ended := screentest.Scanned()
	scan := *ended.Scan
	scan.FreezeFrames, scan.Complete = nil, []obd.Step{obd.StepStored}
	ended.Scan = &scan
	p.Update(ended)
	if v := p.View(); !strings.Contains(v, "could not be read") {
		t.Errorf("frames that were not read look like none:\n%s", v)
	}
}
