package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

const pidVehicleSpeed = 0x0D

// Stationary returns nil when the vehicle stands and its engine does not turn, as far as it can be told;
// force allows what cannot be told. It is asked before everything that changes something.
func (t *Tester) Stationary(ctx context.Context, force bool) error {
	if err := t.standstill(ctx, true); err != nil {
		return err
	}
	known := false
	if t.protocol() != obd.J1939 {
		items, _, err := t.current(ctx, obd.StepReadings, []byte{pidVehicleSpeed})
		if err != nil {
			return err
		}
		for _, i := range items {
			known = known || len(i.data) > 0
			if len(i.data) > 0 && i.data[0] > 0 {
				return errs.New(errs.Denied, "the vehicle is moving (%d km/h)", i.data[0]).WithHint("stop, and try again")
			}
		}
	}
	if known {
		return nil
	}
	return t.standstill(ctx, force)
}
