package isotp

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Options say how a dialogue over a bus is held. The zero value finds everything out.
type Options struct {
	Protocol obd.Protocol // the line; unknown lets [Dial] find 11 or 29 bits
	Bitrate  int          // of the bus in bits per second, for the description; 0 is 500000
	FD       bool         // send CAN FD frames with the faster bit rate for the data
	Padding  Padding
	Pad      byte // what frames are filled with
	// TargetPadding says for single ECUs whether their requests are padded.
	TargetPadding map[obd.Address]bool
	Adapter       obd.Adapter      // for the description
	Now           func() time.Time // stamps frames that carry no time; nil for time.Now
	Notify        func(Event)      // is told what happens; may be nil
	// Channel opens a transport protocol that is not ours for requests to one ECU; nil for none.
	Channel func(ctx context.Context, request, reply can.ID) (Channel, error)
}

// Padding says whether frames are filled up to 8 bytes.
type Padding uint8

// The choices of padding.
const (
	PadAuto   Padding = iota // padded; not padded if only that is answered
	PadAlways                // as ISO 15765-4 demands
	PadNever
)

// Event is something worth telling about the dialogue.
type Event struct {
	Kind EventKind
	Text string // for people, one sentence without a period
}

// EventKind sorts the events.
type EventKind string

// The kinds of event.
const (
	EventSearching EventKind = "searching" // the line is being looked for
	EventFallback  EventKind = "fallback"  // something unusual works
	EventWaiting   EventKind = "waiting"   // an ECU asked for time
)

// The requests by which an OBD line is found: the supported PIDs of SAE J1979, the protocol
// identification of SAE J1979-2 and ISO 27145 (DID F810), and TesterPresent of ISO 14229-1.
func probes() [][]byte {
	return [][]byte{{0x01, 0x00}, {0x22, 0xF8, 0x10}, {0x3E, 0x00}}
}

// Dial finds the diagnostic line of a bus and the ECUs that answer on it, and returns the link. The bus
// belongs to the link from then on, unless there is an error.
//
// Errors: [errs.NoVehicle] with a hint that says what the line looks like: silent, disturbed (a wrong bit
// rate), without another node, or busy with other traffic; a lost [*link.Fault] when the controller is off;
// ctx's error.
func Dial(ctx context.Context, bus link.Bus, o Options) (*Link, error) {
	l := newLink(bus, o)
	found, err := l.search(ctx)
	if err == nil && found {
		return l, nil
	}
	if f, ok := bus.(link.BusFilter); ok {
		_ = f.Filter() // whoever has the bus next hears all; the search's error is the one to tell
	}
	if err != nil {
		return nil, err
	}
	heard, err := Listen(ctx, bus, aliveTime)
	if err != nil {
		return nil, err
	}
	l.heard += len(heard.Frames)
	return nil, l.noVehicle()
}

// aliveTime is how long a bus without OBD is heard to tell whether it is alive.
const aliveTime = 100 * time.Millisecond

// search finds the line.
func (l *Link) search(ctx context.Context) (bool, error) {
	l.notify(EventSearching, "looking for the control units on the bus")
	if err := l.narrow(); err != nil {
		return false, err
	}
	for _, round := range l.rounds() {
		l.padded, l.fd = round.padded, round.fd
		for _, wide := range l.widths() {
			for _, data := range round.probes {
				found, err := l.probe(ctx, wide, data)
				if err != nil {
					return false, err
				}
				if found {
					l.found(wide, round)
					return true, nil
				}
			}
		}
	}
	return l.probeEach(ctx)
}

// Attach returns a link on a line that is known, without asking anything. The protocol must be given.
func Attach(bus link.Bus, o Options) *Link {
	l := newLink(bus, o)
	l.protocol = o.Protocol
	return l
}

// round is one pass of the search.
type round struct {
	padded, fd bool
	probes     [][]byte
}

// rounds lists the passes: as the standard has it, once more because a gateway may have slept, without
// padding, and with classical frames where CAN FD was asked for.
func (l *Link) rounds() []round {
	usual := round{l.o.Padding != PadNever, l.o.FD, probes()}
	again := usual
	again.probes = probes()[:1]
	all := []round{usual, again}
	if l.o.FD {
		all = append(all, round{usual.padded, false, probes()})
	}
	if l.o.Padding == PadAuto {
		all = append(all, round{false, false, probes()[:1]})
	}
	return all
}

