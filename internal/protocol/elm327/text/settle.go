package text

import (
	"bytes"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// settle drops what an ECU said twice and what it took back: NRC 78 (more time) and 21 (busy) before
// its final answer. With headers off nothing tells ECUs apart, so nothing is dropped but a pending
// response that some answer follows.
func settle(all []link.Reply) []link.Reply {
	if len(all) < 2 && (len(all) == 0 || !isWaiting(all[0])) {
		return all
	}
	kept := make([]link.Reply, 0, len(all))
	for i, r := range all {
		if isWaiting(r) && answered(all, i) || r.ECU != 0 && repeated(kept, r) {
			continue
		}
		if isPending(r) && r.Err == nil {
			r.Err = link.ErrPending
		}
		kept = append(kept, r)
	}
	return kept
}

// repeated tells whether the same ECU said the same before.
func repeated(before []link.Reply, r link.Reply) bool {
	for _, b := range before {
		if b.ECU == r.ECU && b.Err == nil && r.Err == nil && bytes.Equal(b.Data, r.Data) {
			return true
		}
	}
	return false
}

// answered tells whether the ECU of reply i sent a final answer, or said the same as i once more later.
func answered(all []link.Reply, i int) bool {
	for k, r := range all {
		if k == i || r.ECU != all[i].ECU || len(r.Data) == 0 {
			continue
		}
		if !isWaiting(r) || k > i && isPending(r) {
			return true
		}
	}
	return false
}

func isWaiting(r link.Reply) bool {
	return isPending(r) || negativeCode(r) == link.NRCBusyRepeat
}

// isPending tells response-pending: NRC 78, or routine-not-complete (23) of Volvo's K-line, which
// means the same there.
func isPending(r link.Reply) bool {
	const routineNotComplete, volvoNegative = 0x23, 0x7E
	if len(r.Data) == 3 && r.Data[0] == volvoNegative && r.Data[1] >= 0x80 {
		return r.Data[2] == routineNotComplete
	}
	return negativeCode(r) == link.NRCResponsePending
}

// negativeCode returns the response code of a negative response, 0 for any other.
func negativeCode(r link.Reply) byte {
	if len(r.Data) >= 3 && r.Data[0] == byte(obd.ServiceNegativeReply) {
		return r.Data[2]
	}
	return 0
}
