package diag

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// clear sends service 14 once to every ECU, and to those alone that said nothing, then looks whether the
// codes are gone.
func (u *udsCar) clear(ctx context.Context) ([]Outcome, error) {
	t := u.tester
	request := uds.Clear(uds.AllGroups)
	if u.hasOBD() {
		request = uds.Clear(uds.EmissionsGroup)
	}
	answers, err := t.change(ctx, request)
	lost := ended(ctx, err)
	for i := range answers {
		if lost == nil && u.hasOBD() && hasNRC(answers[i].err, link.NRCOutOfRange) { // it knows no groups
			var whole []answer
			whole, err = t.changeOne(ctx, answers[i].ecu, uds.Clear(uds.AllGroups))
			answers[i], lost = whole[0], ended(ctx, err)
		}
	}
	for _, ecu := range t.ECUs() {
		if isUnknown(ecu) || answered(answers, ecu) {
			continue
		}
		if lost != nil {
			answers = append(answers, answer{ecu: ecu, err: silence(err)})
			continue
		}
		var alone []answer
		alone, err = t.changeOne(ctx, ecu, request)
		answers = append(answers, alone...)
		lost = ended(ctx, err)
	}
	out := outcomes(answers, request)
	if len(out) == 0 && err != nil {
		return nil, err
	}
	u.seen = nil
	if lost != nil {
		return out, lost
	}
	return u.verify(ctx, request, out)
}

func hasNRC(err error, code byte) bool {
	n, ok := errors.AsType[link.NegativeReply](err)
	return ok && n.Code == code
}

// verify reads the codes again: an ECU that still has confirmed ones did not clear, or the fault is there.
func (u *udsCar) verify(ctx context.Context, request []byte, out []Outcome) ([]Outcome, error) {
	left, _, err := u.codes(ctx, obd.Stored)
	for i := range out {
		o := &out[i]
		var names []string
		for _, c := range left {
			if c.ECU == o.ECU && !slices.Contains(names, c.Code) {
				names = append(names, c.Code)
			}
		}
		if o.Done && len(names) > 0 {
			o.Why = &obd.Unread{
				Step: StepChange, ECU: o.ECU, Request: fmt.Sprintf("%X", request), Reason: obd.Refused,
				Detail: "accepted, but there are codes again: " + strings.Join(names, ", "),
			}
			o.Done = false
		}
	}
	return out, err
}
