package diag

import (
	"context"
	"errors"
	"slices"

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
	return t.changeFor(ctx, obd.Functional, request)
}

func (t *Tester) changeFor(ctx context.Context, ecu obd.Address, request []byte) ([]answer, error) {
	replies, err := t.send(ctx, question{target: ecu, data: request, slow: true})
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
	return answers, err
}

// changeOne is change for one ECU; its silence is an answer.
func (t *Tester) changeOne(ctx context.Context, ecu obd.Address, request []byte) ([]answer, error) {
	answers, err := t.changeFor(ctx, ecu, request)
	if len(answers) == 0 {
		answers = []answer{{ecu: ecu, err: silence(err)}}
	}
	return answers, err
}

func answered(all []answer, ecu obd.Address) bool {
	return slices.ContainsFunc(all, func(a answer) bool { return a.ecu == ecu })
}

// outcomes words the answers, in order of address.
func outcomes(answers []answer, request []byte) []Outcome {
	var out []Outcome
	for _, a := range answers {
		o := Outcome{ECU: a.ecu, Done: a.err == nil}
		if a.err != nil {
			why := unread(StepChange, a.ecu, request, a.err)
			o.Why = &why
		} else if head := min(len(a.data), len(request), 2); len(a.data) > head {
			o.Data = a.data[head:]
		}
		out = append(out, o)
	}
	byECU(out, func(o Outcome) obd.Address { return o.ECU })
	return out
}
