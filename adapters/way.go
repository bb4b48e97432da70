package adapters

import (
	"context"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// way is what an address leads to. Exactly one of port, bus and link is set; making a way opens nothing.
type way struct {
	// port opens bytes. What is spoken over them is talk's matter, an ELM327's when it is nil.
	port func(ctx context.Context) (link.Port, error)
	// talk starts a protocol other than ELM327 text over the port, which is recorded and guarded already.
	talk func(ctx context.Context, p link.Port) (link.Link, error)
	// guard is the read-only guard of the port for talk; nil when the guard of the link must do.
	guard func(p link.Port, allow link.Allow) link.Port
	// bus opens frames.
	bus func(ctx context.Context) (link.Bus, error)
	// channel opens a transport protocol of the system between two identifiers, which requests to one ECU then
	// take; nil for our own.
	channel func(ctx context.Context, p isotp.Padding, pad byte, request, reply can.ID) (isotp.Channel, error)
	// volts measures the supply voltage with the device behind the open bus; nil when it cannot.
	volts func(ctx context.Context) (float64, error)
	// link opens messages, for a way that shows neither bytes nor frames. It cannot be recorded.
	link func(ctx context.Context) (link.Link, error)
}

// isText tells that ELM327 text is spoken.
func (w way) isText() bool { return w.port != nil && w.talk == nil }

// way finds what is behind the address. What it remembers of it goes into op.
func (op *opener) wayIn(ctx context.Context) (way, error) {
	switch op.address.Scheme {
	case Serial:
		op.recall(serialIdentity(op.address.Target))
		return way{port: op.openSerial}, nil
	case TCP:
		op.recall("")
		return way{port: op.openTCP}, nil
	case Simulator:
		return op.waySimulator()
	case Replay:
		return op.wayReplay(ctx)
	case CAN:
		return op.wayCAN()
	case SLCAN:
		return op.waySLCAN()
	case DoIP:
		return op.wayDoIP()
	case BLE:
		return op.wayBLE()
	case RFCOMM:
		return op.wayRFCOMM()
	case J2534:
		return op.wayJ2534()
	}
	return op.waySearch(ctx)
}

// guardPort puts the read-only guard in front of a port.
func (w way) guardPort(p link.Port, allow link.Allow) link.Port {
	switch {
	case w.talk == nil:
		return elm327.Guard(p, allow)
	case w.guard != nil:
		return w.guard(p, allow)
	}
	return p
}

// notText refuses what only an adapter that speaks text can do.
func (op *opener) notText() error {
	return errs.New(errs.Unsupported, "%s is no adapter that takes text commands", op.address).
		WithHint("this command needs an ELM327-class adapter: serial://, tcp://, ble://, rfcomm:// or sim:")
}
