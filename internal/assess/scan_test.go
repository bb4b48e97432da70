package assess_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/internal/assess"
	"github.com/fleetms/obdctl/internal/obd"
)

// car builds the scans of the tables: a petrol car of 2015 whose monitors have all completed, changed by the row.
func car(changes ...func(*obd.Scan)) *obd.Scan {
	s := &obd.Scan{
		Vehicle: obd.Vehicle{ModelYear: 2015},
		ECUs:    []obd.ECU{{Address: engine}},
		Readiness: obd.Readiness{Ignition: obd.Spark, SinceClear: []obd.Monitor{
			{ID: obd.MonitorMisfire, Supported: true, Complete: true},
			{ID: obd.MonitorComponents, Supported: true, Complete: true},
			{ID: obd.MonitorCatalyst, Supported: true, Complete: true},
			{ID: obd.MonitorHeatedCat},
			{ID: obd.MonitorEvap, Supported: true, Complete: true},
			{ID: obd.MonitorOxygenSensor, Supported: true, Complete: true},
			{ID: obd.MonitorOxygenHeater, Supported: true, Complete: true},
		}},
		Complete: []obd.Step{obd.StepStored, obd.StepPending, obd.StepPermanent, obd.StepReadiness, obd.StepInfo},
	}
	for _, change := range changes {
		change(s)
	}
	return s
}

var (
	engine  = obd.CAN11(0x7E8)
	gearbox = obd.CAN11(0x7E9)
)

func open(ids ...obd.MonitorID) func(*obd.Scan) {
	return func(s *obd.Scan) {
		for i := range s.Readiness.SinceClear {
			for _, id := range ids {
				if m := &s.Readiness.SinceClear[i]; m.ID == id {
					m.Complete = false
				}
			}
		}
	}
}

func year(y int) func(*obd.Scan) { return func(s *obd.Scan) { s.Vehicle.ModelYear = y } }
func lampOn(s *obd.Scan)         { s.MIL = true }
func unreadable(s *obd.Scan)     { s.Readiness = obd.Readiness{}; s.Complete = nil }

func code(kind obd.CodeKind, codes ...string) func(*obd.Scan) {
	return func(s *obd.Scan) {
		for _, c := range codes {
			s.Codes = append(s.Codes, obd.DTC{Code: c, Kind: kind, ECU: engine})
		}
	}
}

// reads adds "RPM=800 ECT=85 FUELSYS1:CL": numbers after =, states after :.
func reads(list string) func(*obd.Scan) {
	return func(s *obd.Scan) {
		for item := range strings.FieldsSeq(list) {
			r := obd.Reading{ECU: engine}
			if signal, text, ok := strings.Cut(item, ":"); ok {
				r.Signal, r.Text = signal, text
			} else {
				signal, number, _ := strings.Cut(item, "=")
				r.Signal = signal
				if err := json.Unmarshal([]byte(number), &r.Value); err != nil {
					panic(item)
				}
			}
			s.Readings = append(s.Readings, r)
		}
	}
}

func TestScanOfNothing(t *testing.T) {
	a := assess.Scan(&obd.Scan{})
	if a.Inspection.Verdict != obd.Unknown || a.RecentlyCleared.Answer != "unknown" {
		t.Errorf("a scan that read nothing gives %+v", a)
	}
	b, err := json.Marshal(a)
	if err != nil || strings.Contains(string(b), "null") {
		t.Errorf("JSON %s, %v: lists must not be null", b, err)
	}
}

func TestScanOfAHealthyCar(t *testing.T) {
	a := assess.Scan(car(reads("RPM=750 ECT=88 VPWR=14.1 LONGFT1=2.3 SHRTFT1=-1.6 RUNTM=1400 AAT=18 WARM_UPS=120 CLR_DIST=5400")))
	if a.Inspection.Verdict != obd.Pass || a.RecentlyCleared.Answer != "unlikely" || len(a.Coach)+len(a.CloseToLimit)+len(a.Findings) != 0 {
		t.Errorf("a healthy car gives %+v", a)
	}
}
