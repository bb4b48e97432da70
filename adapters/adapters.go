// Package adapters lists the ways to a car's adapter and opens them by address.
//
// A link is built in layers, from the wire up: the port of the medium, the recorder, the guard of the
// port, the dialogue, recovery, the guard of the link. Whatever is sent passes both guards, whoever sends it.
package adapters

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/fleetms/obdctl/adapters/card"
	"github.com/fleetms/obdctl/adapters/reconnect"
	"github.com/fleetms/obdctl/adapters/replay"
	"github.com/fleetms/obdctl/adapters/serial"
	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/adapters/tcp"
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
		{Simulator, "sim:NAME", "simulated car, no hardware needed"},
		{Replay, "replay:FILE?speed=0", "recording, or another program's transcript"},
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
		l = reconnect.New(l, op.recovery())
	}
	return &Session{link: link.Guard(l, o.Allow), clock: op.clock, player: op.player}, nil
}

// OpenPort opens the address without a dialogue, for a raw console or a probe: recorded and guarded.
func OpenPort(ctx context.Context, address string, o Options) (link.Port, error) {
	op, err := newOpener(ctx, address, o)
	if err != nil {
		return nil, err
	}
	return op.openPort(ctx)
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
	switch a.Scheme {
	case Serial:
		op.recall(serialIdentity(a.Target))
		op.open = op.openSerial
	case TCP:
		op.recall("")
		op.open = func(ctx context.Context) (link.Port, error) {
			p, err := tcp.Open(ctx, a.Target, a.String())
			return orNil(p, err)
		}
	case Simulator:
		op.open = func(ctx context.Context) (link.Port, error) { return simulator.Open(ctx, a.String()) }
	case Replay:
		return op, op.openReplay(ctx)
	case Auto:
		return op, op.search(ctx)
	}
	return op, nil
}

// orNil keeps a nil pointer from becoming a port that is not nil.
func orNil[P link.Port](p P, err error) (link.Port, error) {
	if err != nil {
		return nil, err
	}
	return p, nil
}

// openSerial opens the device, or the port that the same hardware has now.
func (op *opener) openSerial(ctx context.Context) (link.Port, error) {
	device := op.address.Target
	if op.identity != "" {
		device = whereIs(op.identity, device)
	}
	baud, _ := strconv.Atoi(op.address.Query.Get("baud")) // checked by Parse
	p, err := serial.Open(ctx, device, serial.Options{
		Baud: baud, Remembered: op.card.Baud, Name: op.address.String(),
		Notify: func(baud int) {
			op.o.notify(EventTrying, device+" at "+strconv.Itoa(baud)+" baud")
		},
	})
	if err != nil {
		return nil, err
	}
	op.card.Baud = p.Speed()
	return p, nil
}

// openReplay loads the recording; how the dialogue was opened then is how it is opened now.
func (op *opener) openReplay(ctx context.Context) error {
	q := op.address.Query
	line, _ := strconv.Atoi(q.Get("line")) // numbers were checked by Parse
	dialog, _ := strconv.Atoi(q.Get("dialog"))
	speed, _ := strconv.ParseFloat(q.Get("speed"), 64)
	strict, _ := strconv.ParseBool(q.Get("strict"))
	rec, err := load(ctx, op.address.Target, replay.Select{Line: line, Dialog: dialog})
	if err != nil {
		return err
	}
	if rec.Truncated {
		op.o.notify(EventMissing, "the recording was cut off in the middle of a line; what came after it is missing")
	}
	op.player = replay.NewPlayer(rec, replay.Options{Speed: speed, Strict: strict, Name: op.address.String()})
	op.clock = playClock{op.player}
	op.open = op.player.Open
	op.instant = speed == 0
	op.takeSettings(rec.Header.Dial)
	return nil
}

// load reads a recording and ends when ctx does: a named pipe without a writer cannot be broken off.
func load(ctx context.Context, path string, pick replay.Select) (*replay.Recording, error) {
	type result struct {
		rec *replay.Recording
		err error
	}
	done := make(chan result, 1)
	go func() {
		rec, err := replay.Load(path, pick)
		done <- result{rec, err}
	}()
	select {
	case r := <-done:
		return r.rec, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// search finds an adapter; the port that answered is the first one to be used.
func (op *opener) search(ctx context.Context) error {
	finder := op.o.Finder
	if finder == nil {
		finder = NewFinder()
	}
	found, port, err := finder.find(ctx, func(a Attempt) {
		op.o.notify(EventTrying, a.String())
	})
	if err != nil {
		return err
	}
	op.o.notify(EventFound, found.String())
	op.ready = port
	if op.address, err = Parse(found.Address); err != nil {
		return errors.Join(err, port.Close())
	}
	op.recall(found.Port.Identity())
	op.card.Baud = found.Baud
	op.open = func(ctx context.Context) (link.Port, error) {
		if p := op.ready; p != nil {
			op.ready = nil
			return p, nil
		}
		if found.Baud > 0 {
			return op.openSerial(ctx)
		}
		return finder.OpenHost(ctx, op.address.Target)
	}
	return nil
}
