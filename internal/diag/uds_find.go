package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// What identifier F810 names (protocolIdentification).
const (
	didProtocol     = 0xF810
	protocolWWHOBD  = 0x01 // ISO 27145-4
	protocolOBDUDS  = 0x02 // SAE J1979-2
	protocolZEVUDS  = 0x03 // SAE J1979-3
	didPIDSupported = 0xF400
)

// findDialect asks a car that does not know service 01 what it speaks instead; nil for nothing known. Only
// CAN and DoIP carry ISO 14229-1.
func (t *Tester) findDialect(ctx context.Context) (dialect, error) {
	if !t.isCAN() {
		return nil, ctx.Err()
	}
	for _, try := range []func(context.Context) (obd.Dialect, error){t.byProtocol, t.byPIDs, t.byCodes} {
		id, err := try(ctx)
		if err != nil {
			return nil, err
		}
		if id != "" {
			return newUDS(t, id), nil
		}
	}
	return nil, nil
}

// byProtocol asks for the identifier that SAE J1979-2 and ISO 27145-4 give for this.
func (t *Tester) byProtocol(ctx context.Context) (obd.Dialect, error) {
	replies, _, err := t.ask(ctx, question{step: obd.StepSupported, data: uds.ReadDIDs(didProtocol)})
	for _, r := range replies {
		if len(r.Data) < 4 || err != nil {
			continue
		}
		switch r.Data[3] {
		case protocolWWHOBD:
			return obd.DialectWWHOBD, nil
		case protocolOBDUDS:
			return obd.DialectOBDUDS, nil
		case protocolZEVUDS:
			return t.byPIDs(ctx)
		}
	}
	return "", err
}

// byPIDs asks for the list of PIDs behind identifiers; service 19 42 tells ISO 27145 from SAE J1979-2.
func (t *Tester) byPIDs(ctx context.Context) (obd.Dialect, error) {
	replies, _, err := t.ask(ctx, question{step: obd.StepSupported, data: uds.ReadDIDs(didPIDSupported)})
	if err != nil || len(replies) == 0 {
		return "", err
	}
	q := question{step: obd.StepSupported, data: uds.WWHDTCs(uds.EmissionsSystems, uds.ConfirmedDTC, anySeverity)}
	replies, _, err = t.ask(ctx, q)
	if err != nil {
		return "", err
	}
	for _, r := range replies {
		if reply, perr := uds.Interpret(q.data, r.Data); perr == nil {
			if report, ok := reply.Data.(*uds.DTCReport); ok && *report.Format == uds.FormatWWHOBD {
				return obd.DialectWWHOBD, nil
			}
		}
	}
	return obd.DialectOBDUDS, nil
}

// byCodes looks for ECUs that know service 19 or the tester's presence: all at once, then the eight
// legislated addresses one by one, for cars whose gateway passes nothing functional on.
func (t *Tester) byCodes(ctx context.Context) (obd.Dialect, error) {
	request := uds.DTCsByStatus(uds.ConfirmedDTC)
	for _, q := range [][]byte{request, uds.Present(false)} {
		if replies, _, err := t.ask(ctx, question{step: obd.StepSupported, data: q}); err != nil || len(replies) > 0 {
			return udsOnlyIf(len(replies) > 0), err
		}
	}
	if t.protocol().IsCAN() && !t.Answered() {
		if err := t.knock(ctx); err != nil {
			return "", err
		}
	}
	// Whoever refused service 01 is there too, but may be an ECU of SAE J1979 without PIDs.
	for _, ecu := range t.ECUs() {
		replies, err := t.send(ctx, question{target: ecu, data: request})
		if len(replies) > 0 || ended(ctx, err) != nil {
			return udsOnlyIf(len(replies) > 0 && !isUnknownRefusal(replies[0])), ended(ctx, err)
		}
	}
	return "", nil
}

func udsOnlyIf(yes bool) obd.Dialect {
	if yes {
		return obd.DialectUDSOnly
	}
	return ""
}

// isUnknownRefusal tells an ECU that does not know the service.
func isUnknownRefusal(r link.Reply) bool {
	n, negative := r.Negative()
	return negative && n.Code == nrcServiceUnknown
}

const nrcServiceUnknown = 0x11

// knock asks each legislated address whether an ECU is there.
func (t *Tester) knock(ctx context.Context) error {
	for i := range uint32(legislatedECUs) {
		ecu := obd.CAN11(0x7E8 + i)
		if t.protocol().Is29Bit() {
			ecu = obd.CAN29(0x18DAF110 + i)
		}
		replies, err := t.send(ctx, question{target: ecu, data: uds.Present(false)})
		for _, r := range replies {
			t.heard(r.ECU)
		}
		if err := ended(ctx, err); err != nil {
			return err
		}
	}
	return nil
}

// legislatedECUs is how many ECUs ISO 15765-4 has addresses for.
const legislatedECUs = 8
