package adapters

import "github.com/fleetms/obdctl/internal/errs"

// waySimulatedDoIP leads to a simulated car on the loopback network.
func (op *opener) waySimulatedDoIP(string) (way, error) {
	return way{}, errs.New(errs.Unsupported, "%s: the simulated car does not serve DoIP in this build", op.address).
		WithHint("use via=bus or via=port")
}
