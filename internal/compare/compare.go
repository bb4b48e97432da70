// Package compare holds two scans of a vehicle against each other: what a repair changed.
//
// It says only what both scans allow: a code is gone when the later scan read the list that held it in
// full, and a repair is proven when the car has tested itself again since the codes were cleared.
package compare

import (
	"time"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/obd"
)

// Schema is the version of [Result]'s JSON. It only grows.
const Schema = "obdctl.compare/1"

// Result is what changed from one scan to a later one.
type Result struct {
	Schema      string `json:"schema"`
	Before      Side   `json:"before"`
	After       Side   `json:"after"`
	SameVehicle string `json:"same_vehicle"` // "yes", "no" or "unknown", by VIN and calibrations

	Verdict      Verdict        `json:"verdict"`
	Codes        []CodeChange   `json:"codes"`
	Monitors     []MonitorMove  `json:"monitors"`
	FreezeFrames []FrameChange  `json:"freeze_frames"`
	Tests        []TestChange   `json:"tests"`
	Signals      []SignalChange `json:"signals"` // fuel trims and supply voltage
	Software     []SoftChange   `json:"software"`
}

// Side is one of the two scans.
type Side struct {
	ScanID  uuid.UUID   `json:"scan_id"`
	At      time.Time   `json:"at"`
	VIN     string      `json:"vin,omitempty"`
	MIL     bool        `json:"mil"`
	Codes   int         `json:"codes"` // different codes per ECU
	Verdict obd.Verdict `json:"inspection"`
}

// Change is what became of one thing.
type Change string

// The changes.
const (
	Gone  Change = "gone"
	New   Change = "new"
	Kept  Change = "kept"
	Blind Change = "unknown" // one of the scans could not read it
)

// Scans compares two scans. Neither is changed; the caller says which one is the earlier.
func Scans(before, after *obd.Scan) Result {
	r := Result{
		Schema: Schema, Before: side(before), After: side(after),
		SameVehicle:  sameVehicle(before, after),
		Codes:        codes(before, after),
		Monitors:     monitors(before.Readiness, after.Readiness),
		FreezeFrames: frames(before, after),
		Tests:        tests(before.Tests, after.Tests),
		Signals:      signals(before, after),
		Software:     software(before, after),
	}
	r.Verdict = judge(&r, before, after)
	return r
}

func side(s *obd.Scan) Side {
	return Side{
		ScanID: s.ID, At: s.Started, VIN: s.Vehicle.VIN, MIL: s.MIL,
		Codes: len(byCode(s.Codes)), Verdict: s.Assessment.Inspection.Verdict,
	}
}

// sameVehicle compares the VINs; without them the calibration ids of the control units that both scans have.
func sameVehicle(before, after *obd.Scan) string {
	a, b := before.Vehicle.VIN, after.Vehicle.VIN
	switch {
	case a != "" && a == b:
		return "yes"
	case a != "" && b != "":
		return "no"
	}
	have := map[string]bool{}
	for _, e := range before.ECUs {
		for _, c := range e.Calibrations {
			have[c.ID+"/"+c.CVN] = c.ID != ""
		}
	}
	for _, e := range after.ECUs {
		for _, c := range e.Calibrations {
			if have[c.ID+"/"+c.CVN] {
				return "yes"
			}
		}
	}
	return "unknown"
}
