package adapters

import (
	"context"
	"strconv"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// listenTime is how long a bus is heard before anything is sent: trucks talk all the time, and their fastest
// groups come every 10 to 100 ms.
const listenTime = 150 * time.Millisecond

// noFrames is the error of a way that has none.
func (op *opener) noFrames() error {
	return errs.New(errs.Unsupported, "%s has no CAN frames to show", op.address).
		WithHint("ways with frames are can://, slcan://, j2534://, sim:NAME?via=bus and replay: of a frame log")
}

// openRaw opens the frames with the recorder, and without a guard: every dialogue has its own.
func (op *opener) openRaw(ctx context.Context) (link.Bus, error) {
	b, err := op.way.bus(ctx)
	if err != nil {
		return nil, err
	}
	if op.o.Record != nil {
		b = op.o.Record.WrapBus(b, b.Name(), op.settings())
	}
	return b, nil
}

// openBus opens the frames with recorder and guard.
func (op *opener) openBus(ctx context.Context) (link.Bus, error) {
	b, err := op.openRaw(ctx)
	if err != nil {
		return nil, err
	}
	return isotp.Guard(b, op.o.Allow), nil
}

// dialBus opens the frames and finds out what is spoken there: SAE J1939 or ISO 15765-4.
func (op *opener) dialBus(ctx context.Context) (link.Link, error) {
	b, err := op.openRaw(ctx)
	if err != nil {
		return nil, err
	}
	l, err := op.speak(ctx, b)
	if err != nil {
		_ = b.Close() // the dialogue's error is the one to tell
		if op.player != nil && errs.KindOf(err) == errs.NoVehicle {
			err = errs.New(errs.NoVehicle, "%w", err).
				WithHint("the log holds no dialogue with a vehicle; 'obdctl can decode FILE' shows what is in it")
		}
		return nil, err
	}
	if _, network := l.(link.Network); op.way.volts != nil && !network {
		return &metered{l, op.way.volts}, nil
	}
	return l, nil
}

func (op *opener) speak(ctx context.Context, b link.Bus) (link.Link, error) {
	switch p := op.o.Protocol; {
	case p == obd.J1939:
		return op.speakJ1939(ctx, b)
	case p != obd.ProtocolUnknown && !p.IsCAN():
		return nil, errs.New(errs.Usage, "%s: %s is not spoken on a CAN bus", op.address, p.Name())
	case p != obd.ProtocolUnknown:
		return op.speakOBD(ctx, b, p)
	}
	heard, err := isotp.Listen(ctx, b, listenTime)
	if err != nil {
		return nil, err
	}
	if !heard.IsJ1939() {
		return op.speakOBD(ctx, b, obd.ProtocolUnknown)
	}
	// Some trucks have an OBD of ISO 27145 beside it, on the same wires.
	l, err := op.speakOBD(ctx, b, wideOf(op.bitrate()))
	if err == nil || ctx.Err() != nil || link.IsLost(err) {
		return l, err
	}
	op.o.notify(string(isotp.EventSearching), "the network speaks SAE J1939")
	return op.speakJ1939(ctx, &heardBus{bus: b, again: heard.Frames})
}

func (op *opener) speakOBD(ctx context.Context, b link.Bus, p obd.Protocol) (link.Link, error) {
	q := op.address.Query
	o := isotp.Options{
		Protocol: p, Bitrate: op.bitrate(), FD: q.Get("fd") == "1", Now: op.clock.Now,
		Adapter: obd.Adapter{Address: b.Name(), Kind: op.kind()},
		Notify:  func(e isotp.Event) { op.o.notify(string(e.Kind), e.Text) },
	}
	switch pad := q.Get("pad"); {
	case pad == "off":
		o.Padding = isotp.PadNever
	case pad != "":
		n, _ := strconv.ParseUint(pad, 16, 8) // checked by Parse
		o.Padding, o.Pad = isotp.PadAlways, byte(n)
	}
	if op.way.channel != nil {
		o.Channel = func(ctx context.Context, request, reply can.ID) (isotp.Channel, error) {
			c, err := op.way.channel(ctx, o.Padding, o.Pad, request, reply)
			if err != nil {
				return nil, err
			}
			return isotp.GuardChannel(c, op.o.Allow), nil
		}
	}
	l, err := isotp.Dial(ctx, isotp.Guard(b, op.o.Allow), o)
	if err != nil {
		return nil, err
	}
	return l, nil
}

// restlessRecording leaves a dialogue that is recorded to those who ask, so that it plays as it was.
const restlessRecording = 3 * time.Second

func (op *opener) speakJ1939(ctx context.Context, b link.Bus) (link.Link, error) {
	allow := op.o.Allow
	idle := time.Duration(0)
	switch {
	case op.player != nil:
		idle = -1 // a recording goes on by questions
	case op.o.Record != nil:
		idle = restlessRecording
	}
	l, err := j1939.Dial(ctx, b, j1939.Options{
		Now: op.clock.Now, Allow: &allow, Idle: idle, Adapter: obd.Adapter{Address: b.Name(), Kind: op.kind()},
	})
	if err != nil {
		return nil, err
	}
	return l, nil
}

// kind is what a scan calls the adapter.
func (op *opener) kind() string {
	switch op.address.Scheme {
	case Simulator:
		return "simulator"
	case SLCAN, J2534:
		return string(op.address.Scheme)
	case Replay:
		if a, err := Parse(op.player.Recording().Header.Address); err == nil && a.Scheme != Replay {
			return (&opener{address: a}).kind()
		}
	}
	return "can"
}

// bitrateOf is the speed of a line in bits per second, 0 for one that is not CAN.
func bitrateOf(p obd.Protocol) int {
	switch p {
	case obd.CAN11x500, obd.CAN29x500:
		return 500_000
	case obd.CAN11x250, obd.CAN29x250, obd.J1939:
		return 250_000
	}
	return 0
}

// wideOf is the line with 29-bit identifiers at the speed.
func wideOf(bitrate int) obd.Protocol {
	if bitrate == 250_000 {
		return obd.CAN29x250
	}
	return obd.CAN29x500
}

// heardBus gives frames that were heard already once more, then those of the bus.
type heardBus struct {
	bus   link.Bus
	again []can.Frame
}

// Receive is used by one goroutine at a time, as that of every bus.
func (h *heardBus) Receive(ctx context.Context) (can.Frame, error) {
	if len(h.again) == 0 {
		return h.bus.Receive(ctx)
	}
	f := h.again[0]
	h.again = h.again[1:]
	return f, nil
}

func (h *heardBus) Send(ctx context.Context, f can.Frame) error { return h.bus.Send(ctx, f) }
func (h *heardBus) Close() error                                { return h.bus.Close() }
func (h *heardBus) Name() string                                { return h.bus.Name() }
