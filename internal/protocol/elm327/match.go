package elm327

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

func hexText(data []byte) string { return fmt.Sprintf("%X", data) }

// isPending tells response-pending (NRC 78) without the final reply.
func isPending(r link.Reply) bool {
	return errors.Is(r.Err, link.ErrPending) || hasNRC(r, link.NRCResponsePending)
}

// isBusy tells busy-repeat-request (NRC 21).
func isBusy(r link.Reply) bool { return hasNRC(r, link.NRCBusyRepeat) }

func hasNRC(r link.Reply, code byte) bool {
	n, ok := r.Negative()
	return ok && n.Code == code
}

// merge adds replies to those that are there. On CAN an ECU has one: a final reply takes the place of
// response-pending, a whole one that of a broken one, and a second one is dropped. On the older lines an
// ECU may answer in several messages, of which only equal ones are dropped. Without headers nothing
// tells the ECUs apart: there the better one of two answers stands as it is.
func merge(have, more []link.Reply, can bool) []link.Reply {
	if len(have) == 0 && !can || slices.ContainsFunc(more, isNameless) || slices.ContainsFunc(have, isNameless) {
		if quality(more) >= quality(have) {
			return more
		}
		return have
	}
	for _, r := range more {
		i := slices.IndexFunc(have, func(h link.Reply) bool {
			return h.ECU == r.ECU && (can || rank(h) < 2 || bytes.Equal(h.Data, r.Data))
		})
		switch {
		case i < 0:
			have = append(have, r)
		case rank(r) > rank(have[i]):
			have[i] = r
		}
	}
	return have
}

func isNameless(r link.Reply) bool { return r.ECU == obd.Functional }

// rank orders replies of one ECU: pending or busy, broken, whole.
func rank(r link.Reply) int {
	switch {
	case isPending(r) || isBusy(r):
		return 0
	case r.Err != nil:
		return 1
	}
	return 2
}

// quality counts the whole replies of an answer.
func quality(all []link.Reply) int {
	n := 0
	for _, r := range all {
		if rank(r) == 2 {
			n++
		}
	}
	return n
}

// from keeps the replies of one ECU; those of an adapter without headers have no address and stay.
func from(replies []link.Reply, ecu obd.Address) []link.Reply {
	if ecu == obd.Functional {
		return replies
	}
	return slices.DeleteFunc(slices.Clone(replies), func(r link.Reply) bool {
		return r.ECU != ecu && !isNameless(r)
	})
}
