package serial_test

import (
	"slices"
	"testing"

	"github.com/fleetms/obdctl/adapters/serial"
)

func TestArrange(t *testing.T) {
	got := serial.Arrange([]serial.Info{
		{Device: "/dev/ttyS0"},
		{Device: "/dev/rfcomm0"},
		{Device: "/dev/ttyUSB10", VID: "1a86", PID: "7523"},
		{Device: "/dev/ttyUSB2", VID: "0403", PID: "6015", Serial: "113011", Product: "OBDLink SX"},
		{Device: "/dev/ttyUSB9", VID: "10c4", PID: "ea60"},
		{Device: "/dev/ttyACM0", VID: "DEAD", PID: "BEEF"},
		{Device: "/dev/ttyUSB9", VID: "10C4", PID: "EA60"},
		{Device: "/dev/tty.OBDII-SPP"},
		{Device: "/dev/cu.OBDII-SPP"},
		{Device: "/dev/cu.Bluetooth-Incoming-Port"},
		{Device: "/dev/cu.wchusbserial1410"},
		{Device: "COM7", Medium: serial.Bluetooth},
		{Device: ""},
	})
	want := []struct {
		device, chip, identity string
		medium                 serial.Medium
		likely                 bool
	}{
		{"/dev/ttyUSB2", "FTDI FT230X/FT231X", "0403:6015:113011", serial.USB, true},
		{"/dev/ttyUSB9", "CP210x", "10C4:EA60", serial.USB, true},
		{"/dev/ttyUSB10", "CH340", "1A86:7523", serial.USB, true},
		{"/dev/ttyACM0", "", "DEAD:BEEF", serial.USB, true},
		{"/dev/cu.wchusbserial1410", "", "", serial.USB, true},
		{"COM7", "", "", serial.Bluetooth, true},
		{"/dev/rfcomm0", "", "", serial.Bluetooth, true},
		{"/dev/cu.OBDII-SPP", "", "", serial.Bluetooth, true},
		{"/dev/ttyS0", "", "", serial.Other, false},
	}
	if len(got) != len(want) {
		t.Fatalf("%d ports, want %d: %+v", len(got), len(want), got)
	}
	for i, w := range want {
		g := got[i]
		if g.Device != w.device || g.Chip.Name != w.chip || g.Identity() != w.identity || g.Medium != w.medium || g.Likely() != w.likely {
			t.Errorf("port %d: %+v, want %+v", i, g, w)
		}
	}
}

func TestSpeeds(t *testing.T) {
	if got := serial.Speeds(0); got[0] != 38400 || got[1] != 115200 || got[2] != 9600 {
		t.Errorf("speeds %v", got)
	}
	got := serial.Speeds(115200)
	if got[0] != 115200 || got[1] != 38400 || slices.Contains(got[1:], 115200) || len(got) != len(serial.Speeds(0)) {
		t.Errorf("speeds after 115200: %v", got)
	}
}
