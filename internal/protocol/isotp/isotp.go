// Package isotp cuts diagnostic messages into CAN frames and puts them together again (ISO 15765-2:2016).
//
// [Parse] reads one frame. [Collector] joins the frames that a text adapter printed, in whatever order;
// [Reassembler] joins those of a live bus and says when flow control is due; [Sender] sends. All of it
// is arithmetic on bytes: time and the bus belong to the caller.
package isotp

import (
	"errors"
	"fmt"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// MaxClassic is the longest message that the 12-bit length of a first frame can announce.
const MaxClassic = 4095

// DefaultLimit is the longest message in bytes that is put together when the caller sets no limit. Far
// longer than any diagnostic answer, and far shorter than the 4 GiB that a first frame can announce.
const DefaultLimit = 64 << 10

// Addressing says whether a frame's first data byte belongs to the address.
type Addressing uint8

// The addressing formats (ISO 15765-2 clause 10.3).
const (
	Normal   Addressing = iota // normal and normal fixed: the identifier says it all
	Extended                   // extended and mixed: the first data byte is N_TA or N_AE
)

// bytes returns how many data bytes the address takes.
func (a Addressing) bytes() int { return int(a & 1) }

// Message is one diagnostic message as it was received.
type Message struct {
	From   obd.Address
	Data   []byte // without padding; when Err is set, what came before the gap
	Frames int    // how many frames were received for it
	Err    error  // wraps link.ErrIncomplete, or ErrOverflow
}

// ErrOverflow says that a message is longer than the limit.
var ErrOverflow = errors.New("message is longer than the limit")

func incomplete(format string, args ...any) error {
	return fmt.Errorf("%w: %w", link.ErrIncomplete, fmt.Errorf(format, args...))
}

// sizes are the data lengths that a CAN FD frame can have above the 8 bytes of a classical one.
var sizes = [...]int{12, 16, 20, 24, 32, 48, 64}

// validSize tells whether a CAN frame can carry n data bytes.
func validSize(n int) bool { return n >= 0 && n <= 8 || n <= 64 && fitSize(n) == n }

// fitSize returns the shortest frame length that holds n bytes, 64 at most.
func fitSize(n int) int {
	if n <= 8 {
		return n
	}
	for _, s := range sizes {
		if n <= s {
			return s
		}
	}
	return 64
}
