//go:build !linux

package socketcan

import (
	"context"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Open answers [errs.Unsupported]: only Linux has SocketCAN.
func Open(_ context.Context, device string, o Options) (link.Bus, error) {
	return nil, errs.New(errs.Unsupported, "open %s: only Linux has CAN interfaces of the system", o.name(device)).
		WithHint("a USB adapter with a serial port works by slcan://, a pass-thru device on Windows by j2534://")
}
