package elm327

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

func hexText(data []byte) string { return fmt.Sprintf("%X", data) }

// sort parts the replies to a request from those to another one: stale ones, other testers' ones.
// A reply with an error and no bytes belongs to the request.
func sort(request []byte, all []link.Reply) (own, foreign []link.Reply) {
	for _, r := range all {
		if r.Err != nil && len(r.Data) == 0 || answers(request, r.Data) {
			own = append(own, r)
		} else {
			foreign = append(foreign, r)
		}
	}
	return own, foreign
}

// answers tells whether a message is a reply to a request: the service plus 0x40 and its identifier
// (PID, DID, sub-function), or 7F and the service (SAE J1979, ISO 14229-1 clause 8).
func answers(request, data []byte) bool {
	if len(request) == 0 || len(data) == 0 {
		return false
	}
	if data[0] == byte(obd.ServiceNegativeReply) {
		return len(data) < 2 || data[1] == request[0]
	}
	if data[0] != request[0]+0x40 {
		return false
	}
	id, echo := request[1:], data[1:]
	if len(id) == 0 || len(echo) == 0 {
		return true
	}
	switch request[0] {
	case 0x01, 0x06: // several ids may be asked for, and come in any order
		return bytes.IndexByte(id, echo[0]) >= 0
	case 0x02, 0x05, 0x08, 0x09, 0x1A, 0x21:
		return echo[0] == id[0]
	case 0x22:
		return len(echo) < 2 || containsDID(id, echo[0], echo[1])
	case 0x2E, 0x2F:
		return len(echo) < 2 || len(id) < 2 || echo[0] == id[0] && echo[1] == id[1]
	case 0x10, 0x11, 0x19, 0x27, 0x28, 0x31, 0x3E, 0x85: // bit 7 suppresses the positive response
		return echo[0]&0x7F == id[0]&0x7F
	}
	return true
}

// containsDID tells whether one of the requested two-byte identifiers is hi lo.
func containsDID(ids []byte, hi, lo byte) bool {
	for pair := range slices.Chunk(ids, 2) {
		if len(pair) == 2 && pair[0] == hi && pair[1] == lo {
			return true
		}
	}
	return len(ids) < 2
}

// isPending tells response-pending (NRC 78), isBusy busy-repeat-request (NRC 21).
func isPending(r link.Reply) bool { return hasNRC(r, link.NRCResponsePending) }
func isBusy(r link.Reply) bool    { return hasNRC(r, link.NRCBusyRepeat) }

func hasNRC(r link.Reply, code byte) bool {
	n, ok := r.Negative()
	return ok && n.Code == code
}

// merge adds replies to those that are there. On CAN an ECU has one: a final reply takes the place of
// response-pending, a whole one that of a broken one, and a second one is dropped. On the older lines an
// ECU may answer in several messages, of which only equal ones are dropped.
func merge(have, more []link.Reply, can bool) []link.Reply {
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

// mergeAll merges replies that came together.
func mergeAll(all []link.Reply, can bool) []link.Reply {
	return merge(nil, all, can)
}

// from keeps the replies of one ECU; those of an adapter without headers have no address and stay.
func from(replies []link.Reply, ecu obd.Address) []link.Reply {
	if ecu == obd.Functional {
		return replies
	}
	return slices.DeleteFunc(slices.Clone(replies), func(r link.Reply) bool {
		return r.ECU != ecu && r.ECU != obd.Functional
	})
}
