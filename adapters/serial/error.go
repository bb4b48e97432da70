package serial

import (
	"errors"
	"io/fs"

	"go.bug.st/serial"

	"github.com/fleetms/obdctl/internal/errs"
)

// openError says why a device could not be opened and what to do about it.
func openError(device string, err error) error {
	fail := func(format, hint string) error {
		return errs.New(errs.NoAdapter, "open %s: "+format, device).WithHint("%s", hint)
	}
	if known, ok := errors.AsType[*serial.PortError](err); ok {
		switch known.Code() {
		case serial.PortBusy:
			return fail("the port is in use", busyHint(device))
		case serial.PermissionDenied:
			return fail("no permission", permissionHint(device))
		case serial.PortNotFound:
			return fail("no such port", missingHint)
		case serial.InvalidSpeed:
			return fail("the port cannot run at this speed", "leave ?baud= out and the speed is found")
		case serial.InvalidSerialPort:
			return fail("this is not a serial port", "obdctl adapter list shows the ports that are there")
		}
	}
	switch {
	case errors.Is(err, fs.ErrPermission):
		return fail("no permission", permissionHint(device))
	case errors.Is(err, fs.ErrNotExist), isNoDevice(err):
		return fail("no such port", missingHint)
	case isBusy(err):
		return fail("the port is in use", busyHint(device))
	}
	return errs.New(errs.NoAdapter, "open %s: %w", device, err).WithHint("%s", missingHint)
}
