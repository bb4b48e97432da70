package adapters

import (
	"context"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
)

// OpenUnguarded opens the address for frames of any kind, for a person who said to know what they do to
// the vehicle. Only what begins the programming of a control unit is refused, as everywhere. Errors are
// those of [OpenBus].
func OpenUnguarded(ctx context.Context, address string, o Options) (link.Bus, error) {
	op, err := newOpener(ctx, address, o)
	if err != nil {
		return nil, err
	}
	if op.way.bus == nil {
		return nil, op.noFrames()
	}
	b, err := op.openRaw(ctx)
	if err != nil {
		return nil, err
	}
	return &unguarded{bus: b}, nil
}

// unguarded names its methods one by one, so that a new method of Bus cannot slip past.
type unguarded struct{ bus link.Bus }

func (u *unguarded) Send(ctx context.Context, f can.Frame) error {
	for _, a := range []isotp.Addressing{isotp.Normal, isotp.Extended} {
		p, err := isotp.Parse(f.Payload(), a)
		begins := p.Kind == isotp.Single || p.Kind == isotp.First
		if err == nil && begins && link.Programs(p.Data) {
			return errs.New(errs.Denied, "frame %s begins service %02X, which programs control units and is never open", f.ID, p.Data[0])
		}
	}
	return u.bus.Send(ctx, f)
}

func (u *unguarded) Receive(ctx context.Context) (can.Frame, error) { return u.bus.Receive(ctx) }
func (u *unguarded) Close() error                                   { return u.bus.Close() }
func (u *unguarded) Name() string                                   { return u.bus.Name() }
