package elm327

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// Exchange implements [link.Link].
//
// A request whose effect is not known to be harmless when repeated (anything but reading) is never sent
// twice, except when an ECU asks for it (NRC 21) or the adapter did not take the form of the line.
func (l *Link) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	if len(req.Data) == 0 {
		return nil, errs.New(errs.Usage, "exchange: the request is empty")
	}
	if longest := l.maxRequest(); len(req.Data) > longest {
		return nil, errs.New(errs.Unsupported, "exchange: the request has %d bytes, the adapter sends %d at most", len(req.Data), longest)
	}
	if l.protocol == obd.ProtocolUnknown { // attached, not dialled
		if err := l.search(ctx); err != nil {
			return nil, err
		}
	}
	replies, err := l.attempt(ctx, req)
	if err != nil && len(replies) == 0 {
		return nil, l.explain(ctx, err)
	}
	replies, more := l.finish(ctx, req, replies)
	if err == nil {
		err = more
	}
	l.remember(req, replies)
	if len(replies) == 0 && err == nil {
		err = link.ErrNoReply
	}
	return replies, l.explain(ctx, err)
}

// attempt asks until the line gave an answer that stands, and returns it with what was received.
func (l *Link) attempt(ctx context.Context, req link.Request) ([]link.Reply, error) {
	if l.separately(req) {
		if ecus, err := l.apart(ctx, req); len(ecus) > 0 || err != nil {
			return l.oneByOne(ctx, req, nil, err)
		}
		l.tangled = false // no ECU can be addressed
	}
	var have []link.Reply
	var err error
	for try := range 4 {
		var got []link.Reply
		var outcome remedy
		got, outcome, err = l.once(ctx, req)
		have = merge(have, got, l.protocol.IsCAN())
		switch outcome {
		case done:
			return have, err
		case narrow:
			return l.oneByOne(ctx, req, have, err)
		case again:
			if try > 0 {
				return have, err
			}
		case anew:
		}
		if outcome == again && !repeatable(req.Service()) {
			return have, err
		}
		req.Frames = 0 // it may have been too small
	}
	return have, err
}

// once sends the request once.
func (l *Link) once(ctx context.Context, req link.Request) ([]link.Reply, remedy, error) {
	want, err := l.addressing(req)
	if err != nil {
		return nil, done, err
	}
	l.timing(&want, req)
	line, want := l.fast(req, want)
	if err := l.apply(ctx, want); err != nil {
		if want.header != "" && errs.KindOf(err) == errs.Unsupported && req.Service() <= obd.ServicePermanent && isRegular(req.Target, req.Target.Request()) {
			return l.overFunctional(ctx, req)
		}
		return nil, done, err
	}
	return l.send(ctx, req, line, want)
}

// overFunctional asks all ECUs and keeps the wanted one's reply, where the adapter cannot address one.
func (l *Link) overFunctional(ctx context.Context, req link.Request) ([]link.Reply, remedy, error) {
	all := req
	all.Target, all.Header = obd.Functional, obd.Functional
	replies, outcome, err := l.once(ctx, all)
	replies = from(replies, req.Target)
	if err == nil && len(replies) == 0 {
		err = link.ErrNoReply
	}
	return replies, outcome, err
}

// send sends the line and reads the replies to it.
func (l *Link) send(ctx context.Context, req link.Request, line string, set settings) ([]link.Reply, remedy, error) {
	l.announce()
	raw, err := l.hear(ctx, line, l.patience(set))
	l.touched = l.o.Now()
	if err != nil && ctx.Err() == nil && strings.HasPrefix(line, "STPX") {
		l.caps.Commands["STPX"] = false // whatever it did to the adapter, AT SH does not
	}
	switch {
	case errors.Is(err, errSilent), errors.Is(err, errFlood):
		return nil, again, &link.Fault{Err: err}
	case err != nil:
		return nil, done, err
	}
	answer := text.Clean(raw, line)
	l.tellBanners(answer)
	own := from(text.Replies(answer, l.format(), req.Data), req.Target)
	if set.header != "" && len(own) == 1 && isNameless(own[0]) {
		own[0].ECU = req.Target // without headers, but nobody else was asked
	}
	l.observe(req, own)
	if isRestart(answer) {
		l.restarted = true
		l.notify(EventReset, "the adapter restarted; setting it up again")
		return own, again, &link.Fault{Text: string(text.LVReset)}
	}
	return l.judge(req, line, answer, own)
}

// announce says that an idle K-line will be initialised before the answer comes (P3max 5 s, ISO 14230-2).
func (l *Link) announce() {
	if l.protocol.IsKLine() && l.o.Now().Sub(l.touched) > 4*time.Second && !l.caps.honours("ATSW") {
		l.notify(EventBusInit, "the vehicle's line may have to be initialised again")
	}
}

// hear talks to the vehicle. Where an ECU asked for more time the adapter may stay silent for P2*
// (ISO 14229-2) before the prompt, when it waits for the ECU by itself.
func (l *Link) hear(ctx context.Context, line string, p patience) ([]byte, error) {
	raw, err := l.talk(ctx, line, p)
	for range maxPending {
		if !errors.Is(err, errSilent) || !endsPending(raw) {
			break
		}
		var more []byte
		more, err = l.w.receive(ctx, patience{quiet: patienceP2, total: p.total})
		if raw = append(raw, more...); err == nil {
			l.unsettled = false
		}
		if len(more) == 0 {
			break
		}
	}
	return raw, err
}

// endsPending tells that the last bytes received are those of a response-pending.
func endsPending(raw []byte) bool {
	s := plain(string(raw))
	s = strings.TrimRight(s, "\r\n")
	if i := strings.LastIndexAny(s, "\r\n"); i >= 0 {
		s = s[i+1:]
	}
	i := strings.LastIndex(s, "7F")
	return i >= 0 && strings.HasPrefix(s[min(i+4, len(s)):], "78")
}

// maxRequest is the longest request: one CAN frame, or what J1979 and KWP lines take.
func (l *Link) maxRequest() int {
	if l.caps.honours("STCSEGT") && l.protocol.IsCAN() {
		return longRequest
	}
	return 7
}

// countDigit is the digit behind a request that ends the adapter's wait after so many lines. On the
// older lines too small a digit disturbs the bus, so it is used on CAN only.
func (l *Link) countDigit(req link.Request) string {
	if req.Frames <= 0 || req.Frames > 15 || !l.caps.CountDigit || !l.protocol.IsCAN() {
		return ""
	}
	return hexDigit(req.Frames)
}

func hexDigit(n int) string { return "0123456789ABCDEF"[n&15 : n&15+1] }

// repeatable tells services that only read: asking twice changes nothing.
func repeatable(s obd.Service) bool {
	switch s {
	case 0x01, 0x02, 0x03, 0x05, 0x06, 0x07, 0x09, 0x0A, 0x19, 0x1A, 0x21, 0x22, 0x3E:
		return true
	}
	return false
}
