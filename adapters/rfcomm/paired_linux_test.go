package rfcomm_test

import (
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/fleetms/obdctl/adapters/bluez/bluezfake"
	"github.com/fleetms/obdctl/adapters/rfcomm"
)

func TestPaired(t *testing.T) {
	device := func(address, name string, paired bool, uuid string) bluezfake.Interfaces {
		return bluezfake.Interfaces{"org.bluez.Device1": {
			"Address": dbus.MakeVariant(address), "Alias": dbus.MakeVariant(name), "Paired": dbus.MakeVariant(paired),
			"UUIDs": dbus.MakeVariant([]string{uuid}),
		}}
	}
	const serial, audio = "00001101-0000-1000-8000-00805f9b34fb", "0000110b-0000-1000-8000-00805f9b34fb"
	_, address := bluezfake.Serve(t, map[dbus.ObjectPath]bluezfake.Interfaces{
		"/org/bluez/hci0/dev_1": device("00:00:5E:00:53:01", "OBDII", true, serial),
		"/org/bluez/hci0/dev_2": device("00:00:5E:00:53:02", "stranger", false, serial),
		"/org/bluez/hci0/dev_3": device("00:00:5E:00:53:03", "Headphones", true, audio),
		"/org/bluez/hci0/dev_4": {"org.bluez.Device1": {"Address": dbus.MakeVariant(int32(7)), "Paired": dbus.MakeVariant("yes")}},
	})
	found, err := rfcomm.PairedOn(t.Context(), address)
	if err != nil || len(found) != 1 || found[0] != (rfcomm.Device{Address: "00:00:5E:00:53:01", Name: "OBDII"}) {
		t.Errorf("%v, %v", found, err)
	}
}
