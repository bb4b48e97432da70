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
	Done bool        `json:"done"`
	Data []byte      `json:"data,omitempty"` // service 08: what stands behind the TID
	// Why is set where the ECU did not do it; any negative response means that nothing was done.
	Why *obd.Unread `json:"why,omitempty"`
}

const pidRPM = 0x0C

// StepChange names requests that change the vehicle in [obd.Unread]; no scan makes any.
const StepChange obd.Step = "change"

// Clear sends service 04: every ECU erases its codes, freeze frames, readiness and test results.
//
// It is refused (errs.Denied) with the engine running, and when that cannot be told unless force is
// set. To save everything and to ask the person before is the caller's part. ECUs that were heard from
// and said nothing are in the list too, as not done.
func (t *Tester) Clear(ctx context.Context, force bool) ([]Outcome, error) {
	if err := t.standstill(ctx, force); err != nil {
		return nil, err
	}
	out, err := t.change(ctx, j1979.Clear())
	t.status = nil
	return out, err
}

// Control sends service 08 (request control of an on-board system, test or component), guarded as
// [Tester.Clear] is. Data are up to five bytes behind the TID.
func (t *Tester) Control(ctx context.Context, tid byte, data []byte, force bool) ([]Outcome, error) {
	if isBitmap(tid) {
		return nil, errs.New(errs.Usage, "control: TID %02X only lists which tests there are", tid)
	}
	if len(data) > 5 {
		return nil, errs.New(errs.Usage, "control: %d data bytes, at most 5", len(data))
	}
	if err := t.standstill(ctx, force); err != nil {
		return nil, err
	}
	return t.change(ctx, j1979.Control(tid, data...))
}

// standstill returns nil when the engine does not turn.
func (t *Tester) standstill(ctx context.Context, force bool) error {
	items, _, err := t.current(ctx, StepChange, []byte{pidRPM})
	if err != nil {
		return err
	}
	known := false
	for _, i := range items {
		if len(i.data) < 2 {
			continue
		}
		known = true
		if i.data[0] != 0 || i.data[1] != 0 {
			return errs.New(errs.Denied, "the engine is running (%d/min)", (int(i.data[0])<<8|int(i.data[1]))/4).
				WithHint("switch the engine off, leave the ignition on and try again")
		}
	}
	if !known && !force {
		return errs.New(errs.Denied, "the engine speed could not be read, so the engine may be running").
			WithHint("make sure that the engine is off, then repeat with --force")
	}
	return nil
}

// change sends a request that changes something, once: an ECU that did not answer may have acted.
func (t *Tester) change(ctx context.Context, request []byte) ([]Outcome, error) {
	replies, err := t.send(ctx, question{data: request, slow: true})
	var out []Outcome
	add := func(ecu obd.Address, err error) {
		u := unread(StepChange, ecu, request, err)
		out = append(out, Outcome{ECU: ecu, Why: &u})
	}
	seen := map[obd.Address]bool{}
	for _, r := range replies {
		t.heard(r.ECU)
		seen[r.ECU] = true
		n, negative := r.Negative()
		switch {
		case r.Err != nil:
			add(r.ECU, r.Err)
		case negative:
			add(r.ECU, n)
		case len(r.Data) == 0 || r.Data[0] != request[0]+0x40:
			add(r.ECU, errMalformed)
		default:
			out = append(out, Outcome{ECU: r.ECU, Done: true, Data: r.Data[min(len(r.Data), len(request)):]})
		}
	}
	if request[0] == byte(obd.ServiceClear) {
		for _, ecu := range t.ecus {
			if !seen[ecu] {
				add(ecu, silence(err))
			}
		}
	}
	byECU(out, func(o Outcome) obd.Address { return o.ECU })
	if len(out) == 0 && err != nil {
		return nil, err
	}
	return out, ended(ctx, err)
}
