//go:build linux || windows || (darwin && cgo)

package serial

import (
	"fmt"

	"go.bug.st/serial"
	"go.bug.st/serial/enumerator"
)

// enumerate joins the list of ports with what is known of their USB side. The enumerator gives up
// altogether when one device cannot be read, and leaves out Bluetooth ports; the plain list does neither.
func enumerate() ([]Info, error) {
	names, err := serial.GetPortsList()
	if err != nil {
		return nil, fmt.Errorf("list serial ports: %w", err)
	}
	byName := map[string]*enumerator.PortDetails{}
	if details, err := enumerator.GetDetailedPortsList(); err == nil {
		for _, d := range details {
			byName[d.Name] = d
		}
	}
	bluetooth := bluetoothPorts()
	out := make([]Info, 0, len(names))
	for _, name := range names {
		info := Info{Device: name}
		if d := byName[name]; d != nil && d.IsUSB {
			info.VID, info.PID, info.Serial, info.Product = d.VID, d.PID, d.SerialNumber, d.Product
		}
		if bluetooth[name] {
			info.Medium = Bluetooth
		}
		out = append(out, info)
	}
	return out, nil
}
