//go:build !386

package ble

import "tinygo.org/x/bluetooth"

// propertiesOf are the properties as Windows tells them, in the bits of the specification.
func propertiesOf(c bluetooth.DeviceCharacteristic) Properties { return Properties(c.Properties()) }
