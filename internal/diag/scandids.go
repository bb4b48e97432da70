package diag

import (
	"context"
	"errors"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// FoundDID is an identifier that an ECU has.
type FoundDID struct {
	ECU  obd.Address
	DID  uint16
	Data uds.Hex
	NRC  *uint8 // why it does not tell the data, such as "security access denied"
}

// DIDScan says what [Tester.ScanDIDs] looks at. It only reads.
type DIDScan struct {
	ECU, Header obd.Address
	From, To    uint16
	// Rate is the most requests per second, 0 for 10: gateways take more for an attack.
	Rate float64
	// MinVolts ends the scan when the supply falls below it; 0 for no watch.
	MinVolts float64
	Found    func(FoundDID) error
	// Progress, if set, is told the identifier that comes next, after each request.
	Progress func(next int) error
}

const (
	gentleRate = 10.0 // requests per second
	// watchEvery is how many requests lie between two looks at the supply voltage.
	watchEvery = 50
	// deafDIDs is how many requests in a row may stay without any answer.
	deafDIDs = 8
)

// ScanDIDs asks one ECU for every identifier of a range, one by one, and tells those that it has. It ends
// early with ctx, an errs.NoVehicle error when the ECU falls silent, and an errs.Denied one when the
// supply voltage is too low or the ECU does not know the service.
func (t *Tester) ScanDIDs(ctx context.Context, s DIDScan) error {
	if s.Rate <= 0 {
		s.Rate = gentleRate
	}
	pause := time.Duration(float64(time.Second) / s.Rate)
	deaf := 0
	for did := int(s.From); did <= int(s.To); did++ {
		if (did-int(s.From))%watchEvery == 0 {
			if err := t.watchVoltage(ctx, s.MinVolts); err != nil {
				return err
			}
		}
		begin := t.now()
		found, err := t.probeDID(ctx, s, uint16(did))
		switch {
		case ended(ctx, err) != nil, errs.KindOf(err) == errs.Denied:
			return err
		case err != nil:
			if deaf++; deaf >= deafDIDs {
				return errs.New(errs.NoVehicle, "control unit %s does not answer any more: %w", s.ECU, err).
					WithHint("ignition on? the scan can go on where it stopped")
			}
		default:
			deaf = 0
		}
		if found != nil {
			if err := s.Found(*found); err != nil {
				return err
			}
		}
		if s.Progress != nil {
			if err := s.Progress(did + 1); err != nil {
				return err
			}
		}
		if err := rest(ctx, pause-t.now().Sub(begin)); err != nil {
			return err
		}
	}
	return nil
}

// probeDID asks for one identifier; nil where the ECU does not have it.
func (t *Tester) probeDID(ctx context.Context, s DIDScan, did uint16) (*FoundDID, error) {
	request := uds.ReadDIDs(did)
	replies, err := t.link.Exchange(ctx, link.Request{Target: s.ECU, Header: s.Header, Data: request})
	if len(replies) == 0 {
		return nil, err
	}
	r := replies[0]
	if r.Err != nil {
		return nil, r.Err
	}
	found := &FoundDID{ECU: r.ECU, DID: did}
	reply, rerr := uds.Interpret(request, r.Data)
	if n, ok := errors.AsType[link.NegativeReply](rerr); ok {
		switch n.Code {
		case nrcServiceUnknown:
			return nil, errs.New(errs.Denied, "control unit %s does not know service 22", r.ECU)
		case link.NRCOutOfRange, 0x12:
			return nil, nil
		}
		code := n.Code
		found.NRC = &code
		return found, nil
	}
	data, ok := reply.Data.(*uds.Identifiers)
	if rerr != nil || !ok || len(data.Items) == 0 {
		return nil, nil // an answer to something else
	}
	found.Data = data.Items[0].Data
	return found, nil
}

// watchVoltage refuses to go on with a battery that runs low: a control unit that loses its supply may
// lose more. What cannot be measured is no reason to stop.
func (t *Tester) watchVoltage(ctx context.Context, least float64) error {
	if least <= 0 {
		return ctx.Err()
	}
	v, _, err := t.Voltage(ctx)
	switch {
	case err != nil:
		return err
	case v != nil && v.Volts < least:
		return errs.New(errs.Denied, "the supply voltage is %.1f V, below %.1f V", v.Volts, least).
			WithHint("connect a charger, or give a lower limit with --min-volts")
	}
	return nil
}
