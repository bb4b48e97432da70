package elm327

import (
	"context"
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// settings is what the adapter is set to beyond its lasting terse form. The zero value is what holds
// after a reset.
type settings struct {
	header    string // AT SH digits, eight for 29 bit (the first two go to AT CP); "" is the functional default
	filter    string // AT CRA digits; "" lets the adapter choose
	flow      string // AT FC SH digits for the flow control that we direct; "" lets the adapter do it
	pause     byte   // STmin of that flow control in milliseconds
	extension string // AT CEA digits; "" is none
	adaptive  byte   // AT AT0, 1 or 2; 0 is the default (1)
	wait      byte   // AT ST in steps of 4 ms; 0 is the default (32 hex, about 200 ms)
	fivefold  bool   // AT CTM5: the steps on CAN are 20 ms
	patient   bool   // AT JTM5: the steps on SAE J1939 are 20 ms
}

// apply sends the differences between what is set and what is wanted.
func (l *Link) apply(ctx context.Context, want settings) error {
	if l.dirty || l.restarted {
		if err := l.restore(ctx); err != nil {
			return err
		}
	}
	for _, set := range [...]func(context.Context, settings) error{
		l.setTiming, l.setHeader, l.setExtension, l.setFilter, l.setFlow,
	} {
		if err := set(ctx, want); err != nil {
			// Interrupted: the adapter may have taken a command whose answer was not waited for.
			// A 29-bit header takes two; the first may stand where the second was refused.
			l.dirty = l.dirty || errs.KindOf(err) != errs.Unsupported || len(want.header) == 8
			return err
		}
	}
	return nil
}

func (l *Link) setTiming(ctx context.Context, want settings) error {
	if want.adaptive != l.is.adaptive {
		command := "ATAT1"
		if want.adaptive != 0 {
			command = fmt.Sprintf("ATAT%c", want.adaptive)
		}
		if _, err := l.try(ctx, command, command); err != nil {
			return err
		}
		l.is.adaptive = want.adaptive
	}
	if want.wait != l.is.wait {
		wait := want.wait
		if wait == 0 {
			wait = usualWait
		}
		if _, err := l.try(ctx, "ATST", fmt.Sprintf("ATST%02X", wait)); err != nil {
			return err
		}
		l.is.wait = want.wait
	}
	if want.fivefold != l.is.fivefold {
		command := "ATCTM1"
		if want.fivefold {
			command = "ATCTM5"
		}
		if _, err := l.try(ctx, "ATCTM", command); err != nil {
			return err
		}
		l.is.fivefold = want.fivefold
	}
	return l.setPatience(ctx, want)
}

// setPatience stretches the waits of SAE J1939.
func (l *Link) setPatience(ctx context.Context, want settings) error {
	if want.patient == l.is.patient {
		return nil
	}
	command := "ATJTM1"
	if want.patient {
		command = "ATJTM5"
	}
	if _, err := l.try(ctx, "ATJTM", command); err != nil {
		return err
	}
	l.is.patient = want.patient
	return nil
}

// setHeader chooses the request's address. With 29 bits AT SH takes three bytes, AT CP the first one.
func (l *Link) setHeader(ctx context.Context, want settings) error {
	if want.header == l.is.header {
		return nil
	}
	header := want.header
	if header == "" {
		header = l.functionalHeader()
	}
	if len(header) == 8 {
		if _, err := l.try(ctx, "ATCP", "ATCP"+header[:2]); err != nil {
			return err
		}
		header = header[2:]
	}
	ok, err := l.try(ctx, "ATSH", "ATSH"+header)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Unsupported, "set header %s: the adapter refused it", header).
			WithHint("this adapter can only speak to all control units at once")
	}
	l.is.header = want.header
	return nil
}

// functionalHeader is what reaches all ECUs on the line in use (ISO 15765-4, ISO 14230-4, ISO 9141-2,
// SAE J2178).
func (l *Link) functionalHeader() string {
	switch p := l.protocol; {
	case p.Is29Bit():
		return "18DB33F1"
	case p.IsCAN():
		return "7DF"
	case p == obd.J1850PWM:
		return "616AF1"
	case p == obd.KWPFast, p == obd.KWPSlow:
		return "C233F1"
	}
	return "686AF1"
}

func (l *Link) setExtension(ctx context.Context, want settings) error {
	if want.extension == l.is.extension {
		return nil
	}
	ok, err := l.try(ctx, "ATCEA", "ATCEA"+want.extension)
	if err != nil {
		return err
	}
	if !ok {
		return errs.New(errs.Unsupported, "set address extension: the adapter refused AT CEA").
			WithHint("control units with an extended address need an ELM327 v1.4 or an STN adapter")
	}
	l.is.extension = want.extension
	return nil
}

