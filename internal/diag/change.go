package diag

import (
	"context"
	"errors"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// answer is what one ECU said to a request that changes something.
type answer struct {
	ecu  obd.Address
	data []byte
	err  error // why nothing was done
}

// change sends a request that changes something, once, with the longest wait.
func (t *Tester) change(ctx context.Context, request []byte) ([]answer, error) {
	replies, err := t.send(ctx, question{data: request, slow: true})
	var answers []answer
	for _, r := range replies {
		t.heard(r.ECU)
		a := answer{ecu: r.ECU, data: r.Data, err: r.Err}
		if n, negative := r.Negative(); negative {
			a.err = n
		} else if a.err == nil && (len(r.Data) == 0 || r.Data[0] != request[0]+0x40) {
			a.err = malformed(errors.New("not an answer to this request"))
		}
		answers = append(answers, a)
	}
	byECU(answers, func(a answer) obd.Address { return a.ecu })
	return answers, err
}

func answered(all []answer, ecu obd.Address) bool {
	return slices.ContainsFunc(all, func(a answer) bool { return a.ecu == ecu })
}

// result words an answer to service 04.
func (a answer) result() ClearResult {
	r := ClearResult{ECU: a.ecu, Cleared: a.err == nil}
	if a.err == nil {
		return r
	}
	_, r.NRC = reasonOf(a.err)
	r.Reason = a.err.Error()
	if n, ok := errors.AsType[link.NegativeReply](a.err); ok {
		r.Reason = link.NRCName(n.Code)
	}
	return r
}
