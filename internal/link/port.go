package link

import (
	"io"
	"time"
)

// Port carries bytes to and from an adapter: a serial line, a TCP connection, a recording, the simulator.
//
// Read blocks until at least one byte is there, the deadline passes ([os.ErrDeadlineExceeded]), the
// other end closes ([io.EOF]) or Close is called (another error). Write delivers all bytes or fails.
// SetReadDeadline works like that of [net.Conn] and also wakes a Read that is under way; the zero time
// means no deadline. One goroutine may read while another writes; Close may be called at any time, twice too.
type Port interface {
	io.ReadWriteCloser
	SetReadDeadline(t time.Time) error
	// Name is the address by which the port was opened, for messages.
	Name() string
}

// SpeedSetter is a Port whose line speed can be changed while open.
type SpeedSetter interface {
	// SetSpeed changes the speed to baud bits per second and drops what was received and not read.
	SetSpeed(baud int) error
	// Speed returns the speed in use.
	Speed() int
}
