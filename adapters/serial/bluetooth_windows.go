package serial

import (
	"strings"

	"golang.org/x/sys/windows/registry"
)

// bluetoothPorts returns the COM ports that the Bluetooth driver made, by the registry's device map.
func bluetoothPorts() map[string]bool {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, `HARDWARE\DEVICEMAP\SERIALCOMM`, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer key.Close()
	names, err := key.ReadValueNames(0)
	if err != nil {
		return nil
	}
	found := map[string]bool{}
	for _, name := range names {
		if !strings.Contains(strings.ToLower(name), "bthmodem") {
			continue
		}
		if port, _, err := key.GetStringValue(name); err == nil {
			found[port] = true
		}
	}
	return found
}
