package report_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/internal/report/document"
)

const (
	engine  = 0x7E8
	gearbox = 0x7E9
)

var started = time.Date(2026, 3, 5, 8, 15, 0, 0, time.UTC)

// sick is a made-up petrol car with a misfire.
func sick() *obd.Scan {
	ecu := obd.CAN11(engine)
	s := &obd.Scan{
		Schema: obd.ScanSchema, Started: started, Ended: started.Add(4 * time.Second), Protocol: obd.CAN11x500,
		Vehicle: obd.Vehicle{VIN: "1HGCM82633A004352", Maker: "Honda", ModelYear: 2003, Plausible: true},
		Voltage: &obd.Voltage{Volts: 14.1, Source: "ecu"}, MIL: true,
		ECUs: []obd.ECU{
			{Address: ecu, Name: "ECM-EngineControl", Calibrations: []obd.Calibration{{ID: "CAL-1", CVN: "0A0B0C0D"}},
				InUse: &obd.InUse{Conditions: 90, IgnitionCycles: 300, Counters: []obd.InUseCounter{{ID: "CAT1", Name: "catalyst, bank 1", Completions: 60, Conditions: 90}}}},
			{Address: obd.CAN11(gearbox), Name: "TCM-TransmissionCtrl"},
		},
		Codes: []obd.DTC{
			{Code: "P0301", ECU: ecu, Kind: obd.Stored, Description: "Cylinder 1 misfire detected", Severity: "high", Known: true},
			{Code: "P0301", ECU: ecu, Kind: obd.Permanent, Description: "Cylinder 1 misfire detected", Severity: "high", Known: true},
			{Code: "P0171", ECU: ecu, Kind: obd.Pending, Description: "System too lean (bank 1)", Severity: "medium", Known: true},
			{Code: "U3FFF", ECU: obd.CAN11(gearbox), Kind: obd.Stored},
		},
		Readiness: obd.Readiness{Ignition: obd.Spark,
			SinceClear: []obd.Monitor{{ID: obd.MonitorMisfire, Supported: true, Complete: true}, {ID: obd.MonitorCatalyst, Supported: true}, {ID: obd.MonitorEvap, Supported: true}, {ID: obd.MonitorEGR}},
			ThisCycle:  []obd.Monitor{{ID: obd.MonitorMisfire, Supported: true, Complete: true}, {ID: obd.MonitorCatalyst, Supported: true}}},
		FreezeFrames: []obd.FreezeFrame{{ECU: ecu, Code: "P0301", Readings: []obd.Reading{
			{Signal: "RPM", Name: "Engine speed", Value: 2148, Unit: "/min"}, {Signal: "ECT", Name: "Engine coolant temperature", Value: 87, Unit: "Cel"}, {Signal: "FUELSYS1", Text: "CL"}}}},
		Tests: []obd.MonitorTest{
			{ECU: ecu, MID: new(uint8(0xA2)), TID: 0x0B, Name: "misfire, cylinder 1", TestName: "average misfires", Value: 31, Max: new(24.0), Margin: new(-0.29)},
			{ECU: ecu, MID: new(uint8(0x01)), TID: 0x01, Name: "oxygen sensor, bank 1 sensor 1", Value: 0.465, Min: new(0.36), Max: new(0.6), Unit: "V", Passed: true, Margin: new(0.44)},
			{ECU: ecu, MID: new(uint8(0x3C)), TID: 0x80, Name: "EVAP leak, 0.5 mm", Value: -8, Min: new(-125.0), Max: new(0.0), Unit: "Pa", Passed: true, Margin: new(0.06)},
			{ECU: ecu, MID: new(uint8(0x39)), TID: 0x80, NotRun: true, Passed: true},
		},
		Readings: []obd.Reading{
			{At: started, ECU: ecu, Signal: "ECT", Name: "Engine coolant temperature", Value: 87, Unit: "Cel"},
			{At: started, ECU: ecu, Signal: "RPM", Name: "Engine speed", Value: 812.5, Unit: "/min"},
			{At: started, ECU: ecu, Signal: "LONGFT1", Name: "Long term fuel trim, bank 1", Value: 17.1875, Unit: "%"},
			{At: started, ECU: ecu, Signal: "CLR_DIST", Name: "Distance since the codes were cleared", Value: 412, Unit: "km"},
			{At: started, ECU: ecu, Signal: "ODO", Name: "Odometer", Value: 123456.7, Unit: "km"},
			{At: started, ECU: ecu, Signal: "AAT", Absent: true},
		},
		Complete: []obd.Step{obd.StepVehicle, obd.StepReadiness, obd.StepStored, obd.StepPending, obd.StepPermanent, obd.StepTests, obd.StepReadings},
		Unread:   []obd.Unread{{Step: obd.StepFreeze, ECU: obd.CAN11(gearbox), Request: "020000", Reason: obd.NoReply}, {Step: obd.StepInfo, Request: "090B", Reason: obd.NotSupported}},
	}
	s.Assessment = assess.Scan(s)
	return s
}

// well is the same car after its repair.
func well() *obd.Scan {
	s := sick()
	s.MIL, s.Started, s.Codes, s.FreezeFrames = false, started.Add(48*time.Hour), nil, nil
	s.Codes = []obd.DTC{{Code: "P0301", ECU: obd.CAN11(engine), Kind: obd.Permanent, Description: "Cylinder 1 misfire detected", Severity: "high", Known: true}}
	for i := range s.Readiness.SinceClear {
		s.Readiness.SinceClear[i].Complete = s.Readiness.SinceClear[i].Supported
	}
	s.Tests[0].Value, s.Tests[0].Passed, s.Tests[0].Margin = 2, true, new(0.92)
	s.Unread, s.Complete = nil, append(s.Complete, obd.StepFreeze, obd.StepInfo)
	s.Assessment = assess.Scan(s)
	return s
}

