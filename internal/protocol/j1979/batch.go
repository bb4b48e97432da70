package j1979

import (
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// Item is one PID of a reply and the bytes behind it.
type Item struct {
	PID  byte
	Data []byte // part of the reply, not a copy
}

// UnknownPIDError says that a batch could not be walked further, because a PID's length is not known.
type UnknownPIDError struct {
	PID  byte
	Rest []byte // the PID and everything behind it
}

func (e *UnknownPIDError) Error() string {
	return fmt.Sprintf("length of PID %02X is not known: %d bytes not read", e.PID, len(e.Rest))
}

// Unwrap makes it an [ErrMalformed].
func (e *UnknownPIDError) Unwrap() error { return ErrMalformed }

// SplitBatch takes a reply with several PIDs apart: of service 01, of 02, whose frame bytes it drops, or of
// 06, 08 and 09, whose support bitmaps are asked together too.
//
// asked are the requested PIDs: ECUs leave out those that they do not have, answer in another order, and
// fill the frame up with 00, 55, AA or FF, which are PIDs too. length tells how many data bytes a PID has, 0 or
// less when that is not known; a single asked PID of unknown length takes the rest. Items read before an
// error are returned with it.
func SplitBatch(data, asked []byte, length func(pid byte) int) ([]Item, error) {
	rest, err := body(data, obd.ServiceCurrentData, obd.ServiceFreezeFrame,
		obd.ServiceMonitorTests, obd.ServiceControl, obd.ServiceVehicleInfo)
	if err != nil {
		return nil, err
	}
	header := 1
	if data[0] == byte(obd.ServiceFreezeFrame)+positive {
		header = 2
	}
	var read [256]bool
	items := make([]Item, 0, len(asked))
	for len(rest) > 0 && len(items) < len(asked) {
		pid := rest[0]
		open := !read[pid] && slices.Contains(asked, pid)
		n := length(pid)
		fits := open && len(rest) == header+n // a uniform rest that is exactly one item is that item
		if isPadding(rest) && len(items) > 0 && !fits {
			return items, nil
		}
		if !open {
			return items, malformed("PID %02X was not asked for", pid)
		}
		if n <= 0 {
			if len(asked) != 1 || len(rest) < header {
				return items, &UnknownPIDError{PID: pid, Rest: rest}
			}
			n = len(rest) - header
		}
		if len(rest) < header+n {
			return items, malformed("PID %02X has %d of %d bytes", pid, max(0, len(rest)-header), n)
		}
		items = append(items, Item{PID: pid, Data: rest[header : header+n : header+n]})
		rest = rest[header+n:]
		read[pid] = true
	}
	return items, nil
}
