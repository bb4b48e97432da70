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
	if d := t.spoken(); d != nil {
		out, err := d.clear(ctx)
		t.forgetCodes()
		return out, err
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
	if d := t.spoken(); d != nil {
		return nil, errs.New(errs.Unsupported, "control: service 08 does not exist in this vehicle's protocol (%s)", d.name()).
			WithHint("'obdctl uds routine' starts routines of service 31")
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

// Standstill returns nil when nothing says that the engine turns, and an errs.Denied when it does. known is false where the
// vehicle does not tell, so that a person has to look.
func (t *Tester) Standstill(ctx context.Context) (known bool, err error) {
	ask := t.engineSpeed
	if d := t.spoken(); d != nil {
		ask = d.engineSpeed
	}
	speed, known, err := ask(ctx)
	switch {
	case err != nil:
		return false, err
	case speed > 0:
		return true, errs.New(errs.Denied, "the engine is running (%d/min)", int(speed)).
			WithHint("switch the engine off, leave the ignition on and try again")
	}
	return known, nil
}

// standstill returns nil when the engine does not turn.
func (t *Tester) standstill(ctx context.Context, unknownIsFine bool) error {
	known, err := t.Standstill(ctx)
	switch {
	case err != nil:
		return err
	case !known && !unknownIsFine:
		return errs.New(errs.Denied, "the engine speed could not be read, so the engine may be running").
			WithHint("make sure that the engine is off, then repeat with --engine-state-unknown")
	}
	return nil
}

// engineSpeed reads PID 0C; the fastest ECU counts.
func (t *Tester) engineSpeed(ctx context.Context) (speed float64, known bool, err error) {
	items, _, err := t.current(ctx, obd.StepReadings, []byte{pidRPM})
	for _, i := range items {
		if len(i.data) >= 2 {
			known = true
			speed = max(speed, float64(int(i.data[0])<<8|int(i.data[1]))/rpmPerStep)
		}
	}
	return speed, known, err
}

// forgetCodes drops what clearing made untrue.
func (t *Tester) forgetCodes() {
	t.status = nil
	delete(t.support, obd.ServiceFreezeFrame)
}
