package isotp

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// Traffic is what was heard on a bus that nobody was asked on.
type Traffic struct {
	Frames []can.Frame // at most [maxHeard]
	J1939  int         // how many different well-known parameter groups of SAE J1939
}

// maxHeard bounds what [Listen] keeps.
const maxHeard = 4096

// IsJ1939 tells that the network is one of SAE J1939: two of its groups are no coincidence.
func (t Traffic) IsJ1939() bool { return t.J1939 >= 2 }

// Listen hears a bus for a time without sending. That the time is over is no error.
func Listen(ctx context.Context, bus link.Bus, d time.Duration) (Traffic, error) {
	limited, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	var t Traffic
	groups := map[uint32]bool{}
	for len(t.Frames) < maxHeard {
		f, err := bus.Receive(limited)
		if err != nil {
			if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
				err = nil
			}
			return t, err
		}
		t.Frames = append(t.Frames, f)
		if pgn, ok := group(f.ID); ok && !groups[pgn] {
			groups[pgn] = true
			t.J1939++
		}
		if first := t.Frames[0].At; !first.IsZero() && f.At.Sub(first) > d {
			break // a recording that is played at once
		}
		if limited.Err() != nil {
			break // a bus that floods
		}
	}
	return t, ctx.Err()
}

// group returns the parameter group of an identifier when it is one that trucks send by themselves (SAE
// J1939-71 and -73): engine, transmission, brakes, distances, hours, active codes, transport protocol.
func group(id can.ID) (uint32, bool) {
	if !id.IsExtended() {
		return 0, false
	}
	pgn := id.Raw() >> 8 & 0x3FFFF
	if pgn>>8&0xFF < 240 {
		pgn &^= 0xFF
	}
	switch pgn {
	case 61440, 61441, 61442, 61443, 61444, 61445, 61450, 65215, 65217, 65226, 65247, 65248, 65253, 65257,
		65262, 65263, 65264, 65265, 65266, 65269, 65270, 65271, 65272, 65276, 60160, 60416, 60928, 59904:
		return pgn, true
	}
	return 0, false
}
