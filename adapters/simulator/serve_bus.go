package simulator

import (
	"context"
	"errors"

	"github.com/fleetms/obdctl/internal/link"
)

// ServeBus puts the car of an address on a real or virtual CAN line: what its control units send goes out
// on the bus, what others send there is for them. It returns when the context ends (nil) or the bus fails,
// and closes the bus.
func ServeBus(ctx context.Context, address string, line link.Bus) error {
	car, err := OpenBus(ctx, address)
	if err != nil {
		return err
	}
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 2)
	go func() { ended <- forward(ctx, line, car) }()
	go func() { ended <- forward(ctx, car, line) }()
	err = <-ended
	cancel()
	closed := errors.Join(car.Close(), line.Close()) // ends the other direction
	if second := <-ended; err == nil {
		err = second
	}
	if outer.Err() != nil {
		return closed
	}
	return err
}

// forward carries frames one way.
func forward(ctx context.Context, from, to link.Bus) error {
	for {
		f, err := from.Receive(ctx)
		if err != nil {
			return err
		}
		if err := to.Send(ctx, f); err != nil {
			return err
		}
	}
}
