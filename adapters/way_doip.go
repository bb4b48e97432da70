package adapters

import "github.com/fleetms/obdctl/internal/errs"

// wayDoIP leads to diagnostics over IP.
func (op *opener) wayDoIP() (way, error) {
	return way{}, errs.New(errs.Unsupported, "%s: diagnostics over IP cannot be used by this build", op.address).
		WithHint("use another way in; 'obdctl adapter list' names them")
}
