//go:build !windows

package j2534

import (
	"runtime"

	"github.com/fleetms/obdctl/internal/errs"
)

// Devices lists nothing: pass-thru drivers are libraries of Windows.
func Devices() ([]Device, error) { return nil, nil }

// Load says what there is instead.
func Load(Device) (Library, error) { return nil, unsupported() }

// Find says what there is instead.
func Find(string) (Device, error) { return Device{}, unsupported() }

func unsupported() error {
	return errs.New(errs.Unsupported, "pass-thru drivers are libraries of Windows; this is %s", runtime.GOOS).
		WithHint("use the device's CAN interface (can://can0) or an ELM327-class adapter here")
}
