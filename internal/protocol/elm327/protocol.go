package elm327

import (
	"context"
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// digit is the adapter's own number of a protocol (AT SP): one hexadecimal digit.
func digit(p obd.Protocol) string { return fmt.Sprintf("%X", uint8(p)) }

// setProtocol chooses the protocol that was asked for or found; AT TP where AT SP is refused.
func (l *Link) setProtocol(ctx context.Context) error {
	return l.chooseProtocol(ctx, l.protocol)
}

func (l *Link) chooseProtocol(ctx context.Context, p obd.Protocol) error {
	if p > obd.CANUser2 {
		p = obd.ProtocolUnknown
	}
	family := "ATSP"
	if p == obd.ProtocolUnknown {
		family = "ATSP0"
	}
	ok, err := l.try(ctx, family, "ATSP"+digit(p))
	if err != nil || ok {
		return err
	}
	if p == obd.ProtocolUnknown {
		return nil
	}
	_, err = l.try(ctx, "ATTP", "ATTP"+digit(p))
	return err
}

// learnProtocol asks which protocol is in use: AT DPN, or the words of AT DP.
func (l *Link) learnProtocol(ctx context.Context) (obd.Protocol, error) {
	number, err := l.ask(ctx, "ATDPN", "ATDPN")
	if err != nil {
		return 0, err
	}
	if p, _, ok := number.ProtocolNumber(); ok && p != obd.ProtocolUnknown {
		return p, nil
	}
	name, err := l.ask(ctx, "ATDP", "ATDP")
	if err != nil {
		return 0, err
	}
	p, _, _ := name.ProtocolName()
	return p, nil
}
