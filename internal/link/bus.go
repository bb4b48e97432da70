package link

import (
	"context"

	"github.com/fleetms/obdctl/internal/can"
)

// Bus carries CAN frames: SocketCAN, slcan, J2534, a recording, the simulator.
//
// Receive blocks until a frame is there or ctx ends. Send returns when the frame was handed to the
// controller. Both return the same permanent error once the bus is closed or off.
type Bus interface {
	Send(ctx context.Context, f can.Frame) error
	Receive(ctx context.Context) (can.Frame, error)
	Close() error
	Name() string
}
