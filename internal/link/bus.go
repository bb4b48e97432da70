package link

import (
	"context"

	"github.com/fleetms/obdctl/internal/can"
)

// Bus carries CAN frames: SocketCAN, slcan, J2534, a recording, the simulator.
//
// Receive blocks until a frame is there or ctx ends; a frame that is there already is returned even when
// ctx has ended, which is how a caller takes what came meanwhile without waiting. Send returns when the
// frame was handed to the controller. Both return the same permanent error once the bus is closed or off,
// a [*Fault] with Lost set. Frames that nobody receives are kept up to a bound, then the oldest go. One
// goroutine may receive while another one sends; Close may be called at any time, twice too.
type Bus interface {
	Send(ctx context.Context, f can.Frame) error
	Receive(ctx context.Context) (can.Frame, error)
	Close() error
	Name() string
}

// BusHealth is what a controller says of its line since it was opened.
type BusHealth struct {
	Errors   int  // disturbed frames: wrong bit rate, bad wiring
	NoAck    int  // frames that nobody acknowledged: no other node is on the line
	Overruns int  // times that frames were lost because they came faster than they were taken
	Passive  bool // the controller has seen so many errors that it hardly takes part any more
	Off      bool // the controller has left the line
}

// BusMonitor is a Bus whose controller reports errors of the line. They do not end Receive.
type BusMonitor interface{ Health() BusHealth }

// BusFilter is a Bus that can leave out frames before they reach the program. A filter is a help: frames
// that it should keep out may still come.
type BusFilter interface {
	// Filter lets only frames through that match one of the masks; none lets everything through.
	Filter(masks ...Mask) error
}

// Mask matches identifiers whose bits under Bits equal those of ID, of the same length.
type Mask struct{ ID, Bits can.ID }

// Match tells whether an identifier passes.
func (m Mask) Match(id can.ID) bool {
	return id.IsExtended() == m.ID.IsExtended() && (id^m.ID)&m.Bits&^can.Extended == 0
}