func journey() fleet.Trip {
	return fleet.Trip{
		Start: started, End: started.Add(42 * time.Minute), DistanceKm: 38.2, MovingS: 2200, IdleS: 300, MaxKmh: 121, MeanKmh: 62.5, FuelL: new(2.91),
		ColdStart: new(true), HardBrakes: 1, MaxCoolantC: new(94.0), MinVoltage: new(13.1), Readings: 2520,
		Events: []fleet.TripEvent{{At: started.Add(9 * time.Minute), Kind: "hard_brake", Value: -4.2, Unit: "m/s2"}, {At: started.Add(20 * time.Minute), Kind: "unheard_of", Value: 1}},
	}
}

// whole is an input that every report can be made of.
func whole() report.Input {
	before, after := sick(), well()
	trip := journey()
	in := report.Input{
		Scan: sick(), Before: before, After: after, Trip: &trip, Trips: []fleet.Trip{trip},
		Vehicle:  &fleet.Vehicle{VIN: "1HGCM82633A004352", Plate: "AB 123", Maker: "Honda", Model: "Accord", ModelYear: 2003, Label: "Blue one"},
		Customer: &fleet.Customer{Name: "Zoë Ångström"},
		Notes:    []fleet.Note{{Mark: fleet.Mark{Updated: started}, Text: "Coil of cylinder 1 exchanged."}},
		Pictures: []document.Picture{{Type: "image/png", Data: dot(), Alt: "the coil", Caption: "The coil", Width: 0.3}},
		Day:      started,
	}
	speed := report.Signal{Series: fleet.Series{Signal: "VSS", Name: "Vehicle speed", Unit: "km/h"}}
	for i := range 60 {
		v := 50 + 40*math.Sin(float64(i)/9)
		b := fleet.Bucket{Start: started.Add(time.Duration(i) * 42 * time.Second), Count: 42, Min: v - 3, Max: v + 3, Mean: v}
		if i > 40 && i < 44 {
			b = fleet.Bucket{Start: b.Start}
		}
		speed.Buckets = append(speed.Buckets, b)
	}
	in.Signals = []report.Signal{speed}
	in.Readings = func(yield func(obd.Reading, error) bool) {
		for i := range 5 {
			if !yield(obd.Reading{At: started.Add(time.Duration(i) * time.Second), ECU: obd.CAN11(engine), Signal: "VSS", Name: "Vehicle speed", Value: float64(10 * i), Unit: "km/h"}, nil) {
				return
			}
		}
	}
	for i := range 6 {
		at := started.AddDate(0, i-6, 0)
		in.Scans = append(in.Scans, fleet.ScanInfo{Started: at, MIL: i == 3, Codes: i % 3, Verdict: obd.Pass, Protocol: obd.CAN11x500})
		in.Tests = append(in.Tests, fleet.TestPoint{At: at, Test: obd.MonitorTest{ECU: obd.CAN11(engine), MID: new(uint8(0x21)), TID: 0x80, Name: "catalyst, bank 1", Margin: new(0.5 - 0.07*float64(i)), Passed: true}})
	}
	in.Codes = []fleet.CodeHistory{
		{Code: "P0301", ECU: obd.CAN11(engine), Kind: obd.Stored, FirstSeen: started.AddDate(0, -2, 0), LastSeen: started, Scans: 2},
		{Code: "P0420", ECU: obd.CAN11(engine), Kind: obd.Stored, FirstSeen: started.AddDate(0, -6, 0), LastSeen: started.AddDate(0, -5, 0), Scans: 1, Gone: new(started.AddDate(0, -4, 0))},
	}
	in.Forecasts = []report.Forecast{{Name: "catalyst, bank 1", Margin: 0.1, PerMonth: -0.07, Reaches: started.AddDate(0, 1, 0), Earliest: started.AddDate(0, 1, -9), Points: 6}}
	in.Rows = []report.DayRow{
		{Vehicle: *in.Vehicle, Trips: []fleet.Trip{trip}, Scan: &fleet.ScanInfo{MIL: true}, Codes: []string{"P0301"}, New: []string{"P0301"}},
		{Vehicle: fleet.Vehicle{Label: "Van 2"}, Trips: []fleet.Trip{trip, trip}},
	}
	return in
}

func dot() []byte {
	img := image.NewNRGBA(image.Rect(0, 0, 8, 8))
	for i := range 8 {
		img.Set(i, i, color.NRGBA{R: 200, A: 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func options(t testing.TB, tag string) report.Options {
	t.Helper()
	w, err := lang.Get(tag)
	if err != nil {
		t.Fatal(err)
	}
	return report.Options{Words: w, Now: time.Date(2026, 3, 7, 10, 30, 0, 0, time.UTC), Tool: "obdctl 1.0",
		Shop: report.Shop{Name: "Garage Example", Address: "1 Test Street, Sampletown", Phone: "+1 555 0100", Color: "#0F6B8C", Logo: &document.Picture{Type: "image/png", Data: dot()}}}
}

// build makes a report; it must be possible.
func build(t testing.TB, name string, in report.Input, o report.Options) *document.Document {
	t.Helper()
	r, err := report.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	d, err := r.Build(in, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func render(t testing.TB, d *document.Document, format string, r report.Render) []byte {
	t.Helper()
	f, err := report.FindFormat(format)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := f.Write(&b, d, r); err != nil {
		t.Fatalf("%s as %s: %v", d.Report, format, err)
	}
	return b.Bytes()
}
