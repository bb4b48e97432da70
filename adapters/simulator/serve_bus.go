package simulator

import (
	"context"
	"sync"

	"github.com/fleetms/obdctl/internal/link"
)

// ServeBus makes the car of an address a node on another bus, such as a real CAN interface: what comes there
// reaches the car, and what the car says goes out there. It returns when the context ends (nil) or one side
// is lost. The bus stays open.
//
// The address is that of [OpenBus]; only a pace of 1 makes sense for others to see.
func ServeBus(ctx context.Context, address string, other link.Bus) error {
	car, err := OpenBus(ctx, address)
	if err != nil {
		return err
	}
	defer car.Close()
	pumping, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 2)
	var both sync.WaitGroup
	defer both.Wait()
	defer cancel()
	both.Go(func() { ended <- pump(pumping, car, other) })
	both.Go(func() { ended <- pump(pumping, other, car) })
	err = <-ended
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// pump carries frames one way until a side fails.
func pump(ctx context.Context, to, from link.Bus) error {
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
