package elm327

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/elm327/text"
)

// Link is the dialogue with one adapter. It implements [link.Link], [link.Voltmeter] and
// [link.Console] and is used by one goroutine at a time.
type Link struct {
	w    wire
	o    Options
	caps Capabilities

	protocol obd.Protocol
	headers  bool // replies carry headers
	ecus     []obd.Address
	baud     int  // in use, 0 when the port has no speed
	raised   bool // above the adapter's own speed, which it gets back by a reset

	is        settings // what the adapter is set to
	unsettled bool     // an answer may still be under way
	dirty     bool     // the adapter's settings are not known
	restarted bool     // a banner came unasked
	// headersLost tells that headers stayed away once though they were set.
	headersLost bool
	discovered  bool // addresses were looked for one by one
	tangled     bool // several ECUs answer and no headers tell them apart

	nearest  time.Duration               // shortest round trip to the adapter itself
	slowest  time.Duration               // longest time to the last reply seen on CAN
	answered map[string]int              // ECUs that answered a request before
	slow     map[obd.Service]slowService // services to which an ECU once answered NRC 78
	paced    bool                        // ECUs are asked to pause between frames
	crowded  map[obd.Service]bool        // services whose replies overran the adapter's buffer
	touched  time.Time                   // when the vehicle line was last used
	truck    *truck                      // set where the vehicle speaks SAE J1939
}

func newLink(port link.Port, o Options) *Link {
	if o.Now == nil {
		o.Now = time.Now
	}
	l := &Link{
		w:        wire{port: port, now: o.Now},
		o:        o,
		answered: map[string]int{},
		slow:     map[obd.Service]slowService{},
		crowded:  map[obd.Service]bool{},
		dirty:    true,
		nearest:  slowestSeen,
	}
	l.caps.Commands = map[string]bool{}
	if s, ok := port.(link.SpeedSetter); ok {
		l.baud = s.Speed()
	}
	return l
}

// Capabilities returns what was probed so far.
func (l *Link) Capabilities() Capabilities { return l.caps.clone() }

// ECUs returns the addresses that answered the first request, in order of their first answer.
func (l *Link) ECUs() []obd.Address { return append([]obd.Address(nil), l.ecus...) }

// Describe says what is at the other end.
func (l *Link) Describe() link.Description {
	return link.Description{
		Adapter:    obd.Adapter{Address: l.w.port.Name(), Claimed: l.caps.Claimed, Kind: l.caps.Kind},
		Protocol:   l.protocol,
		Baud:       l.baud,
		MaxRequest: l.maxRequest(),
		CountDigit: l.caps.CountDigit && l.protocol.IsCAN(),
	}
}

// Close closes the port. An adapter whose speed was raised is reset first, or the next program would
// find it at a speed that it does not expect.
func (l *Link) Close() error {
	if l.raised && l.w.lost == nil {
		ctx, cancel := context.WithTimeout(context.Background(), farewell)
		defer cancel()
		_ = l.w.write(ctx, "ATZ\r") // best effort: closing must not depend on it
	}
	return l.w.port.Close()
}

// farewell bounds the last write to a port that may take no more bytes.
const farewell = 40 * time.Millisecond

func (l *Link) notify(kind EventKind, text string) {
	if l.o.Notify != nil {
		l.o.Notify(Event{Kind: kind, Text: text})
	}
}

// format says how reply lines are written.
func (l *Link) format() text.Format {
	return text.Format{Protocol: l.protocol, Headers: l.headers, Extended: l.is.extension != ""}
}
