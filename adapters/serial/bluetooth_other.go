//go:build linux || (darwin && cgo)

package serial

// bluetoothPorts is not needed here: the name of the device tells.
func bluetoothPorts() map[string]bool { return nil }
