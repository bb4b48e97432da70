package diag

import (
	"context"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
)

// listStep names the step that reads a list of codes.
func listStep(kind obd.CodeKind) obd.Step {
	switch kind {
	case obd.Pending:
		return obd.StepPending
	case obd.Permanent:
		return obd.StepPermanent
	}
	return obd.StepStored
}

// Codes reads one list of trouble codes from every ECU (services 03, 07, 0A), with what the book says of
// each. An ECU without the service, one that stays busy and one that stays silent are unread items: an
// empty list without any means that there are no codes.
func (t *Tester) Codes(ctx context.Context, kind obd.CodeKind) ([]obd.DTC, []obd.Unread, error) {
	if d := t.spoken(); d != nil {
		return d.codes(ctx, kind)
	}
	q := question{step: listStep(kind), data: j1979.Codes(kind)}
	var replies []link.Reply
	var missed []obd.Unread
	var err error
	if kind == obd.Permanent { // from model year 2010 on
		replies, missed, err = t.askAny(ctx, q)
	} else {
		replies, missed, err = t.askList(ctx, q)
	}
	codes := []obd.DTC{}
	for _, r := range replies {
		found, perr := j1979.ParseCodes(t.protocol(), r.Data)
		if perr != nil {
			missed = append(missed, unread(q.step, r.ECU, q.data, malformed(perr)))
		}
		codes = t.appendCodes(codes, found, kind, r.ECU)
	}
	if kind == obd.Stored && len(codes) == 0 && t.maySaveItsBreath() && onlySilence(missed) {
		missed = nil
	}
	byECU(codes, func(c obd.DTC) obd.Address { return c.ECU })
	return codes, missed, err
}

func onlySilence(missed []obd.Unread) bool {
	return !slices.ContainsFunc(missed, func(u obd.Unread) bool { return u.Reason != obd.NoReply })
}

// askList asks for a list that every ECU has, again and with patience where nobody or not everybody answers.
func (t *Tester) askList(ctx context.Context, q question) ([]link.Reply, []obd.Unread, error) {
	replies, missed, err := t.ask(ctx, q)
	q.slow = true // an ECU may search its memory for long
	if err == nil && len(replies) == 0 && onlySilence(missed) {
		replies, missed, err = t.ask(ctx, q)
	}
	if err != nil {
		return replies, missed, err
	}
	replies, more, err := t.askSilent(ctx, q, replies, missed)
	return replies, append(missed, more...), err
}

// askSilent asks the ECUs that are there and did not answer a functional request once more, each alone:
// on CAN an ECU must answer with an empty list, and only a physical request may be refused in words.
func (t *Tester) askSilent(ctx context.Context, q question, replies []link.Reply, missed []obd.Unread) ([]link.Reply, []obd.Unread, error) {
	if !t.isCAN() {
		return replies, nil, nil
	}
	var more []obd.Unread
	for _, ecu := range t.support[obd.ServiceCurrentData].ECUs {
		if isUnknown(ecu) || slices.ContainsFunc(replies, func(r link.Reply) bool { return r.ECU == ecu }) ||
			slices.ContainsFunc(missed, func(u obd.Unread) bool { return u.ECU == ecu }) {
			continue
		}
		q.target = ecu
		late, lost, err := t.ask(ctx, q)
		replies, more = append(replies, late...), append(more, lost...)
		if err != nil {
			return replies, more, err
		}
	}
	return replies, more, nil
}

// maySaveItsBreath tells that silence means "no codes": on J1850 and ISO 9141-2 an ECU without codes need
// not answer (SAE J1979 6.3), and PID 01 said that there are none.
func (t *Tester) maySaveItsBreath() bool {
	p := t.protocol()
	if !p.IsJ1850() && p != obd.ISO9141 || len(t.status) == 0 {
		return false
	}
	return !slices.ContainsFunc(t.status, func(s obd.MonitorStatus) bool { return s.Codes > 0 })
}

// appendCodes adds the codes of one ECU, each once.
func (t *Tester) appendCodes(to []obd.DTC, codes []string, kind obd.CodeKind, ecu obd.Address) []obd.DTC {
	for _, code := range codes {
		if slices.ContainsFunc(to, func(d obd.DTC) bool { return d.ECU == ecu && d.Code == code }) {
			continue
		}
		d := obd.DTC{Code: code, ECU: ecu, Kind: kind}
		t.book.Fill(&d)
		to = append(to, d)
	}
	return to
}
