//go:build !linux

package rfcomm

import (
	"context"
	"runtime"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Open says what there is instead: these systems make a serial port of every paired adapter.
func Open(_ context.Context, address string, _ int, _ string) (link.Port, error) {
	if _, err := ParseMAC(address); err != nil {
		return nil, err
	}
	err := errs.New(errs.Unsupported, "RFCOMM sockets are not in this build for %s", runtime.GOOS)
	if runtime.GOOS == "windows" {
		return nil, err.WithHint("pair the adapter in the settings of Windows, then use the outgoing port that it makes, such as serial://COM5")
	}
	return nil, err.WithHint("pair the adapter in the settings of the system, then use the serial port that it makes, such as serial:///dev/cu.OBDII-Port; 'obdctl adapter list' shows it")
}

// Paired lists nothing: the system's serial ports are the list.
func Paired(context.Context) ([]Device, error) { return nil, nil }
