package decode

import (
	"encoding/hex"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/isotp"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

// busFrame is one frame of a candump log.
type busFrame struct {
	from obd.Address
	data []byte
	at   time.Time
}

var (
	compactFrame = regexp.MustCompile(`^\s*(?:\((\d+\.\d+)\)\s+\S+\s+)?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})#(?:#[0-9A-Fa-f])?([0-9A-Fa-f.]*)(?:\s+[RT])?\s*$`)
	longFrame    = regexp.MustCompile(`^\s*(?:\((\d+\.\d+)\)\s+)?\S+\s+(?:[RT]X\s+\S\s+\S\s+)?([0-9A-Fa-f]{3}|[0-9A-Fa-f]{8})\s+\[0?(\d+)\]\s+((?:[0-9A-Fa-f]{2}\s*)*)(?:'.*')?\s*$`)
)

// parseCandump reads a line of candump -l ("(0.1) can0 7E8#0341") or of candump ("can0  7E8   [8]  03 41").
func parseCandump(line string) (busFrame, bool) {
	var at, id, data string
	if m := compactFrame.FindStringSubmatch(line); m != nil {
		at, id, data = m[1], m[2], strings.ReplaceAll(m[3], ".", "")
	} else if m := longFrame.FindStringSubmatch(line); m != nil {
		at, id, data = m[1], m[2], strings.ReplaceAll(m[4], " ", "")
	} else {
		return busFrame{}, false
	}
	from, err := obd.ParseAddress(id)
	if err != nil {
		return busFrame{}, false
	}
	b, err := hex.DecodeString(data)
	if err != nil || len(b) > 64 {
		return busFrame{}, false
	}
	f := busFrame{from: from, data: b}
	if seconds, err := strconv.ParseFloat(at, 64); err == nil && seconds < 1<<33 {
		f.at = time.UnixMicro(int64(seconds * 1e6)).UTC()
	}
	return f, true
}

// bus follows the messages of a log: requests are remembered, replies are decoded with them.
type bus struct {
	decoder  *Decoder
	frames   isotp.Reassembler
	requests map[obd.Address]catalog.Request // the last one to each address; zero for functional ones
	opened   map[obd.Address]opening
	node     *j1939.Machine // puts the transfers of a truck together
	lines    map[uint8][]string
}

type opening struct {
	line  int
	input []string
}

// maxOpen bounds how many senders are followed at once; a log of a whole bus has more identifiers.
const maxOpen = 256

func (b *bus) frame(s *stream, line string, f busFrame) error {
	if b.requests == nil {
		b.requests, b.opened = map[obd.Address]catalog.Request{}, map[obd.Address]opening{}
	}
	if told, err := b.broadcast(s, line, f); told {
		return err
	}
	if told, err := b.truck(s, line, f); told {
		return err
	}
	o := b.opened[f.from]
	if len(o.input) == 0 {
		o.line = s.number
	}
	if len(o.input) < maxLines {
		o.input = append(o.input, strings.TrimSpace(line))
	}
	if !f.at.IsZero() {
		for _, late := range b.frames.Expire(f.at) {
			if err := b.overdue(s, late.From); err != nil {
				return err
			}
		}
	}
	result, err := b.frames.Push(f.from, f.data, f.at)
	if err != nil || !result.Done {
		if err == nil && len(b.opened) < maxOpen && isTransfer(f.data) {
			b.opened[f.from] = o
		}
		return nil
	}
	delete(b.opened, f.from)
	return b.message(s, o, result.Message, f)
}

// broadcast decodes a frame that a DBC file knows by its identifier: it is a message of its own, whatever
// its first byte would mean to ISO 15765-2.
func (b *bus) broadcast(s *stream, line string, f busFrame) (told bool, err error) {
	if len(b.decoder.Catalog.Match(obd.Functional, f.from, 0, 0)) == 0 {
		return false, nil
	}
	r := Result{ECUs: []obd.Address{f.from}}
	if err := b.decoder.value(&r, catalog.Request{}, f.from, 0, 0, f.data); err != nil {
		r.fail(Failure{Kind: "malformed", ECU: f.from, Message: err.Error()})
	}
	r.stamp(f.at)
	return true, s.send(s.number, strings.TrimSpace(line), r)
}

// stamp gives the readings the time of the log, where it has one.
func (r *Result) stamp(at time.Time) {
	for i := range r.Signals {
		if !at.IsZero() {
			r.Signals[i].At = at
		}
	}
}

// overdue reports a transfer whose next frame did not come in time. Of addresses outside diagnostics it
// says nothing: their first bytes only looked like a first frame.
func (b *bus) overdue(s *stream, from obd.Address) error {
	o, ok := b.opened[from]
	delete(b.opened, from)
	if !ok || !isDiagnostic(from) {
		return nil
	}
	return s.send(o.line, strings.Join(o.input, "\n"), Result{ECUs: []obd.Address{from}, Error: &Failure{
		Kind: "incomplete", ECU: from, Message: "no further frame within a second",
	}})
}

// isDiagnostic tells the identifiers of ISO 15765-4 and of normal fixed addressing (ISO 15765-2).
func isDiagnostic(a obd.Address) bool {
	if a.IsCAN29() {
		return a.ID()>>16 == 0x18DA || a.ID()>>16 == 0x18DB
	}
	return a.ID() >= 0x700
}

// isTransfer tells first and consecutive frames; flow control belongs to the other side's transfer.
func isTransfer(data []byte) bool { return len(data) > 0 && (data[0]>>4 == 1 || data[0]>>4 == 2) }

func (b *bus) message(s *stream, o opening, m isotp.Message, f busFrame) error {
	if len(m.Data) == 0 {
		return nil
	}
	if isRequest(m.Data[0]) {
		b.remember(f.from, m.Data)
		return nil
	}
	request := b.requestFor(f.from, m.Data)
	if len(s.given.Data) > 0 {
		request = s.given
	}
	var r Result
	p := obd.CAN11x500
	if f.from.IsCAN29() {
		p = obd.CAN29x500
	}
	b.decoder.Reply(&r, p, request, link.Reply{ECU: f.from, Data: m.Data, At: f.at, Err: m.Err})
	if !isDiagnostic(f.from) && len(request.Data) == 0 && r.Error != nil && r.facts() == 0 {
		return nil // a broadcast whose first bytes only look like those of a reply
	}
	r.stamp(f.at)
	r.Request = Hex(request.Data)
	return s.send(o.line, strings.Join(o.input, "\n"), r)
}

// isRequest tells request service identifiers from those of replies (bit 6, ISO 14229-1 clause 8).
func isRequest(service byte) bool { return service&0x40 == 0 }

func (b *bus) remember(to obd.Address, data []byte) {
	r := catalog.Request{Header: to, Data: slices.Clone(data)}
	if to == obd.CAN11(0x7DF) || to == obd.CAN29(0x18DB33F1) {
		b.requests[obd.Functional] = r
		return
	}
	if len(b.requests) < maxOpen {
		b.requests[to] = r
	}
}

// requestFor finds the request that a reply answers: the physical one if its service fits, else the functional one.
func (b *bus) requestFor(from obd.Address, data []byte) catalog.Request {
	for _, to := range []obd.Address{from.Request(), obd.Functional} {
		if r, ok := b.requests[to]; ok && answers(r.Data, data) {
			return r
		}
	}
	return catalog.Request{}
}

func answers(request, reply []byte) bool {
	if reply[0] == byte(obd.ServiceNegativeReply) {
		return len(reply) > 1 && reply[1] == request[0]
	}
	return reply[0] == request[0]|0x40
}

// finish reports the transfers that never came to their end.
func (b *bus) finish(s *stream) error {
	senders := make([]obd.Address, 0, len(b.opened))
	for from := range b.opened {
		senders = append(senders, from)
	}
	slices.Sort(senders)
	for _, from := range senders {
		o := b.opened[from]
		err := s.send(o.line, strings.Join(o.input, "\n"), Result{ECUs: []obd.Address{from}, Error: &Failure{
			Kind: "incomplete", ECU: from, Message: "the log ends within this message",
		}})
		if err != nil {
			return err
		}
	}
	return nil
}
