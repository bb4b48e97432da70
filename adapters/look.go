package adapters

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/fleetms/obdctl/adapters/ble"
	"github.com/fleetms/obdctl/adapters/doip"
	"github.com/fleetms/obdctl/adapters/j2534"
	"github.com/fleetms/obdctl/adapters/rfcomm"
	"github.com/fleetms/obdctl/internal/errs"
)

// Sight is an adapter or a vehicle that can be opened, other than a serial port.
type Sight struct {
	Address string // for --adapter
	Scheme  Scheme
	Name    string // what it calls itself; "" for none
	Signal  int    // strength in dBm, 0 when not known
	Likely  bool   // it looks like an adapter
	VIN     string // of a vehicle on Ethernet, "" when it does not say
	EID     string // entity and group identifier of ISO 13400-2, such as 02:00:5E:00:53:01
	GID     string
	Logical string // logical address, four hexadecimal digits
	Vendor  string // of a pass-thru driver
	Bits    int    // of the programs that can load the driver
}

// Blind is a way that could not be looked at.
type Blind struct {
	Scheme Scheme
	Err    error
}

// LookWait is how long a look at the air and the network takes.
const LookWait = 2500 * time.Millisecond

// Look lists what is there besides serial ports: paired Bluetooth devices and pass-thru drivers, and with
// a wait also LE devices in the air and vehicles on the network, which are asked for that long. The end of
// ctx ends it at once with what was found and ctx's error.
func Look(ctx context.Context, wait time.Duration) ([]Sight, []Blind, error) {
	looks := map[Scheme]func(context.Context) ([]Sight, error){RFCOMM: lookRFCOMM, J2534: lookJ2534}
	if wait > 0 {
		looks[BLE] = func(ctx context.Context) ([]Sight, error) { return lookBLE(ctx, wait) }
		looks[DoIP] = func(ctx context.Context) ([]Sight, error) { return lookDoIP(ctx, wait) }
	}
	return lookAll(ctx, looks)
}

// lookAll looks every way at the same time.
func lookAll(ctx context.Context, looks map[Scheme]func(context.Context) ([]Sight, error)) ([]Sight, []Blind, error) {
	var mu sync.Mutex
	var found []Sight
	var blind []Blind
	var all sync.WaitGroup
	for scheme, look := range looks {
		all.Go(func() {
			seen, err := look(ctx)
			mu.Lock()
			defer mu.Unlock()
			found = append(found, seen...)
			if err != nil && ctx.Err() == nil {
				blind = append(blind, Blind{scheme, err})
			}
		})
	}
	all.Wait()
	order := func(s Scheme) int { return slices.Index([]Scheme{BLE, RFCOMM, J2534, DoIP}, s) }
	slices.SortStableFunc(found, func(a, b Sight) int { return cmp.Compare(order(a.Scheme), order(b.Scheme)) })
	slices.SortFunc(blind, func(a, b Blind) int { return cmp.Compare(order(a.Scheme), order(b.Scheme)) })
	return found, blind, ctx.Err()
}

func lookBLE(ctx context.Context, wait time.Duration) ([]Sight, error) {
	stack, err := ble.System()
	if err != nil {
		return nil, err
	}
	defer func() { _ = stack.Close() }() // only looked through
	devices, err := ble.List(ctx, stack, wait)
	var out []Sight
	for _, d := range devices {
		if d.Name == "" && !d.IsLikely() {
			continue // a car park has hundreds of nameless beacons
		}
		out = append(out, Sight{Address: "ble://" + d.Address, Scheme: BLE, Name: d.Name, Signal: d.RSSI, Likely: d.IsLikely()})
	}
	return out, err
}

// lookRFCOMM lists paired devices. Where BlueZ is missing the look at LE devices says so already.
func lookRFCOMM(ctx context.Context) ([]Sight, error) {
	devices, err := rfcomm.Paired(ctx)
	if errs.KindOf(err) == errs.Unsupported {
		return nil, nil
	}
	var out []Sight
	for _, d := range devices {
		out = append(out, Sight{Address: "rfcomm://" + d.Address, Scheme: RFCOMM, Name: d.Name, Likely: true})
	}
	return out, err
}

func lookJ2534(context.Context) ([]Sight, error) {
	devices, err := j2534.Devices()
	var out []Sight
	for _, d := range devices {
		out = append(out, Sight{Address: "j2534://" + d.Name, Scheme: J2534, Name: d.Name, Vendor: d.Vendor, Bits: d.Bits, Likely: true})
	}
	return out, err
}

func lookDoIP(ctx context.Context, wait time.Duration) ([]Sight, error) {
	entities, err := doip.Discover(ctx, doip.Search{Wait: wait})
	var out []Sight
	for _, e := range entities {
		s := Sight{Address: e.Open(), Scheme: DoIP, Name: "DoIP entity " + e.Address.String(), Likely: true, VIN: e.Vehicle(), Logical: e.Address.String()}
		if e.EID.IsSet() {
			s.EID = e.EID.String()
		}
		if e.GID.IsSet() {
			s.GID = e.GID.String()
		}
		out = append(out, s)
	}
	return out, err
}
