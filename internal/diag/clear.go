package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// ClearOptions say what the person confirmed beyond clearing itself.
type ClearOptions struct {
	// EngineStateUnknown allows to go on where the engine speed cannot be read.
	EngineStateUnknown bool
}

// ClearResult is what one ECU answered to service 04.
type ClearResult struct {
	ECU     obd.Address `json:"ecu,omitzero"`
	Cleared bool        `json:"cleared"`          // any negative response means that nothing was cleared
	NRC     *uint8      `json:"nrc,omitempty"`    // the negative response code, ISO 14229-1 annex A
	Reason  string      `json:"reason,omitempty"` // for people, where not cleared
}

// Clear sends service 04: every ECU erases its codes, freeze frames, readiness and test results.
//
// It is refused (errs.Denied) with the engine running, and where that cannot be told unless the options
// allow it. To save everything and to ask the person before is the caller's part. The request is sent
// once: an ECU whose answer was lost may have acted. ECUs that were heard from before and said nothing
// are in the list too, as not cleared.
func (t *Tester) Clear(ctx context.Context, o ClearOptions) ([]ClearResult, error) {
	if err := t.standstill(ctx, o.EngineStateUnknown); err != nil {
		return nil, err
	}
	answers, err := t.change(ctx, j1979.Clear())
	t.forgetCodes()
	var results []ClearResult
	for _, a := range answers {
		results = append(results, a.result())
	}
	for _, ecu := range t.ecus {
		if !answered(answers, ecu) {
			results = append(results, answer{ecu: ecu, err: silence(err)}.result())
		}
	}
	byECU(results, func(r ClearResult) obd.Address { return r.ECU })
	if len(answers) == 0 && err != nil && len(results) == 0 {
		return nil, err
	}
	return results, ended(ctx, err)
}

// ControlResult is what one ECU answered to service 08.
type ControlResult struct {
	ECU  obd.Address
	Data []byte // behind the TID
	Err  error  // set when the ECU refused
}

// Control sends service 08 (request control of an on-board system, test or component), guarded as
// [Tester.Clear] is. Data are up to five bytes behind the TID.
func (t *Tester) Control(ctx context.Context, tid byte, data []byte, o ClearOptions) ([]ControlResult, error) {
	if isBitmap(tid) || len(data) > 5 {
		return nil, errs.New(errs.Usage, "control: TID %02X with %d data bytes is no request of service 08", tid, len(data))
	}
	if err := t.standstill(ctx, o.EngineStateUnknown); err != nil {
		return nil, err
	}
	answers, err := t.change(ctx, j1979.Control(tid, data...))
	var results []ControlResult
	for _, a := range answers {
		results = append(results, ControlResult{ECU: a.ecu, Data: a.data[min(len(a.data), 2):], Err: a.err})
	}
	return results, err
}

const (
	pidRPM     = 0x0C
	rpmPerStep = 4 // PID 0C counts quarter revolutions per minute
)

// standstill returns nil when the engine does not turn.
func (t *Tester) standstill(ctx context.Context, unknownIsFine bool) error {
	items, _, err := t.current(ctx, obd.StepReadings, []byte{pidRPM})
	if err != nil {
		return err
	}
	known := false
	for _, i := range items {
		if len(i.data) < 2 {
			continue
		}
		known = true
		if raw := int(i.data[0])<<8 | int(i.data[1]); raw > 0 {
			return errs.New(errs.Denied, "the engine is running (%d/min)", raw/rpmPerStep).
				WithHint("switch the engine off, leave the ignition on and try again")
		}
	}
	if !known && !unknownIsFine {
		return errs.New(errs.Denied, "the engine speed could not be read, so the engine may be running").
			WithHint("make sure that the engine is off, then repeat with --engine-state-unknown")
	}
	return nil
}

// forgetCodes drops what clearing made untrue.
func (t *Tester) forgetCodes() {
	t.status = nil
	delete(t.support, obd.ServiceFreezeFrame)
}
