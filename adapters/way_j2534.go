package adapters

import "github.com/fleetms/obdctl/internal/errs"

// wayJ2534 leads to pass-thru devices.
func (op *opener) wayJ2534() (way, error) {
	return way{}, errs.New(errs.Unsupported, "%s: pass-thru devices cannot be used by this build", op.address).
		WithHint("use another way in; 'obdctl adapter list' names them")
}
