package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// Outcome is what one ECU answered to a request that changes something.
type Outcome struct {
	ECU  obd.Address `json:"ecu,omitzero"`
	Done bool        `json:"done"`           // any negative response means that nothing was done
	Data []byte      `json:"data,omitempty"` // service 08: what stands behind the TID
	Why  *obd.Unread `json:"why,omitempty"`  // set where the ECU did not do it
}

// StepChange names, in [obd.Unread], a request that changes the vehicle; no scan makes any.
const StepChange obd.Step = "change"

// Clear sends service 04: every ECU erases its codes, freeze frames, readiness and test results.
//
// It is refused (errs.Denied) with the engine running, and where that cannot be told unless force is set.
// To save everything and to ask the person before is the caller's part. The request is sent once: an ECU
// whose answer was lost may have acted. ECUs that were heard from before and said nothing are in the list
// too, as not done.
func (t *Tester) Clear(ctx context.Context, force bool) ([]Outcome, error) {
	if err := t.standstill(ctx, force); err != nil {
		return nil, err
	}
	request := j1979.Clear()
	answers, err := t.change(ctx, request)
	t.forgetCodes()
	for _, ecu := range t.ecus {
		if !answered(answers, ecu) {
			answers = append(answers, answer{ecu: ecu, err: silence(err)})
		}
	}
	if len(answers) == 0 && err != nil {
		return nil, err
	}
	return outcomes(answers, request), ended(ctx, err)
}

// Control sends service 08 (request control of an on-board system, test or component), guarded as
// [Tester.Clear] is; force allows to go on where the engine speed cannot be read. Data are up to five
// bytes behind the TID.
func (t *Tester) Control(ctx context.Context, tid byte, data []byte, force bool) ([]Outcome, error) {
	if isBitmap(tid) || len(data) > 5 {
		return nil, errs.New(errs.Usage, "control: TID %02X with %d data bytes is no request of service 08", tid, len(data))
	}
	if err := t.standstill(ctx, force); err != nil {
		return nil, err
	}
	request := j1979.Control(tid, data...)
	answers, err := t.change(ctx, request)
	return outcomes(answers, request), err
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
