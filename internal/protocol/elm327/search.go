package elm327

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// firstRequest asks for the supported PIDs (SAE J1979 service 01 PID 00): every OBD vehicle answers it.
var firstRequest = []byte{0x01, 0x00}

// testerPresent asks for nothing (ISO 14229-1 service 3E): vehicles without service 01, such as some
// electric ones, answer it.
var testerPresent = []byte{0x3E, 0x00}

// protocolIdentification reads identifier F810: vehicles of SAE J1979-2 and ISO 27145, which have no service
// 01, are found by it (ISO 15765-4:2021 clause 6.3).
var protocolIdentification = []byte{0x22, 0xF8, 0x10}

// searchPatience is for the first request: the adapter tries all protocols, two of them with an init of
// 5 baud, and says nothing for up to 15 s.
var searchPatience = patience{quiet: 15 * time.Second, total: 30 * time.Second}

// byHand is the order in which protocols are tried one by one, the usual and the quick ones first.
var byHand = [...]obd.Protocol{
	obd.CAN11x500, obd.CAN29x500, obd.CAN11x250, obd.CAN29x250,
	obd.KWPFast, obd.ISO9141, obd.KWPSlow, obd.J1850VPW, obd.J1850PWM,
}

// search finds the vehicle's protocol and the ECUs that answer on it.
func (l *Link) search(ctx context.Context) error {
	l.notify(EventSearching, "looking for the vehicle's protocol")
	if l.o.Protocol != obd.ProtocolUnknown {
		if found, err := l.searchOn(ctx, l.o.Protocol); found || err != nil {
			return err
		}
	}
	found, err := l.searchOn(ctx, obd.ProtocolUnknown)
	if found || err != nil {
		return err
	}
	if found, err := l.searchByHand(ctx); found || err != nil {
		return err
	}
	if l.o.Protocol != obd.J1939 {
		if found, err := l.searchTruck(ctx); found || err != nil {
			return err
		}
	}
	return l.noVehicle(ctx)
}

