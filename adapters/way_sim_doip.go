package adapters

import (
	"context"
	"net"

	"github.com/fleetms/obdctl/adapters/simulator"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
)

// waySimulatedDoIP leads to a simulated car that serves DoIP on the loopback network as long as the
// connection to it is open.
func (op *opener) waySimulatedDoIP(address string) (way, error) {
	ended, end := context.WithCancel(context.Background())
	end()
	if err := simulator.ServeDoIP(ended, address, nil, nil); err != nil {
		return way{}, err // a car that is not known, or has no DoIP
	}
	w, err := op.wayDoIP()
	if err != nil {
		return way{}, err
	}
	w.port = func(ctx context.Context) (link.Port, error) {
		l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return nil, errs.New(errs.NoAdapter, "open %s: %w", op.address, err)
		}
		serving, stop := context.WithCancel(context.WithoutCancel(ctx))
		go func() { _ = simulator.ServeDoIP(serving, address, l, nil) }() // its end is the end of the connection
		p, err := (&doipWay{op: op, host: l.Addr().String()}).connect(ctx)
		if err != nil {
			stop()
			return nil, err
		}
		return &servedPort{Port: p, stop: stop}, nil
	}
	return w, nil
}

// servedPort takes the car away with its connection.
type servedPort struct {
	link.Port
	stop context.CancelFunc
}

// Close ends the connection and the car.
func (p *servedPort) Close() error {
	defer p.stop()
	return p.Port.Close()
}
