package adapters_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/fleetms/obdctl/adapters"
	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/adapters/tcp"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// finder searches a made-up computer: its ports are simulated cars or nothing, its hosts are on loopback.
func finder(ports map[string]string, infos []serial.Info, hosts ...string) *adapters.Finder {
	return &adapters.Finder{
		Ports: func() ([]serial.Info, error) { return infos, nil },
		OpenSerial: func(ctx context.Context, device string, notify func(int)) (link.Port, error) {
			notify(38400)
			if ports[device] == "" {
				return nil, errs.New(errs.NoAdapter, "open %s: no permission", device).WithHint("join the group dialout")
			}
			return simulator.Open(ctx, ports[device])
		},
		Hosts:    hosts,
		OpenHost: func(ctx context.Context, host string) (link.Port, error) { return tcp.Open(ctx, host, "") },
	}
}

func TestFindTakesTheFirstThatAnswers(t *testing.T) {
	car := serve(t, "sim:?pace=0")
	usb := serial.Info{Device: "/dev/ttyUSB0", Medium: serial.USB, VID: "1A86", PID: "7523"}
	bluetooth := serial.Info{Device: "/dev/rfcomm0", Medium: serial.Bluetooth}
	builtIn := serial.Info{Device: "/dev/ttyS0", Medium: serial.Other}
	for _, row := range []struct {
		name   string
		finder *adapters.Finder
		want   string
	}{
		{"usb", finder(map[string]string{"/dev/ttyUSB0": "sim:?pace=0"}, []serial.Info{usb, bluetooth}, car), "serial:///dev/ttyUSB0"},
		{"bluetooth", finder(map[string]string{"/dev/rfcomm0": "sim:?pace=0"}, []serial.Info{builtIn, usb, bluetooth}, car), "serial:///dev/rfcomm0"},
		{"wifi", finder(nil, []serial.Info{builtIn, usb}, "127.0.0.1:1", car, serve(t, "sim:?pace=0")), "tcp://" + car},
	} {
		t.Run(row.name, func(t *testing.T) {
			tried := 0
			found, err := row.finder.Find(t.Context(), func(a adapters.Attempt) {
				tried++
				if strings.Contains(a.Address, "ttyS0") {
					t.Errorf("tried a built-in line: %s", a)
				}
			})
			if err != nil || found.Address != row.want || !strings.Contains(found.Says, "ELM327") || tried == 0 {
				t.Errorf("Find = %+v, %v after %d attempts, want %s", found, err, tried, row.want)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	usb := serial.Info{Device: "/dev/ttyUSB0", Medium: serial.USB}
	_, err := finder(nil, []serial.Info{usb, {Device: "/dev/ttyS0", Medium: serial.Other}}, "127.0.0.1:1").Find(t.Context(), nil)
	if errs.KindOf(err) != errs.NoAdapter {
		t.Fatalf("Find: %v (kind %s)", err, errs.KindOf(err))
	}
	for _, want := range []string{"/dev/ttyUSB0", "127.0.0.1:1"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not name %s", err, want)
		}
	}
	for _, want := range []string{"dialout", "sim:", "/dev/ttyS0"} {
		if hint := errs.HintOf(err); !strings.Contains(hint, want) {
			t.Errorf("hint %q does not name %s", hint, want)
		}
	}
}

func TestFindIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := finder(nil, []serial.Info{{Device: "/dev/ttyUSB0", Medium: serial.USB}}).Find(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("Find: %v", err)
	}
}

func TestOpenAuto(t *testing.T) {
	o := options()
	o.Finder = finder(nil, nil, serve(t, "sim:?pace=0"))
	var kinds []string
	o.Notify = func(e adapters.Event) { kinds = append(kinds, e.Kind) }
	l, err := adapters.Open(t.Context(), "auto", o)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got := l.Describe().Adapter.Address; got != "tcp://"+o.Finder.Hosts[0] {
		t.Errorf("address %q", got)
	}
	if text := strings.Join(kinds, " "); !strings.Contains(text, "trying") || !strings.Contains(text, "found") {
		t.Errorf("events: %s", text)
	}
	o.Finder = finder(map[string]string{"/dev/ttyUSB7": "sim:?pace=0"}, []serial.Info{{Device: "/dev/ttyUSB7", Medium: serial.USB}})
	l, err = adapters.Open(t.Context(), "auto", o)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if got := l.Describe().Baud; got != 38400 {
		t.Errorf("baud %d", got)
	}
}