// searchByHand tries the protocols one by one, for adapters whose own search is broken: only CAN, which
// is quick, when the adapter has AT SP0.
func (l *Link) searchByHand(ctx context.Context) (bool, error) {
	order := byHand[:]
	if !l.caps.refuses("ATSP0") {
		order = order[:4]
	}
	for _, p := range order {
		if p == l.o.Protocol {
			continue
		}
		if found, err := l.searchOn(ctx, p); found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// searchOn chooses a protocol (unknown: the adapter searches) and asks who is there.
func (l *Link) searchOn(ctx context.Context, p obd.Protocol) (bool, error) {
	if p == obd.J1939 {
		return l.searchTruck(ctx)
	}
	if err := l.chooseProtocol(ctx, p); err != nil {
		return false, err
	}
	l.is, l.dirty = settings{}, false
	requests := [][]byte{firstRequest}
	if p != obd.ProtocolUnknown && p.IsCAN() {
		requests = append(requests, protocolIdentification, testerPresent)
	}
	for _, data := range requests {
		found, err := l.searchWith(ctx, p, data)
		if found || err != nil {
			return found, err
		}
	}
	return false, nil
}

// searchWith sends one request; a STOPPED, a restart or a disturbed line gets a second try.
func (l *Link) searchWith(ctx context.Context, p obd.Protocol, data []byte) (bool, error) {
	for range 2 {
		line := hexText(data)
		raw, err := l.talk(ctx, line, searchPatience)
		if errors.Is(err, errSilent) || errors.Is(err, errFlood) {
			continue
		}
		if err != nil {
			return false, err
		}
		answer := text.Clean(raw, line)
		l.tellBanners(answer)
		if isRestart(answer) {
			l.notify(EventReset, "the adapter restarted during the search; its supply may be too weak")
			if err := l.terse(ctx); err != nil {
				return false, err
			}
			if err := l.chooseProtocol(ctx, p); err != nil {
				return false, err
			}
			continue
		}
		found, err := l.learnFrom(ctx, p, answer, data)
		if found || err != nil {
			return found, err
		}
		if answer.Condition() == text.None && hasForeignText(answer) {
			l.unsettled = true // the answer to something else: they lag behind the commands
			continue
		}
		if !worthRepeating(answer.Condition()) {
			return false, nil
		}
	}
	return false, nil
}

// learnFrom takes the protocol, the shape of the lines and the ECUs from the first replies.
func (l *Link) learnFrom(ctx context.Context, asked obd.Protocol, answer text.Answer, data []byte) (bool, error) {
	if !anyReply(answer, asked, data) {
		return false, nil
	}
	p, err := l.learnProtocol(ctx)
	if err != nil {
		return false, err
	}
	if p == obd.ProtocolUnknown {
		p = asked
	}
	if p == obd.ProtocolUnknown {
		p = text.Guess(answer).Protocol
	}
	replies, headers := shape(answer, p, data)
	if len(replies) == 0 {
		return false, nil
	}
	l.protocol, l.headers = p, headers
	l.caps.Commands["ATH1"] = headers
	l.tangled = !headers && len(replies) > 1
	if !headers {
		l.notify(EventFallback, "the adapter shows no headers; several control units are asked one by one")
	}
	l.ecus = l.ecus[:0]
	for _, r := range replies {
		l.meet(r.ECU)
	}
	l.remember(link.Request{Data: data}, replies)
	l.touched = l.o.Now()
	return true, nil
}

// meet remembers an ECU.
func (l *Link) meet(ecu obd.Address) {
	if slices.Contains(l.ecus, ecu) {
		return
	}
	if ecu != 0 && len(l.ecus) < 64 {
		l.ecus = append(l.ecus, ecu)
	}
}

// shape reads the replies with headers, which were asked for, or without, when that makes sense of them.
func shape(answer text.Answer, p obd.Protocol, data []byte) (replies []link.Reply, headers bool) {
	for _, headers := range [...]bool{true, false} {
		replies := text.Replies(answer, text.Format{Protocol: p, Headers: headers}, data)
		if slices.ContainsFunc(replies, func(r link.Reply) bool { return len(r.Data) > 0 }) {
			return replies, headers
		}
	}
	return nil, true
}

// anyReply tells that some reply is there, whatever the protocol is.
func anyReply(answer text.Answer, asked obd.Protocol, data []byte) bool {
	if asked == obd.ProtocolUnknown {
		asked = text.Guess(answer).Protocol
	}
	for _, p := range [...]obd.Protocol{asked, obd.CAN11x500, obd.CAN29x500, obd.ISO9141, obd.KWPFast, obd.J1850VPW} {
		if replies, _ := shape(answer, p, data); len(replies) > 0 {
			return true
		}
	}
	return false
}

// tellBanners passes on what the adapter says meanwhile.
func (l *Link) tellBanners(answer text.Answer) {
	for _, b := range answer.Banners {
		if len(b) >= 3 && (b[:3] == "BUS" || b[:3] == "bus") {
			l.notify(EventBusInit, "the vehicle's line was initialised")
		}
	}
}

// noVehicle says that nobody answered, with the supply voltage where the adapter can tell.
func (l *Link) noVehicle(ctx context.Context) error {
	err := errs.New(errs.NoVehicle, "find vehicle: %w", link.ErrNoReply)
	volts, voltErr := l.SupplyVoltage(ctx)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case voltErr != nil:
		return err.WithHint("switch the ignition on and check that the adapter sits firmly in its socket")
	case volts < 6:
		return err.WithHint("the adapter measures %.1f V: it does not sit firmly in the vehicle's socket, or the socket's fuse has blown", volts)
	}
	return err.WithHint("switch the ignition on (the socket has %.1f V); an electric or a very old vehicle may not speak OBD", volts)
}
