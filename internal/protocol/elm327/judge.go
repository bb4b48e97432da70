package elm327

import (
	"context"
	"errors"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// remedy says what to do after an answer.
type remedy int

const (
	done   remedy = iota // the answer stands
	again                // repeat once, if the service may be repeated
	anew                 // the adapter did not take the line's form: repeat in another one, whatever it is
	narrow               // too much came at once: ask one ECU after the other
)

// judge decides from the adapter's complaint, and from what came, whether the answer stands.
func (l *Link) judge(req link.Request, line string, answer text.Answer, own []link.Reply) ([]link.Reply, remedy, error) {
	condition := answer.Condition()
	switch condition {
	case text.None:
		return l.judgeReplies(req, answer, own)
	case text.NoData:
		return l.judgeSilence(req, own)
	case text.Rejected:
		return own, l.rejected(req, line), condition.Err()
	case text.BufferFull, text.OutOfMemory, text.UARTOverflow:
		return own, narrow, condition.Err()
	case text.Stopped, text.LPAlert, text.ActAlert:
		l.unsettled = true
		if condition == text.ActAlert && len(own) > 0 {
			return own, done, nil
		}
		return own, again, condition.Err()
	case text.UnableToConnect, text.BusInitError, text.NotConnected:
		return own, again, noLine(condition)
	case text.DataError, text.RxError, text.CANError, text.BusError, text.BusBusy, text.FBError, text.FCRxTimeout,
		text.BusInit, text.GeneralError:
		return own, again, condition.Err()
	}
	l.restarted = l.restarted || condition.Internal() // ERRxx: nothing of its state is to be believed
	return own, again, condition.Err()
}

// judgeReplies looks at an answer without a complaint.
func (l *Link) judgeReplies(req link.Request, answer text.Answer, own []link.Reply) ([]link.Reply, remedy, error) {
	if len(own) == 0 {
		if other := l.otherShape(req, answer); len(other) > 0 {
			return other, l.headersTurned(), nil
		}
	}
	switch {
	case len(own) == 0 && len(text.All(answer, l.format())) > 0:
		// Only replies to something else, or of another ECU: the answers may lag behind the commands.
		l.unsettled = true
		return nil, again, link.ErrNoReply
	case len(own) == 0 && len(answer.Lines) > 0 && hasForeignText(answer):
		return nil, again, &link.Fault{Text: "", Err: errors.New("the answer cannot be understood")}
	case len(own) == 0:
		return nil, done, link.ErrNoReply
	case l.missed(req, own):
		l.widen()
		return own, again, nil
	}
	return own, done, nil
}

// otherShape returns the replies that make sense with headers where none were seen so far, or without.
func (l *Link) otherShape(req link.Request, answer text.Answer) []link.Reply {
	format := l.format()
	format.Headers = !format.Headers
	replies := from(text.Replies(answer, format, req.Data), req.Target)
	if !slices.ContainsFunc(replies, func(r link.Reply) bool { return len(r.Data) > 0 }) {
		return nil
	}
	l.observe(req, replies)
	return replies
}

// headersTurned goes on from headers that came or went. When they went the adapter lost its settings
// without a word: they are set anew once, and when that does not bring the headers back, they are not
// expected any more.
func (l *Link) headersTurned() remedy {
	if !l.headers {
		l.headers = true
		return done
	}
	if l.headersLost {
		l.headers = false
		l.notify(EventFallback, "the adapter shows no headers any more; replies of several ECUs cannot be told apart")
	}
	l.headersLost, l.dirty = true, true
	return again
}

// hasForeignText tells lines that are not hexadecimal: noise on the line, an AT answer that lags.
func hasForeignText(answer text.Answer) bool {
	for _, line := range answer.Lines {
		for _, c := range plain(line.Text) {
			if (c < '0' || c > '9') && (c < 'A' || c > 'F') && c != ':' {
				return true
			}
		}
	}
	return false
}

// judgeSilence is for NO DATA: nobody answered, unless an ECU did before and we waited less this time.
func (l *Link) judgeSilence(req link.Request, own []link.Reply) ([]link.Reply, remedy, error) {
	if len(own) == 0 && l.missed(req, nil) {
		l.widen()
		return nil, again, link.ErrNoReply
	}
	if len(own) > 0 {
		return own, done, nil
	}
	return nil, done, link.ErrNoReply
}

// rejected drops what the adapter did not understand, the count digit or STPX, and has the request sent
// without it.
func (l *Link) rejected(req link.Request, line string) remedy {
	switch {
	case len(line) > 4 && line[:4] == "STPX":
		l.caps.Commands["STPX"] = false
		l.notify(EventFallback, "the adapter refused STPX; addressing with AT SH")
		return anew
	case l.countDigit(req) != "":
		l.caps.CountDigit = false
		l.notify(EventFallback, "the adapter refused a count digit; asking without")
		return anew
	}
	return again
}

// noLine is an adapter's word for a vehicle that does not speak any more.
func noLine(c text.Condition) error {
	return &link.Fault{Text: string(c), Err: errs.New(errs.NoVehicle, "no vehicle answers").
		WithHint("switch the ignition on and try again")}
}

// explain gives faults the kind and the hint that a face shows; replies and cancellation pass as they are.
func (l *Link) explain(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, link.ErrNoReply) {
		return err
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	f, ok := errors.AsType[*link.Fault](err)
	if !ok || errs.KindOf(f.Err) != errs.Internal && f.Err != nil {
		return err
	}
	e := errs.New(errs.Adapter, "exchange: %w", f)
	if hint := faultHint(text.Condition(f.Text), f.Lost); hint != "" {
		return e.WithHint("%s", hint)
	}
	return e
}

// faultHint says what to do about a fault that stayed after our own remedies.
func faultHint(c text.Condition, lost bool) string {
	switch {
	case lost:
		return "check the adapter's plug, its power and the wireless connection"
	case c == text.BufferFull:
		return "the line to the adapter is too slow for so many replies; raise the baud rate or ask one control unit"
	case c == text.CANError, c == text.BusError, c == text.BusBusy, c == text.FBError:
		return "the vehicle's line is disturbed; check the socket, and that no other tester is connected"
	case c == text.LVReset:
		return "the adapter's supply breaks down; check the vehicle's battery and the socket"
	case c == text.Rejected:
		return "the adapter does not understand the request; clones often cut long ones"
	case c.Internal():
		return "the adapter reports an internal error; unplug it for a moment"
	}
	return ""
}
