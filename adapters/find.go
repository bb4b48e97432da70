package adapters

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/adapters/hello"
	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/adapters/tcp"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// wellKnownHosts are the addresses at which Wi-Fi adapters serve in their own networks, the commonest first.
func wellKnownHosts() []string {
	return []string{
		"192.168.0.10:35000", // most ELM327 Wi-Fi clones, Vgate, OBDLink MX Wi-Fi
		"192.168.1.10:35000",
		"192.168.4.1:35000", // ESP8266 and ESP32 based
		"192.168.4.1:23",
		"192.168.0.10:23",
		"192.168.1.1:35000",
	}
}

// Attempt tells how a search goes on.
type Attempt struct {
	Address string
	What    string // "CH340", "Bluetooth serial port", "Wi-Fi"
	Baud    int    // speed being tried, 0 when not known
	Done    bool   // false when the attempt begins
	Err     error  // why it came to nothing
}

// String says it for people.
func (a Attempt) String() string {
	s := a.Address
	if a.What != "" {
		s += " (" + a.What + ")"
	}
	if a.Baud > 0 {
		s += fmt.Sprintf(" at %d baud", a.Baud)
	}
	if a.Err != nil {
		s += ": " + a.Err.Error()
	}
	return s
}

// Found is an adapter that answered.
type Found struct {
	Address string
	Says    string      // what it says of itself, may be empty
	Baud    int         // line speed in bits per second, 0 for none
	Port    serial.Info // of a serial port
}

// String says it for people.
func (f Found) String() string {
	s := f.Address
	if f.Says != "" {
		s += ": " + f.Says
	}
	if f.Baud > 0 {
		s += fmt.Sprintf(", %d baud", f.Baud)
	}
	return s
}

// Finder searches for an adapter. Its parts can be replaced, so that a test never leaves the machine.
type Finder struct {
	Ports      func() ([]serial.Info, error)
	OpenSerial func(ctx context.Context, device string, notify func(baud int)) (link.Port, error)
	Hosts      []string
	OpenHost   func(ctx context.Context, hostport string) (link.Port, error)
}

// hostLimit is what a Wi-Fi address gets to accept the connection and to answer.
const hostLimit = 1500 * time.Millisecond

// NewFinder searches the ports of this computer, then the well-known addresses.
func NewFinder() *Finder {
	return &Finder{
		Ports: serial.List,
		OpenSerial: func(ctx context.Context, device string, notify func(int)) (link.Port, error) {
			p, err := serial.Open(ctx, device, serial.Options{Quick: true, Notify: notify, Name: "serial://" + device})
			return orNil(p, err)
		},
		Hosts: wellKnownHosts(),
		OpenHost: func(ctx context.Context, hostport string) (link.Port, error) {
			p, err := tcp.Open(ctx, hostport, "")
			return orNil(p, err)
		},
	}
}

// Find searches for an adapter and returns the first that answers; progress may be nil. Nothing stays
// open. Without one the error is of kind [errs.NoAdapter] and says what was tried.
func Find(ctx context.Context, progress func(Attempt)) (Found, error) {
	return NewFinder().Find(ctx, progress)
}

// Find is [Find] with the finder's parts.
func (f *Finder) Find(ctx context.Context, progress func(Attempt)) (Found, error) {
	found, port, err := f.find(ctx, progress)
	if err != nil {
		return Found{}, err
	}
	return found, port.Close()
}

// List returns the serial ports of this computer, the likeliest adapter first.
func List() ([]serial.Info, error) { return serial.List() }

func (f *Finder) find(ctx context.Context, progress func(Attempt)) (Found, link.Port, error) {
	if progress == nil {
		progress = func(Attempt) {}
	}
	var tried []Attempt
	tell := func(a Attempt) {
		if a.Done {
			tried = append(tried, a)
		}
		progress(a)
	}
	ports, listErr := f.Ports()
	for _, info := range ports {
		if !info.Likely() {
			continue
		}
		found, port, err := f.trySerial(ctx, info, tell)
		if err == nil || ctx.Err() != nil {
			return found, port, err
		}
	}
	for next := range f.dialHosts(ctx, tell) {
		if next.port != nil {
			return Found{Address: "tcp://" + next.host, Says: next.says}, next.port, nil
		}
	}
	if ctx.Err() != nil {
		return Found{}, nil, ctx.Err()
	}
	return Found{}, nil, nothing(tried, ports, listErr)
}

// trySerial says hello on a serial port; the speed is found on the way.
func (f *Finder) trySerial(ctx context.Context, info serial.Info, tell func(Attempt)) (Found, link.Port, error) {
	a := Attempt{Address: "serial://" + info.Device, What: describe(info)}
	tell(a)
	port, err := f.OpenSerial(ctx, info.Device, func(baud int) {
		progress := a
		progress.Baud = baud
		tell(progress)
	})
	if err == nil {
		found := Found{Address: a.Address, Port: info}
		if found.Says, err = hello.Ask(ctx, port, time.Second); err == nil {
			if s, ok := port.(link.SpeedSetter); ok {
				found.Baud = s.Speed()
			}
			return found, port, nil
		}
		err = errors.Join(err, port.Close())
	}
	if ctx.Err() != nil {
		return Found{}, nil, ctx.Err()
	}
	a.Done, a.Err = true, err
	tell(a)
	return Found{}, nil, err
}

func describe(info serial.Info) string {
	switch {
	case info.Product != "":
		return info.Product
	case info.Chip.Name != "":
		return info.Chip.Name
	case info.Medium == serial.Bluetooth:
		return "Bluetooth serial port"
	}
	return "USB serial port"
}

// nothing says what was tried and what to do next.
func nothing(tried []Attempt, ports []serial.Info, listErr error) error {
	text := "no adapter found"
	if len(tried) > 0 {
		names := make([]string, len(tried))
		for i, a := range tried {
			names[i] = a.Address
		}
		text += "; tried " + strings.Join(names, ", ")
	}
	if listErr != nil {
		text += fmt.Sprintf(" (%s)", listErr)
	}
	hint := "plug the adapter in and switch the ignition on, or join its Wi-Fi network; --adapter names it outright, and --adapter sim: needs none"
	if i := slices.IndexFunc(tried, func(a Attempt) bool { return errs.HintOf(a.Err) != "" && strings.HasPrefix(a.Address, "serial") }); i >= 0 {
		hint = fmt.Sprintf("%s: %s. %s", tried[i], errs.HintOf(tried[i].Err), hint)
	}
	for _, p := range ports {
		if !p.Likely() {
			hint += fmt.Sprintf("; not tried: %s", p.Device)
			break
		}
	}
	return errs.New(errs.NoAdapter, "%s", text).WithHint("%s", hint)
}
