//go:build cgo

package ble

import "tinygo.org/x/bluetooth"

// propertiesOf believes anything of a characteristic: the library does not tell on macOS, so that the table
// of services decides.
func propertiesOf(bluetooth.DeviceCharacteristic) Properties { return CanWriteCommand | CanNotify }