// widths lists the identifier lengths to try: true is 29 bits.
func (l *Link) widths() []bool {
	switch {
	case l.o.Protocol.Is29Bit():
		return []bool{true}
	case l.o.Protocol == obd.CAN11x500 || l.o.Protocol == obd.CAN11x250:
		return []bool{false}
	}
	return []bool{false, true}
}

func (l *Link) found(wide bool, r round) {
	l.protocol = protocolOf(wide, l.bitrate())
	if !r.padded && l.o.Padding == PadAuto {
		l.notify(EventFallback, "the control units answer only to frames without padding")
	}
}

// protocolOf names the line.
func protocolOf(wide bool, bitrate int) obd.Protocol {
	switch {
	case bitrate == 500_000 && wide:
		return obd.CAN29x500
	case bitrate == 500_000:
		return obd.CAN11x500
	case bitrate == 250_000 && wide:
		return obd.CAN29x250
	case bitrate == 250_000:
		return obd.CAN11x250
	}
	return obd.CANUser1
}

// functionalID is where a request to all ECUs goes (ISO 15765-4 tables 6 and 9).
func functionalID(wide bool) obd.Address {
	if wide {
		return obd.CAN29(0x18DB33F1)
	}
	return obd.CAN11(0x7DF)
}

// probe asks all ECUs and tells whether one answered. What the guard does not let through is not asked.
func (l *Link) probe(ctx context.Context, wide bool, data []byte) (bool, error) {
	return l.answered(ctx, link.Request{Header: functionalID(wide), Data: data})
}

func (l *Link) answered(ctx context.Context, req link.Request) (bool, error) {
	replies, err := l.Exchange(ctx, req)
	switch {
	case len(replies) > 0:
		return true, nil
	case ctx.Err() != nil || link.IsLost(err):
		return false, err
	case errs.KindOf(err) == errs.Denied:
		l.denied = err
	}
	return false, nil
}

// probeEach asks the eight addresses of ISO 15765-4 one by one: some electric vehicles answer nothing that
// goes to all.
func (l *Link) probeEach(ctx context.Context) (bool, error) {
	l.padded, l.fd = l.o.Padding != PadNever, l.o.FD
	if l.o.Protocol.Is29Bit() {
		return false, nil
	}
	heard := false
	for id := uint32(0x7E8); id <= 0x7EF; id++ {
		found, err := l.answered(ctx, link.Request{Target: obd.CAN11(id), Data: []byte{0x3E, 0x00}})
		if err != nil {
			return false, err
		}
		if heard = heard || found; found {
			l.protocol = protocolOf(false, l.bitrate())
		}
	}
	return heard, nil
}

// narrow lets only frames of diagnostics through where the controller can filter.
func (l *Link) narrow() error {
	f, ok := l.bus.(link.BusFilter)
	if !ok {
		return nil
	}
	masks := []link.Mask{
		{ID: 0x700, Bits: 0x700},
		{ID: can.Extended | 0x00DAF100, Bits: 0x03FFFF00},
	}
	for _, id := range l.elsewhere {
		masks = append(masks, link.Mask{ID: id, Bits: 0x1FFFFFFF})
	}
	return f.Filter(masks...)
}

// noVehicle says what the silent line looks like.
func (l *Link) noVehicle() error {
	if l.denied != nil {
		return l.denied
	}
	err := errs.New(errs.NoVehicle, "find vehicle: %w", link.ErrNoReply)
	var health link.BusHealth
	if m, ok := l.bus.(link.BusMonitor); ok {
		health = m.Health()
	}
	switch {
	case health.Errors > 0 && l.heard == 0:
		return errs.New(errs.NoVehicle, "find vehicle: the line is disturbed (%d error frames) and nothing can be read at %d bit/s: %w", health.Errors, l.bitrate(), link.ErrNoReply).
			WithHint("this looks like a wrong bit rate: try %s, or check the wiring and the termination", l.otherBitrate())
	case health.NoAck > 0 && l.heard == 0:
		return err.WithHint("no other node acknowledges what is sent: the adapter is not connected to the vehicle, or the vehicle is asleep; switch the ignition on")
	case l.heard > 0:
		return err.WithHint("the bus is alive (%d frames heard), but no control unit answers diagnostic requests: it may be an inner bus, or one behind a gateway that shuts out requests", l.heard)
	}
	return err.WithHint("nothing at all was heard: switch the ignition on; if it is on, try %s", l.otherBitrate())
}

func (l *Link) otherBitrate() string {
	if l.bitrate() == 500_000 {
		return "bitrate=250000"
	}
	return "bitrate=500000"
}