// setFilter narrows what is received to one address: AT CRA, or AT CF with AT CM on old versions. Where
// neither is taken the replies are sorted here.
func (l *Link) setFilter(ctx context.Context, want settings) error {
	if want.filter == l.is.filter {
		return nil
	}
	l.is.filter = want.filter
	if want.filter == "" {
		return l.clearFilter(ctx)
	}
	ok, err := l.try(ctx, "ATCRA", "ATCRA"+want.filter)
	if ok || err != nil {
		return err
	}
	filter, mask := maskOf(want.filter)
	if _, err := l.try(ctx, "ATCF", "ATCF"+filter); err != nil {
		return err
	}
	_, err = l.try(ctx, "ATCM", "ATCM"+mask)
	return err
}

// maskOf returns a filter, in which X stands for any digit, as AT CF and AT CM have it.
func maskOf(wild string) (filter, mask string) {
	digits := []byte("7FF")
	if len(wild) == 8 {
		digits = []byte("1FFFFFFF")
	}
	for i := range min(len(wild), len(digits)) {
		if wild[i] == 'X' {
			digits[i] = '0'
		}
	}
	return strings.ReplaceAll(wild, "X", "0"), string(digits)
}

// clearFilter lets the adapter choose again; before v1.4b that was AT AR, and choosing the protocol anew
// does it everywhere.
func (l *Link) clearFilter(ctx context.Context) error {
	for _, command := range [...]string{"ATCRA", "ATAR"} {
		family := command + " off"
		if ok, err := l.try(ctx, family, command); ok || err != nil {
			return err
		}
	}
	return l.setProtocol(ctx)
}

// setFlow directs our flow control frames, to an ECU whose address the adapter cannot derive or one that
// is to send slower: continue to send, block size 0, separation time (ISO 15765-2 clause 9.6.5).
func (l *Link) setFlow(ctx context.Context, want settings) error {
	if want.flow == l.is.flow && want.pause == l.is.pause {
		return nil
	}
	l.is.flow, l.is.pause = want.flow, want.pause
	if want.flow == "" {
		_, err := l.try(ctx, "ATFCSM", "ATFCSM0")
		return err
	}
	for _, c := range [...]struct{ family, command string }{
		{"ATFCSH", "ATFCSH" + want.flow}, {"ATFCSD", fmt.Sprintf("ATFCSD3000%02X", want.pause)}, {"ATFCSM", "ATFCSM1"},
	} {
		if ok, err := l.try(ctx, c.family, c.command); !ok || err != nil {
			return err // an ECU's long answers then stay incomplete, which the reply says
		}
	}
	return nil
}

// addressing returns the settings that reach a request's target.
func (l *Link) addressing(req link.Request) (settings, error) {
	var s settings
	if req.Target == obd.Functional && req.Header == obd.Functional {
		return s, nil
	}
	to := req.Header
	if to == obd.Functional {
		to = req.Target.Request()
	}
	switch {
	case to.IsNode() == l.protocol.IsCAN():
		return s, errs.New(errs.Usage, "address %s does not exist on %s", to, l.protocol.Name())
	case to.IsNode():
		s.header = l.nodeHeader(to, req.Service())
		return s, nil
	}
	s.header = plainAddress(to)
	if l.isFunctional(to) {
		s.header = ""
	}
	if ext, ok := to.Extension(); ok {
		s.extension = fmt.Sprintf("%02X", ext)
	}
	if req.Target != obd.Functional && !isRegular(req.Target, to) {
		s.filter, s.flow = plainAddress(req.Target), s.header
	}
	if l.paced && s.header != "" {
		s.flow, s.pause = s.header, crowdedPause
	}
	return s, nil
}

func (l *Link) isFunctional(a obd.Address) bool { return plainAddress(a) == l.functionalHeader() }

// plainAddress is an address in the adapter's digits.
func plainAddress(a obd.Address) string {
	if a.IsCAN29() {
		return fmt.Sprintf("%08X", a.ID())
	}
	return fmt.Sprintf("%03X", a.ID())
}

// nodeHeader is the three-byte header to one ECU on the older lines. The services of SAE J1979 are
// functional on ISO 9141-2 and J1850: there the replies are sorted instead.
func (l *Link) nodeHeader(to obd.Address, service obd.Service) string {
	switch p := l.protocol; {
	case p == obd.KWPFast, p == obd.KWPSlow:
		return fmt.Sprintf("82%02XF1", to.ID())
	case service <= obd.ServicePermanent, p == obd.ISO9141:
		return ""
	case p == obd.J1850PWM:
		return fmt.Sprintf("C4%02XF1", to.ID())
	}
	return fmt.Sprintf("6C%02XF1", to.ID())
}

// isRegular tells an ECU that answers to "to" at target by the rule of ISO 15765-4: the adapter's own
// filters and flow control reach it.
func isRegular(target, to obd.Address) bool {
	if _, extended := target.Extension(); extended || target.Request() != to {
		return false
	}
	if target.IsCAN11() {
		return target.ID()&^7 == 0x7E8
	}
	return target.ID()&0xFFFFFF00 == 0x18DAF100
}
