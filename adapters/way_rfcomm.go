package adapters

import "github.com/fleetms/obdctl/internal/errs"

// wayRFCOMM leads to classic Bluetooth.
func (op *opener) wayRFCOMM() (way, error) {
	return way{}, errs.New(errs.Unsupported, "%s: classic Bluetooth cannot be used by this build", op.address).
		WithHint("use another way in; 'obdctl adapter list' names them")
}
