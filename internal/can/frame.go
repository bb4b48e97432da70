// Package can holds a CAN or CAN FD frame and its identifier (ISO 11898-1).
package can

import (
	"fmt"
	"time"
)

// ID is a CAN identifier: 11 bits, or 29 bits with [Extended] set.
type ID uint32

// Extended marks a 29-bit identifier, as SocketCAN's CAN_EFF_FLAG does.
const Extended ID = 1 << 31

// IsExtended tells whether the identifier has 29 bits.
func (id ID) IsExtended() bool { return id&Extended != 0 }

// Raw returns the bare identifier without the flag.
func (id ID) Raw() uint32 { return uint32(id &^ Extended) }

// String prints three or eight hexadecimal digits, as candump does.
func (id ID) String() string {
	if id.IsExtended() {
		return fmt.Sprintf("%08X", id.Raw())
	}
	return fmt.Sprintf("%03X", id.Raw())
}

// Frame is one data frame: up to 8 bytes on classical CAN, up to 64 on CAN FD.
type Frame struct {
	ID     ID
	Len    uint8
	FD     bool
	BRS    bool // CAN FD with its data at the faster bit rate
	Remote bool // a classical remote frame: Len is the length asked for, there is no data
	Data   [64]byte
	// At is when the frame was received, by the clock of what received it; zero when not known, and in
	// frames to be sent.
	At time.Time
}

// New returns a classical frame with the data, which is cut after 8 bytes.
func New(id ID, data ...byte) Frame {
	f := Frame{ID: id}
	f.Len = uint8(copy(f.Data[:8], data))
	return f
}

// Payload returns the frame's valid bytes; it shares memory with f.
func (f *Frame) Payload() []byte {
	if f.Remote {
		return nil
	}
	return f.Data[:min(int(f.Len), len(f.Data))]
}

// Same tells that two frames are equal on the wire, whenever they were received.
func (f Frame) Same(other Frame) bool {
	f.At, other.At = time.Time{}, time.Time{}
	return f == other
}
