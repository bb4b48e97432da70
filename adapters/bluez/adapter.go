package bluez

import (
	"github.com/godbus/dbus/v5"

	"github.com/fleetms/obdctl/internal/errs"
)

// Adapter picks the computer's Bluetooth hardware: the first that is switched on. Errors are of kind
// [errs.NoAdapter] with a hint.
func (o Objects) Adapter() (dbus.ObjectPath, error) {
	all := o.With(AdapterInterface)
	for _, path := range all {
		if o[path][AdapterInterface].Flag("Powered") {
			return path, nil
		}
	}
	if len(all) > 0 {
		return "", errs.New(errs.NoAdapter, "Bluetooth is switched off").WithHint("switch it on: bluetoothctl power on; rfkill list shows whether it is blocked")
	}
	return "", errs.New(errs.NoAdapter, "this computer has no Bluetooth hardware").WithHint("plug a Bluetooth dongle in, or use a cable or a Wi-Fi adapter")
}

// Device is a Bluetooth device that BlueZ knows.
type Device struct {
	Path    dbus.ObjectPath
	Address string
	Name    string
	RSSI    int // dBm, 0 when it is not in sight now
	UUIDs   []string
	Paired  bool
	Linked  bool // connected
}

// Devices lists the devices that an adapter knows, with "" all.
func (o Objects) Devices(adapter dbus.ObjectPath) []Device {
	var out []Device
	for _, path := range o.With(DeviceInterface) {
		p := o[path][DeviceInterface]
		if adapter == "" || p.Path("Adapter") == adapter {
			out = append(out, DeviceOf(path, p))
		}
	}
	return out
}

// DeviceOf reads the properties of a device.
func DeviceOf(path dbus.ObjectPath, p Properties) Device {
	d := Device{
		Path: path, Address: p.Text("Address"), Name: p.Text("Name"), UUIDs: p.Texts("UUIDs"),
		Paired: p.Flag("Paired"), Linked: p.Flag("Connected"),
	}
	if d.Name == "" {
		d.Name = p.Text("Alias")
	}
	d.RSSI, _ = p.Number("RSSI")
	return d
}
