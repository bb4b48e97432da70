package adapters_test

import (
	"strings"
	"testing"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/internal/errs"
)

func TestParse(t *testing.T) {
	for _, row := range []struct{ text, want, target string }{
		{"", "auto", ""},
		{"AUTO", "auto", ""},
		{"serial:///dev/ttyUSB0?baud=38400", "serial:///dev/ttyUSB0?baud=38400", "/dev/ttyUSB0"},
		{"/dev/ttyUSB0", "serial:///dev/ttyUSB0", "/dev/ttyUSB0"},
		{"/dev/rfcomm0?baud=115200", "serial:///dev/rfcomm0?baud=115200", "/dev/rfcomm0"},
		{"serial:/dev/ttyACM1", "serial:///dev/ttyACM1", "/dev/ttyACM1"},
		{"serial://COM3", "serial://COM3", "COM3"},
		{"com12", "serial://COM12", "COM12"},
		{`\\.\COM12?baud=9600`, "serial://COM12?baud=9600", "COM12"},
		{"tcp://192.168.0.10:35000", "tcp://192.168.0.10:35000", "192.168.0.10:35000"},
		{"tcp://192.168.0.10", "tcp://192.168.0.10:35000", "192.168.0.10:35000"},
		{"tcp://obd.local:23/", "tcp://obd.local:23", "obd.local:23"},
		{"192.168.0.10:35000", "tcp://192.168.0.10:35000", "192.168.0.10:35000"},
		{"localhost:1234", "tcp://localhost:1234", "localhost:1234"},
		{"[fe80::1]:35000", "tcp://[fe80::1]:35000", "[fe80::1]:35000"},
		{"tcp://[::1]", "tcp://[::1]:35000", "[::1]:35000"},
		{"sim:", "sim:", ""},
		{"sim:kwp?seed=2", "sim:kwp?seed=2", "kwp?seed=2"},
		{"can:can0", "can://can0", "can0"},
		{"socketcan://vcan0?fd=1", "can://vcan0?fd=1", "vcan0"},
		{"can://can0?bitrate=250000&up=1", "can://can0?bitrate=250000&up=1", "can0"},
		{"slcan:///dev/ttyACM0?bitrate=500000", "slcan:///dev/ttyACM0?bitrate=500000", "/dev/ttyACM0"},
		{"slcan://com5", "slcan://COM5", "COM5"},
		{"doip://", "doip://", ""},
		{"doip://192.168.0.30?target=1010&tls=1", "doip://192.168.0.30:13400?target=1010&tls=1", "192.168.0.30:13400"},
		{"doip://[fe80::1]:13401", "doip://[fe80::1]:13401", "[fe80::1]:13401"},
		{"ble:aa:bb:cc:dd:ee:ff", "ble://AA:BB:CC:DD:EE:FF", "AA:BB:CC:DD:EE:FF"},
		{"ble://Vgate iCar", "ble://Vgate iCar", "Vgate iCar"},
		{"rfcomm://aa:bb:cc:dd:ee:ff/2", "rfcomm://AA:BB:CC:DD:EE:FF/2", "AA:BB:CC:DD:EE:FF/2"},
		{"j2534:", "j2534://auto", "auto"},
		{"j2534://Some Device?bitrate=250000", "j2534://Some Device?bitrate=250000", "Some Device"},
		{"sim:kwp?via=bus", "sim:kwp?via=bus", "kwp?via=bus"},
		{"replay:car.rec", "replay:car.rec", "car.rec"},
		{`replay:C:\rec\car.rec?speed=1`, `replay:C:\rec\car.rec?speed=1`, `C:\rec\car.rec`},
		{"replay:why?.rec", "replay:why?.rec", "why?.rec"},
		{"replay:a.jsonl?dialog=2&speed=0.5", "replay:a.jsonl?dialog=2&speed=0.5", "a.jsonl"},
	} {
		a, err := adapters.Parse(row.text)
		if err != nil || a.String() != row.want || a.Target != row.target {
			t.Errorf("Parse(%q) = %q target %q, %v, want %q target %q", row.text, a, a.Target, err, row.want, row.target)
			continue
		}
		if again, err := adapters.Parse(a.String()); err != nil || again.String() != a.String() {
			t.Errorf("Parse(%q) again = %q, %v", a, again, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, row := range []struct{ text, says string }{
		{"ttyUSB0", "no address"},
		{"tpc://192.168.0.10:35000", "no address"},
		{"192.168.0.10", "no address"},
		{"host:port", "no address"},
		{"serial://", "no device"},
		{"serial:///dev/ttyUSB0?baud=fast", "baud is a number"},
		{"serial:///dev/ttyUSB0?bits=7", `option "bits" is not known`},
		{"tcp://192.168.0.10:99999", "HOST:PORT"},
		{"tcp://", "HOST:PORT"},
		{"tcp://user@host:23", "HOST:PORT"},
		{"replay:", "no file"},
		{"replay:x?speed=-1", "speed is"},
		{"replay:x?speed=NaN", "speed is"},
		{"replay:x?line=0", "counts from 1"},
		{"can://", "name of a CAN interface"},
		{"can://a-name-that-is-too-long", "name of a CAN interface"},
		{"can://can0?bitrate=fast", "bitrate is a number from 10000"},
		{"can://can0?speed=1", `option "speed" is not known`},
		{"can://can0?fd=yes", "fd is 0 or 1"},
		{"can://can0?pad=5", "pad is off"},
		{"slcan://", "a serial port"},
		{"doip://user@host", "HOST or HOST:PORT"},
		{"doip://h?target=12345", "four hexadecimal digits"},
		{"rfcomm://AA:BB", "AA:BB:CC:DD:EE:FF"},
		{"rfcomm://AA:BB:CC:DD:EE:FF/31", "CHANNEL from 1 to 30"},
		{"sim:x?via=air", "via is port, bus or doip"},
	} {
		_, err := adapters.Parse(row.text)
		if errs.KindOf(err) != errs.Usage || !strings.Contains(err.Error(), row.says) || !strings.Contains(errs.HintOf(err), "tcp://192.168.0.10:35000") {
			t.Errorf("Parse(%q): %v (hint %q), want a usage error with %q and the forms", row.text, err, errs.HintOf(err), row.says)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"serial:///dev/ttyUSB0?baud=38400", "tcp://[::1]:23", "sim:x", "replay:C:\\a?b.rec?speed=1", "auto", "com3", "can://can0?fd=1", "doip://[::1]", "ble://aa:bb:cc:dd:ee:ff", "rfcomm://aa:bb:cc:dd:ee:ff/2", "j2534:x?dll=a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := adapters.Parse(s)
		if err != nil {
			if errs.KindOf(err) != errs.Usage {
				t.Fatalf("kind %s", errs.KindOf(err))
			}
			return
		}
		again, err := adapters.Parse(a.String())
		if err != nil || again.String() != a.String() || again.Target != a.Target {
			t.Fatalf("Parse(%q) = %q target %q; again %q target %q, %v", s, a, a.Target, again, again.Target, err)
		}
	})
}
