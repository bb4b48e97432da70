package isotp

import (
	"context"
	"slices"
	"sync"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// Guard returns bus with every frame checked before it is sent: what begins a request must be of a
// service on the list, what continues a message must belong to one whose beginning passed, and flow
// control must not read as anything else. Frames of no ISO 15765-2 type are refused.
//
// Identifiers in extended carry an address byte before the control byte; all others are read with
// normal addressing. One frame means different things in the two readings, so a frame to an identifier that
// is neither listed nor one of OBD, behind which no ECU has an address byte, must be harmless in both.
func Guard(bus link.Bus, allow link.Allow, extended ...can.ID) link.Bus {
	return &guarded{bus: bus, allow: allow, extended: extended, open: make(map[route]int)}
}

// route is where a message goes: identifier and address byte.
type route struct {
	id        can.ID
	extension byte
}

// guarded names its methods one by one and embeds nothing, so that a new method of Bus cannot slip past.
type guarded struct {
	bus      link.Bus
	allow    link.Allow
	extended []can.ID

	mu   sync.Mutex
	open map[route]int // consecutive frames still to come of a message that passed
}

func (g *guarded) Send(ctx context.Context, f can.Frame) error {
	if err := g.check(&f); err != nil {
		return err
	}
	return g.bus.Send(ctx, f)
}

func (g *guarded) Receive(ctx context.Context) (can.Frame, error) { return g.bus.Receive(ctx) }
func (g *guarded) Close() error                                   { return g.bus.Close() }
func (g *guarded) Name() string                                   { return g.bus.Name() }

// Health is that of the bus.
func (g *guarded) Health() link.BusHealth {
	if m, ok := g.bus.(link.BusMonitor); ok {
		return m.Health()
	}
	return link.BusHealth{}
}

// Filter is that of the bus; nothing is sent by it.
func (g *guarded) Filter(masks ...link.Mask) error {
	if f, ok := g.bus.(link.BusFilter); ok {
		return f.Filter(masks...)
	}
	return nil
}

func (g *guarded) check(raw *can.Frame) error {
	addressing := Normal
	if slices.Contains(g.extended, raw.ID) {
		addressing = Extended
	}
	f, err := Parse(raw.Payload(), addressing)
	if err != nil {
		return refuse("frame %s on %s: %w", hexText(raw.Payload()), raw.ID, err)
	}
	if addressing == Normal {
		if err := g.checkShifted(raw, f.Kind); err != nil {
			return err
		}
	}
	to := route{raw.ID, f.Extension}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch f.Kind {
	case Single, First:
		delete(g.open, to)
		if err := g.allow.Check(f.Data); err != nil {
			return err
		}
		if f.Kind == First {
			return g.begin(to, newTransfer(f, addressing, false))
		}
	case Consecutive:
		if g.open[to] == 0 {
			return refuse("consecutive frame on %s belongs to no request that was allowed", raw.ID)
		}
		g.proceed(to)
	}
	return nil
}

func (g *guarded) begin(to route, t transfer) error {
	if len(g.open) >= maxTransfers {
		return refuse("too many unfinished requests")
	}
	if n := t.frames(); n > 0 {
		g.open[to] = n
	}
	return nil
}

func (g *guarded) proceed(to route) {
	if g.open[to]--; g.open[to] == 0 {
		delete(g.open, to)
	}
}

// checkShifted refuses a frame that an ECU with extended addressing would take for the beginning of a
// request: to it the first byte is an address and the second one the control byte. What a single frame then
// seems to begin is no request, because nothing that could continue it would pass.
func (g *guarded) checkShifted(raw *can.Frame, kind Kind) error {
	if kind != Flow && isOBD(raw.ID) {
		return nil
	}
	other, err := Parse(raw.Payload(), Extended)
	if err == nil && (other.Kind == Single || other.Kind == First && kind != Single) {
		if len(other.Data) > 0 && other.Data[0] == 0 {
			return nil // zero padding: there is no service 00 (ISO 14229-1 table 2)
		}
		return g.allow.Check(other.Data)
	}
	return nil
}

// isOBD tells the request identifiers of ISO 15765-4.
func isOBD(id can.ID) bool {
	if !id.IsExtended() {
		return id == 0x7DF || id&^7 == 0x7E0
	}
	return id.Raw() == 0x18DB33F1 || id.Raw()&0xFFFF00FF == 0x18DA00F1
}

func refuse(format string, args ...any) error {
	return errs.New(errs.Denied, format, args...).
		WithHint("nothing was sent; read-only mode passes only requests that it can recognise as harmless")
}

func hexText(b []byte) string {
	const digits = "0123456789ABCDEF"
	out := make([]byte, 0, 2*len(b))
	for _, x := range b {
		out = append(out, digits[x>>4], digits[x&0x0F])
	}
	return string(out)
}
