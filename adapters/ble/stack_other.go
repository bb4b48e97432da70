//go:build !linux && !(windows && !386) && !(darwin && cgo)

package ble

import (
	"runtime"

	"github.com/fleetms/obdctl/internal/errs"
)

// System says that this build has no Bluetooth LE, and what there is instead.
func System() (Stack, error) {
	err := errs.New(errs.Unsupported, "Bluetooth Low Energy is not in this build for %s/%s", runtime.GOOS, runtime.GOARCH)
	switch runtime.GOOS {
	case "darwin":
		return nil, err.WithHint("Apple's Bluetooth needs cgo: build with CGO_ENABLED=1 on a Mac, or use a cable or a Wi-Fi adapter")
	case "windows":
		return nil, err.WithHint("take the 64-bit build of obdctl for Bluetooth LE; this one is for pass-thru devices")
	}
	return nil, err.WithHint("use a cable or a Wi-Fi adapter")
}
