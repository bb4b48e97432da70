// Package adapters lists the ways to a car's adapter and opens them by address.
//
// A link is built in layers, from the wire up: the port of the medium, the recorder, the guard of the
// port, the dialogue, recovery, the guard of the link. Whatever is sent passes both guards, whoever sends it.
package adapters

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/adapters/reconnect"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Way is one way to an adapter.
type Way struct {
	Scheme  Scheme
	Form    string // an example of its address
	Caption string // for people
}

// Ways lists the ways, in the order of the help.
func Ways() []Way {
	return []Way{
		{Serial, "serial:///dev/ttyUSB0?baud=38400", "USB cable, Bluetooth serial port or RS-232; the speed is found when not given"},
		{TCP, "tcp://192.168.0.10:35000", "Wi-Fi adapter or serial server"},
		{BLE, "ble://NAME", "Bluetooth Low Energy adapter, by its name or address"},
		{RFCOMM, "rfcomm://AA:BB:CC:DD:EE:FF", "classic Bluetooth adapter without a serial port"},
		{CAN, "can://can0?bitrate=500000", "CAN interface of the system (SocketCAN), no ELM327 between"},
		{SLCAN, "slcan:///dev/ttyACM0?bitrate=500000", "CAN adapter that speaks the LAWICEL protocol"},
		{J2534, "j2534://auto", "pass-thru device with a Windows driver"},
		{DoIP, "doip://192.168.0.30", "vehicle on Ethernet (ISO 13400); without a host it is looked for"},
		{Simulator, "sim:NAME?via=port", "simulated car, no hardware needed; via=bus and via=doip too"},
		{Replay, "replay:FILE?speed=0", "recording, candump, .asc or .trc log, another program's transcript"},
		{Auto, "auto", "search: serial ports by their hardware, then well-known Wi-Fi addresses"},
	}
}

// Options say how a link is opened. The zero value permits no service at all: see Allow.
type Options struct {
	Protocol  obd.Protocol     // tried first; unknown lets the adapter search
	Baud      int              // raise the line to this speed if the adapter can; 0 stays
	SkipReset bool             // no ATZ at the start
	Allow     link.Allow       // services that may be sent
	Record    *replay.Recorder // writes everything down; nil for none
	Cards     card.Box         // what is remembered about adapters
	Finder    *Finder          // how auto searches; nil for the real ports and addresses
	// NoRecovery leaves a lost link lost.
	NoRecovery bool
	// RecoverFor bounds one recovery, 0 for as long as the context lasts.
	RecoverFor time.Duration
	// Notify is told what happens, from the goroutine that uses the link; may be nil.
	Notify func(Event)

	listen bool // a replay is heard as it was, without being asked
}

// Event is something worth telling while a link is opened or in use.
type Event struct {
	Kind string // such as "searching", "speed", "lost", "back", "card"; see elm327.EventKind, reconnect.Kind
	Text string // for people, one sentence without a period
}

// Event kinds of this package.
const (
	EventTrying  = "trying"  // a port or a speed is being tried
	EventFound   = "found"   // auto found an adapter
	EventCard    = "card"    // the memory of an adapter could not be used
	EventReset   = "reset"   // the reset dropped the connection and is left out from now on
	EventMissing = "missing" // a replay was asked for what the recording does not hold
)

func (o Options) notify(kind, text string) {
	if o.Notify != nil {
		o.Notify(Event{Kind: kind, Text: text})
	}
}

// dialTries is how often a connection is set up that falls away meanwhile.
const dialTries = 3

// Open opens the address, starts the dialogue and returns a link that is guarded, comes back by itself
// and, with o.Record, is recorded. The link is a [link.Voltmeter]; [ClockOf] tells its clock.
//
// Errors carry a kind and a hint: [errs.Usage] for a bad address, [errs.NoAdapter], [errs.NoVehicle],
// [errs.BadInput] for a bad recording, or ctx's.
func Open(ctx context.Context, address string, o Options) (link.Link, error) {
	op, err := newOpener(ctx, address, o)
	if err != nil {
		return nil, err
	}
	l, err := op.dial(ctx)
	for try := 1; link.IsLost(err) && try < dialTries && ctx.Err() == nil; try++ {
		o.notify(string(reconnect.Lost), err.Error()+"; connecting again")
		l, err = op.dial(ctx)
	}
	if link.IsLost(err) && errs.KindOf(err) == errs.Internal {
		err = errs.New(errs.Adapter, "connect: %w", err).WithHint("check power and plug of the adapter; a Bluetooth one may have to be paired again")
	}
	if err != nil {
		return nil, err
	}
	if !o.NoRecovery {
		l = reconnect.Wrap(l, op.recovery())
	}
	l = link.Guard(l, o.Allow)
	s := Session{link: l, clock: op.clock, player: op.player}
	if n, ok := l.(link.Network); ok {
		return &Network{s, n}, nil
	}
	return &s, nil
}

// OpenPort opens the address without a dialogue, for a raw console or a probe: recorded and guarded.
func OpenPort(ctx context.Context, address string, o Options) (link.Port, error) {
	op, err := newOpener(ctx, address, o)
	if err != nil {
		return nil, err
	}
	if !op.way.isText() {
		return nil, op.notText()
	}
	return op.openPort(ctx)
}

// OpenBus opens the address for its frames: recorded, and guarded by isotp.Guard. Errors are those of
// [Open], and [errs.Unsupported] for a way that has no frames.
func OpenBus(ctx context.Context, address string, o Options) (link.Bus, error) {
	o.listen = true
	op, err := newOpener(ctx, address, o)
	if err != nil {
		return nil, err
	}
	if op.way.bus == nil {
		return nil, op.noFrames()
	}
	return op.openBus(ctx)
}

// newOpener finds out what is behind an address; for auto it searches.
func newOpener(ctx context.Context, address string, o Options) (*opener, error) {
	a, err := Parse(address)
	if err != nil {
		return nil, err
	}
	op := &opener{o: o, address: a, clock: systemClock{}}
	if o.Record != nil {
		op.clock = recordClock{o.Record}
	}
	op.way, err = op.wayIn(ctx)
	if err != nil {
		return nil, err
	}
	return op, nil
}
