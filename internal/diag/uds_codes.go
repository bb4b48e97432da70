package diag

import (
	"context"
	"fmt"
	"slices"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// anySeverity asks for every class of UN GTR No. 5 but the unclassified.
const anySeverity uds.Severity = 0x1E

// codeQuery is one way to read a list of codes: a request, and which of the codes in the answer count.
type codeQuery struct {
	request []byte
	any     uds.Status // bits of which one must be set; 0 where the request alone decides
}

// codeQueries returns the ways to read a list, the dialect's own first.
func (u *udsCar) codeQueries(kind obd.CodeKind) []codeQuery {
	const group = uds.EmissionsSystems
	mask := uds.ConfirmedDTC
	switch {
	case kind == obd.Permanent:
		ways := []codeQuery{{request: uds.WWHPermanentDTCs(group)}, {request: uds.DTCs(uds.PermanentDTCs)}}
		if !u.hasOBD() {
			slices.Reverse(ways)
		}
		return ways
	case kind == obd.Pending:
		mask = uds.PendingDTC
	case !u.hasOBD():
		mask |= uds.TestFailed // ECUs outside the emission laws need not confirm
	}
	ways := []codeQuery{{uds.DTCsByStatus(mask), mask}, {uds.WWHDTCs(group, mask, anySeverity), mask}}
	if u.id == obd.DialectWWHOBD {
		slices.Reverse(ways)
	}
	return ways
}

// codes reads a list from every ECU; one that does not know the dialect's own way is asked in the other.
func (u *udsCar) codes(ctx context.Context, kind obd.CodeKind) ([]obd.DTC, []obd.Unread, error) {
	step := listStep(kind)
	ways := u.codeQueries(kind)
	codes := []obd.DTC{}
	replies, missed, err := u.ask(ctx, step, ways[0].request)
	for _, r := range replies {
		found, perr := u.list(ways[0], kind, r)
		codes = append(codes, found...)
		if perr != nil {
			missed = append(missed, unread(step, r.ECU, ways[0].request, malformed(perr)))
		}
	}
	var still []obd.Unread
	for _, m := range missed {
		if err != nil || m.Reason != obd.NotSupported || m.ECU == obd.Functional {
			still = append(still, m)
			continue
		}
		var found []obd.DTC
		var lost []obd.Unread
		found, lost, err = u.codesOf(ctx, m.ECU, kind, ways[1])
		codes, still = append(codes, found...), append(still, lost...)
	}
	byECU(codes, func(c obd.DTC) obd.Address { return c.ECU })
	byECU(still, func(m obd.Unread) obd.Address { return m.ECU })
	return codes, still, err
}

// codesOf reads a list of one ECU.
func (u *udsCar) codesOf(ctx context.Context, ecu obd.Address, kind obd.CodeKind, w codeQuery) ([]obd.DTC, []obd.Unread, error) {
	step := listStep(kind)
	var codes []obd.DTC
	replies, missed, err := u.askOne(ctx, step, ecu, w.request)
	for _, r := range replies {
		found, perr := u.list(w, kind, r)
		codes = append(codes, found...)
		if perr != nil {
			missed = append(missed, unread(step, r.ECU, w.request, malformed(perr)))
		}
	}
	return codes, missed, err
}

// list reads the codes of one reply.
func (u *udsCar) list(w codeQuery, kind obd.CodeKind, r link.Reply) ([]obd.DTC, error) {
	reply, err := u.knowledge(r.ECU).Interpret(w.request, r.Data)
	report, ok := reply.Data.(*uds.DTCReport)
	if !ok || reply.Unexpected {
		return nil, err
	}
	format := uds.FormatJ2012
	if report.Format != nil {
		format = *report.Format
	}
	var codes []obd.DTC
	for _, d := range report.DTCs {
		if w.any != 0 && d.Status != nil && *d.Status&w.any == 0 {
			continue // some ECUs do not look at the mask
		}
		u.remember(seenCode{ecu: r.ECU, code: d.DTC, format: format})
		code := u.dtc(d, format, r.ECU)
		code.Kind, code.List = kind, fmt.Sprintf("19 %02X", w.request[1])
		if !slices.ContainsFunc(codes, func(c obd.DTC) bool { return sameCode(c, code) }) {
			codes = append(codes, code)
		}
	}
	return codes, err
}

func sameCode(a, b obd.DTC) bool {
	return a.ECU == b.ECU && a.Code == b.Code && (a.FailureType == nil || *a.FailureType == *b.FailureType)
}

// remember keeps a code for its freeze frames.
func (u *udsCar) remember(c seenCode) {
	known := func(k seenCode) bool { return k.ecu == c.ecu && k.code == c.code }
	if !slices.ContainsFunc(u.seen, known) && len(u.seen) < maxFreeze {
		u.seen = append(u.seen, c)
	}
}

// dtc words a code, with what the book says of it.
func (u *udsCar) dtc(d uds.DTCRecord, format uds.Format, ecu obd.Address) obd.DTC {
	code := obd.DTC{Code: d.DTC.Code(), ECU: ecu}
	if d.Status != nil {
		status := uint8(*d.Status)
		code.Status = &status
	}
	if d.Severity != nil {
		code.Class = d.Severity.Class()
	}
	if format == uds.FormatJ1939 {
		spn, fmi := d.DTC.Suspect()
		code.Code, code.SPN, code.FMI = d.DTC.Text(format), &spn, &fmi
		return code
	}
	failure := d.DTC.FailureType()
	code.FailureType = &failure
	u.tester.book.Fill(&code)
	return code
}
