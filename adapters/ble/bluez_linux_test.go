package ble_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/fleetms/obdctl/adapters/ble"
	"github.com/fleetms/obdctl/adapters/bluez/bluezfake"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

const (
	hci    = dbus.ObjectPath("/org/bluez/hci0")
	device = hci + "/dev_00_00_5E_00_53_01"
)

func props(pairs ...any) map[string]dbus.Variant {
	p := map[string]dbus.Variant{}
	for i := 0; i < len(pairs); i += 2 {
		p[pairs[i].(string)] = dbus.MakeVariant(pairs[i+1])
	}
	return p
}

func adapter(powered bool) map[dbus.ObjectPath]bluezfake.Interfaces {
	return map[dbus.ObjectPath]bluezfake.Interfaces{hci: {"org.bluez.Adapter1": props("Powered", powered, "Address", "00:00:5E:00:53:FF")}}
}

// elm lets an adapter come in sight, connect, and answer every line with its prompt.
func elm(b *bluezfake.Bus, path, name string, args []any) string {
	service := device + "/service0010"
	switch name {
	case "Adapter1.StartDiscovery":
		b.Add(hci+"/dev_00_00_5E_00_53_09", bluezfake.Interfaces{"org.bluez.Device1": props("Adapter", hci, "Address", "00:00:5E:00:53:09", "Alias", "00-00-5E-00-53-09", "RSSI", int16(-30))})
		b.Add(device, bluezfake.Interfaces{"org.bluez.Device1": props("Adapter", hci, "Address", "00:00:5E:00:53:01", "Connected", false, "UUIDs", []string{"0000fff0-0000-1000-8000-00805f9b34fb", "junk"})})
		b.Set(device, "org.bluez.Device1", "RSSI", int16(-61))
		b.Set(device, "org.bluez.Device1", "Name", "OBDII")
	case "Device1.Connect":
		b.Add(service, bluezfake.Interfaces{"org.bluez.GattService1": props("UUID", "0000fff0-0000-1000-8000-00805f9b34fb")})
		b.Add(service+"/char0011", bluezfake.Interfaces{"org.bluez.GattCharacteristic1": props("UUID", "0000fff1-0000-1000-8000-00805f9b34fb", "Service", service, "Flags", []string{"read", "notify"})})
		b.Add(service+"/char0014", bluezfake.Interfaces{"org.bluez.GattCharacteristic1": props("UUID", "0000fff2-0000-1000-8000-00805f9b34fb", "Service", service, "Flags", []string{"write-without-response", "write"}, "MTU", uint16(185))})
		b.Set(device, "org.bluez.Device1", "Connected", true)
		b.Set(device, "org.bluez.Device1", "ServicesResolved", true)
	case "Device1.Disconnect":
		b.Set(device, "org.bluez.Device1", "Connected", false)
	case "GattCharacteristic1.WriteValue":
		value, _ := args[0].([]byte)
		options, _ := args[1].(map[string]dbus.Variant)
		if !strings.HasSuffix(path, "char0014") || options["type"].Value() != "command" {
			return "org.bluez.Error.NotSupported"
		}
		b.Set(service+"/char0011", "org.bluez.GattCharacteristic1", "Value", append(value, "OK\r\r"...))
		b.Set(service+"/char0011", "org.bluez.GattCharacteristic1", "Value", []byte(">"))
	}
	return ""
}

func blueZ(t *testing.T, address string) ble.Stack {
	t.Helper()
	s, err := ble.BlueZ(address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestBlueZ(t *testing.T) {
	bus, address := bluezfake.Serve(t, adapter(true))
	bus.Method = elm
	p, err := ble.Open(t.Context(), blueZ(t, address), "obdii", ble.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Write([]byte("ATE0\r")); err != nil {
		t.Fatal(err)
	}
	var got []byte
	buf := make([]byte, 8)
	_ = p.SetReadDeadline(time.Now().Add(10 * time.Second))
	for !bytes.HasSuffix(got, []byte(">")) {
		n, err := p.Read(buf)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, buf[:n]...)
	}
	if string(got) != "ATE0\rOK\r\r>" {
		t.Errorf("read %q", got)
	}
	bus.Set(device, "org.bluez.Device1", "Connected", false)
	if _, err := p.Read(buf); !link.IsLost(err) {
		t.Errorf("Read after the loss: %v", err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	want := "Adapter1.SetDiscoveryFilter Adapter1.StartDiscovery Adapter1.StopDiscovery Device1.Connect GattCharacteristic1.StartNotify GattCharacteristic1.WriteValue Device1.Disconnect"
	if got := bus.Calls(); got != want {
		t.Errorf("calls %q", got)
	}
}

func TestBlueZList(t *testing.T) {
	bus, address := bluezfake.Serve(t, adapter(true))
	bus.Method = elm
	s := blueZ(t, address)
	defer s.Close()
	found, err := ble.List(t.Context(), s, 300*time.Millisecond)
	if err != nil || len(found) != 2 {
		t.Fatalf("%v, %v", found, err)
	}
	if d := found[0]; d.Name != "OBDII" || d.RSSI != -61 || len(d.Services) != 1 || !d.IsLikely() {
		t.Errorf("%+v", d)
	}
	if d := found[1]; d.Name != "" || d.RSSI != -30 || d.IsLikely() {
		t.Errorf("%+v", d)
	}
}

func TestBlueZErrors(t *testing.T) {
	refuse := func(call, with string) func(*bluezfake.Bus, string, string, []any) string {
		return func(b *bluezfake.Bus, path, name string, args []any) string {
			if name == call {
				return with
			}
			return elm(b, path, name, args)
		}
	}
	for _, row := range []struct {
		name    string
		objects map[dbus.ObjectPath]bluezfake.Interfaces
		method  func(*bluezfake.Bus, string, string, []any) string
		says    string
	}{
		{"no hardware", map[dbus.ObjectPath]bluezfake.Interfaces{}, elm, "no Bluetooth hardware"},
		{"switched off", adapter(false), elm, "switched off"},
		{"blocked", adapter(true), refuse("Adapter1.StartDiscovery", "org.bluez.Error.NotReady"), "switched off"},
		{"not permitted", adapter(true), refuse("Device1.Connect", "org.bluez.Error.NotPermitted"), "NotPermitted"},
		{"out of reach", adapter(true), refuse("Device1.Connect", "org.bluez.Error.Failed"), "Failed"},
		{"no notification", adapter(true), refuse("GattCharacteristic1.StartNotify", "org.bluez.Error.NotSupported"), "NotSupported"},
	} {
		bus, address := bluezfake.Serve(t, row.objects)
		bus.Method = row.method
		_, err := ble.Open(t.Context(), blueZ(t, address), "00:00:5E:00:53:01", ble.Options{})
		if errs.KindOf(err) != errs.NoAdapter || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v", row.name, err)
		}
	}
	if _, err := ble.BlueZ("unix:path=" + filepath.Join(t.TempDir(), "none")); errs.KindOf(err) != errs.Unsupported || errs.HintOf(err) == "" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no bus: %v", err)
	}
}

// TestBlueZCancelled ends a connection that hangs as soon as its context does.
func TestBlueZCancelled(t *testing.T) {
	bus, address := bluezfake.Serve(t, adapter(true))
	ctx, cancel := context.WithCancel(t.Context())
	bus.Method = func(b *bluezfake.Bus, path, name string, args []any) string {
		if name == "Device1.Connect" {
			cancel() // and never connects
			return ""
		}
		return elm(b, path, name, args)
	}
	if _, err := ble.Open(ctx, blueZ(t, address), "OBDII", ble.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("Open: %v", err)
	}
}
