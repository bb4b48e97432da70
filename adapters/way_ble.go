package adapters

import "github.com/fleetms/obdctl/internal/errs"

// wayBLE leads to Bluetooth Low Energy.
func (op *opener) wayBLE() (way, error) {
	return way{}, errs.New(errs.Unsupported, "%s: Bluetooth Low Energy cannot be used by this build", op.address).
		WithHint("use another way in; 'obdctl adapter list' names them")
}
