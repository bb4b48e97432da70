//go:build !linux && !darwin

package simulator

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
)

// ServePTY needs pseudo terminals, which this platform does not have.
func ServePTY(context.Context, string) (path string, wait func() error, err error) {
	return "", nil, errs.New(errs.Unsupported, "this platform has no pseudo terminals").
		WithHint("serve on TCP instead")
}
