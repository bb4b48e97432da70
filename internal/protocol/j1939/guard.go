package j1939

import (
	"context"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Guard returns bus with every frame checked before it is sent: requests of groups on the list, address
// claims, negative acknowledgements and the transport control that reception needs. No data leaves.
func Guard(bus link.Bus, allow link.Allow) link.Bus { return &guarded{bus, allow} }

// guarded names its methods one by one and embeds nothing, so that a new method of Bus cannot slip past.
type guarded struct {
	bus   link.Bus
	allow link.Allow
}

func (g *guarded) Send(ctx context.Context, f can.Frame) error {
	if err := Check(g.allow, &f); err != nil {
		return err
	}
	return g.bus.Send(ctx, f)
}

func (g *guarded) Receive(ctx context.Context) (can.Frame, error) { return g.bus.Receive(ctx) }
func (g *guarded) Close() error                                   { return g.bus.Close() }
func (g *guarded) Name() string                                   { return g.bus.Name() }

// Health passes on what the controller says of its line.
func (g *guarded) Health() link.BusHealth {
	if m, ok := g.bus.(link.BusMonitor); ok {
		return m.Health()
	}
	return link.BusHealth{}
}

// Filter passes filters on; a filter only leaves frames out.
func (g *guarded) Filter(masks ...link.Mask) error {
	if b, ok := g.bus.(link.BusFilter); ok {
		return b.Filter(masks...)
	}
	return nil
}

// Check returns a Denied error for a frame that must not be sent.
func Check(allow link.Allow, f *can.Frame) error {
	id, ok := ParseID(f.ID)
	if !ok {
		return refuse("frame on %s is not of SAE J1939", f.ID)
	}
	data := f.Payload()
	switch {
	case f.Remote || f.FD:
	case id.PGN == PGNRequest && len(data) == 3:
		return allow.CheckPGN(getPGN(data))
	case id.PGN == PGNDM7 && len(data) == 8 && data[0] == TestsOfOne && id.Destination != Global:
		return allow.CheckPGN(PGNDM7)
	case id.PGN == PGNAddressClaim && len(data) == 8 && id.Destination == Global:
		return nil
	case id.PGN == PGNAcknowledge && len(data) == 8 && data[0] == link.AckNegative:
		return nil
	case (id.PGN == PGNTransport || id.PGN == PGNExtended) && len(data) == 8 && receives(data[0]):
		return nil
	}
	return refuse("PGN %d is not allowed in read-only mode", id.PGN)
}

// receives tells the transport control that a receiver sends.
func receives(c byte) bool {
	return c == tpCTS || c == tpEnd || c == tpAbort || c == etpCTS || c == etpEnd
}

func refuse(format string, args ...any) error {
	return errs.New(errs.Denied, format, args...).
		WithHint("nothing was sent; over SAE J1939 only requests and address claim leave this program")
}
