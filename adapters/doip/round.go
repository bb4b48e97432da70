package doip

import (
	"fmt"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// The times of a request (ISO 13400-2 and ISO 14229-2), each with room for the gateway and its buses.
const (
	acknowledgeLimit = 2 * time.Second        // A_DoIP_Diagnostic_Message: until the entity has taken it
	replyLimit       = 500 * time.Millisecond // P2 of 50 ms
	slowLimit        = 5 * time.Second
	pendingLimit     = 5500 * time.Millisecond // P2* of 5 s
	groupLimit       = 300 * time.Millisecond  // for a functional request, after the last answer too
	groupTotal       = 3 * time.Second         // for all first answers together, whoever answers
	leastGroupLimit  = 120 * time.Millisecond  // where all answers so far came in a quarter of it

	maxPending = 20  // how often a control unit may ask for more time
	maxBusy    = 5   // how often a request is repeated on NRC 21
	maxReplies = 256 // how many control units a functional request is believed to have
	busyWait   = 100 * time.Millisecond
)

// round is one request under way.
type round struct {
	req   link.Request
	asked []*asked // the addresses that it was sent to
	group *asked   // the functional one of them, nil when every control unit is asked alone
	heard []*asked // control units that answered a functional request
	known []obd.Address
	order []link.Reply
	apart bool // a functional request that goes to each target alone
	sent  time.Time
	quiet time.Duration // after which a functional request is over
	took  time.Duration // until the slowest first answer to a functional request
}

// asked is one address that an answer is expected from.
type asked struct {
	at      iso13400.Address
	until   time.Time
	repeat  bool // at until the request is sent again
	over    bool
	acked   bool
	pending int
	busy    int
	last    *link.Reply // NRC 78 or 21, which stands when nothing follows
	fault   error
}

func newRound(req link.Request, targets []iso13400.Address, known []obd.Address, quiet time.Duration) *round {
	r := &round{req: req, sent: time.Now(), quiet: quiet}
	until := r.sent.Add(acknowledgeLimit)
	for _, t := range targets {
		r.asked = append(r.asked, &asked{at: t, until: until})
	}
	if len(targets) == 1 && targets[0].IsFunctional() {
		r.group, r.known = r.asked[0], known
	}
	r.apart = r.group == nil && req.Target == obd.Functional && req.Header == obd.Functional
	return r
}

// all are the addresses that something is expected from.
func (r *round) all() []*asked { return append(slices.Clone(r.asked), r.heard...) }

func (r *round) limit() time.Duration {
	switch {
	case r.req.Slow:
		return slowLimit
	case r.group != nil:
		return r.quiet
	}
	return replyLimit
}

// deadline is when the next address's time is over.
func (r *round) deadline() time.Time {
	var first time.Time
	for _, a := range r.all() {
		if !a.over && (first.IsZero() || a.until.Before(first)) {
			first = a.until
		}
	}
	return first
}

// isOver tells that nothing more is expected.
func (r *round) isOver() bool {
	if r.group != nil && !r.group.over && len(r.known) > 0 && r.knownAnswered() {
		r.group.over = true
	}
	return !slices.ContainsFunc(r.all(), func(a *asked) bool { return !a.over })
}

// knownAnswered tells that all who are known to answer have done so.
func (r *round) knownAnswered() bool {
	for _, k := range r.known {
		if !slices.ContainsFunc(r.order, func(reply link.Reply) bool { return reply.ECU == k }) {
			return false
		}
	}
	return true
}

// hear takes a message; what has nothing to do with the request is dropped.
func (r *round) hear(p iso13400.Payload, us iso13400.Address, now func() time.Time) error {
	switch p := p.(type) {
	case iso13400.HeaderNack:
		return &link.Fault{Text: word(p.Code), Err: errs.New(errs.Adapter, "the DoIP entity does not take the message: %s", p.Code)}
	case iso13400.DiagnosticAck:
		if a := r.find(p.Source); a != nil && p.Target == us && !a.over && !a.acked {
			a.acked, a.until = true, time.Now().Add(r.limit())
			r.suppressed(a)
		}
	case iso13400.DiagnosticNack:
		if a := r.find(p.Source); a != nil && p.Target == us && !a.over {
			a.refused(p.Code)
		}
	case iso13400.Diagnostic:
		if a := r.from(p, us); a != nil {
			r.take(a, link.Reply{ECU: obd.Logical(uint16(p.Source)), Data: p.Data, Frames: 1, At: now()})
		}
	}
	return nil
}

func (r *round) find(at iso13400.Address) *asked {
	i := slices.IndexFunc(r.asked, func(a *asked) bool { return a.at == at })
	if i < 0 {
		return nil
	}
	return r.asked[i]
}

// from returns the control unit that answers, nil for a message that is no answer to the request.
func (r *round) from(p iso13400.Diagnostic, us iso13400.Address) *asked {
	if p.Target != us || !answers(r.req.Data, p.Data) {
		return nil
	}
	if r.group == nil {
		if a := r.find(p.Source); a != nil && !a.over {
			return a
		}
		return nil
	}
	if i := slices.IndexFunc(r.heard, func(a *asked) bool { return a.at == p.Source }); i >= 0 {
		if r.heard[i].over {
			return nil // it answered already
		}
		return r.heard[i]
	}
	if r.group.over || len(r.heard) >= maxReplies {
		return nil
	}
	a := &asked{at: p.Source, acked: true}
	r.heard = append(r.heard, a)
	r.took = time.Since(r.sent)
	r.group.acked = true
	r.group.until = time.Now().Add(r.limit())
	if end := r.sent.Add(max(groupTotal, 2*r.limit())); r.group.until.After(end) {
		r.group.until = end
	}
	return a
}

// take is a control unit's answer, or its wish for more time.
func (r *round) take(a *asked, reply link.Reply) {
	n, negative := reply.Negative()
	switch {
	case negative && n.Code == link.NRCResponsePending && a.pending < maxPending:
		a.pending++
		a.repeat, a.last, a.until = false, &reply, time.Now().Add(pendingLimit)
		return
	case negative && n.Code == link.NRCBusyRepeat && a.busy < maxBusy:
		a.repeat, a.last, a.until = true, &reply, time.Now().Add(busyWait<<a.busy)
		a.busy++
		return
	case negative && n.Code == link.NRCResponsePending:
		reply.Err = link.ErrPending
	}
	a.over = true
	if negative && r.apart && isSuppressed(n.Code) {
		a.last = nil
		return
	}
	r.order = append(r.order, reply)
}

// isSuppressed tells the refusals that a control unit keeps to itself when all were asked (ISO 14229-1:2020,
// 8.7.1). They would come from everyone whose matter the request is not.
func isSuppressed(code byte) bool {
	switch code {
	case 0x11, 0x12, 0x31, 0x7E, 0x7F:
		return true
	}
	return false
}

// suppressed ends the wait for a reply that the request does not want (suppressPosRspMsgIndicationBit of
// TesterPresent, ISO 14229-1): a refusal would come at once.
func (r *round) suppressed(a *asked) {
	if len(r.req.Data) == 2 && r.req.Data[0] == 0x3E && r.req.Data[1]&0x80 != 0 {
		a.until = time.Now().Add(busyWait)
	}
}

// timeOut ends the wait; a control unit that asked for more time and then said nothing has its last word.
func (a *asked) timeOut() {
	a.over = true
	if !a.acked && a.last == nil {
		a.fault = &link.Fault{Text: "NO ACKNOWLEDGEMENT", Err: errs.New(errs.Adapter, "the DoIP entity does not acknowledge a message to %s", a.at)}
	}
}

// refused is a negative acknowledgement: the entity could not pass the message on.
func (a *asked) refused(code iso13400.DiagnosticCode) {
	if code == iso13400.OutOfMemory && a.busy < maxBusy {
		a.repeat, a.until = true, time.Now().Add(busyWait<<a.busy)
		a.busy++
		return
	}
	a.over = true
	a.fault = &link.Fault{Text: word(code), Err: fmt.Errorf("the DoIP entity does not pass the message on to %s: %s", a.at, code)}
}

// replies are the answers in order of arrival, with those that stay open at the end.
func (r *round) replies() []link.Reply {
	out := r.order
	for _, a := range r.all() {
		if a.last == nil || slices.ContainsFunc(out, func(reply link.Reply) bool { return reply.ECU == a.last.ECU }) {
			continue
		}
		open := *a.last
		if n, _ := open.Negative(); n.Code == link.NRCResponsePending {
			open.Err = link.ErrPending
		}
		out = append(out, open)
	}
	return out
}

// failure is the error of a request that nobody answered.
func (r *round) failure() error {
	if len(r.order) > 0 {
		return nil
	}
	for _, a := range r.all() {
		if a.last != nil {
			return nil
		}
	}
	for _, a := range r.asked {
		if a.fault != nil {
			return a.fault
		}
	}
	return link.ErrNoReply
}
