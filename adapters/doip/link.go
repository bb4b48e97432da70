package doip

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/iso13400"
)

// Options say how a dialogue is started.
type Options struct {
	Terms Terms
	// Version is that of our messages, 0 for the 2012 edition, which every entity takes.
	Version iso13400.Version
	// Targets are the logical addresses of the control units that a functional request goes to, one by
	// one; none lets Dial find a functional address.
	Targets []iso13400.Address
	// Functional is the address of the group of all control units; 0 lets Dial find it.
	Functional iso13400.Address
	// Now stamps replies; nil for time.Now.
	Now func() time.Time
	// Notify is told what happens, from the goroutine that uses the link; may be nil.
	Notify func(text string)
}

// maxRequest is the longest request in bytes: what every gateway passes on by ISO 15765-2.
const maxRequest = 4095

// Link exchanges diagnostic messages with the control units behind a DoIP entity; it implements
// [link.Link]. Addresses are [obd.Logical].
//
// Between exchanges it listens by itself, so that alive checks are answered within their 500 ms.
type Link struct {
	w      *wire
	o      Options
	entity iso13400.Address
	group  []iso13400.Address       // where functional requests go
	known  map[string][]obd.Address // who answers a functional request

	members []obd.Address   // who ever answered one
	met     map[family]bool // families of services that all units were asked in once, with time for everyone
	answers int             // how many were answered
	slowest time.Duration   // the longest time until a first answer

	idle idle

	closing sync.Once
	closed  error
}

// Dial activates routing over the port and finds out who answers functional requests. The port belongs to
// the link from then on, unless Dial fails.
//
// Errors: a [*Refusal] inside one of kind [errs.Denied] or [errs.NoAdapter]; [errs.NoVehicle] when nobody
// answers; a [*link.Fault]; ctx's.
func Dial(ctx context.Context, port link.Port, o Options) (*Link, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Notify == nil {
		o.Notify = func(string) {}
	}
	if o.Version == 0 {
		o.Version = iso13400.Version2012
	}
	l := &Link{w: &wire{port: port, version: o.Version}, o: o, known: map[string][]obd.Address{}, met: map[family]bool{}}
	l.idle.wire = l.w
	stop := l.w.awake(ctx)
	defer stop()
	var err error
	if l.entity, err = l.w.activate(ctx, o.Terms, o.Notify); err != nil {
		return nil, err
	}
	if err := l.findGroup(ctx); err != nil {
		return nil, err
	}
	l.idle.begin()
	return l, nil
}

// hellos are what every control unit answers: TesterPresent of ISO 14229-1, and service 01
// PID 00 of SAE J1979.
var hellos = [][]byte{{0x3E, 0x00}, {0x01, 0x00}}

// findGroup asks at the addresses where control units may listen, and keeps the first that brings an answer.
func (l *Link) findGroup(ctx context.Context) error {
	groups := [][]iso13400.Address{{iso13400.FunctionalWWHOBD}, {iso13400.FunctionalGroup}, {l.entity}}
	switch {
	case len(l.o.Targets) > 0:
		groups = [][]iso13400.Address{l.o.Targets}
	case l.o.Functional != 0:
		groups = [][]iso13400.Address{{l.o.Functional}}
	}
	for _, l.group = range groups {
		for _, hello := range hellos {
			replies, err := l.ask(ctx, link.Request{Data: hello})
			if len(replies) > 0 {
				return nil
			}
			if ctx.Err() != nil || link.IsLost(err) {
				return err
			}
			if f, ok := errors.AsType[*link.Fault](err); ok && f.Text == word(iso13400.UnknownTarget) {
				break // nobody has this address, whatever is asked
			}
		}
	}
	return errs.New(errs.NoVehicle, "%s takes messages, but no control unit answers", l.w.port.Name()).
		WithHint("switch the ignition on; target=HHHH names the logical address of a control unit")
}

// Describe says what is at the other end.
func (l *Link) Describe() link.Description {
	return link.Description{
		Adapter:    obd.Adapter{Address: l.w.port.Name(), Claimed: "DoIP entity " + l.entity.String(), Kind: "doip"},
		Protocol:   obd.DoIP,
		MaxRequest: maxRequest,
	}
}

// Entity returns the logical address of the entity that routes our messages.
func (l *Link) Entity() iso13400.Address { return l.entity }

// Close ends the connection.
func (l *Link) Close() error {
	l.closing.Do(func() {
		l.closed = l.w.port.Close()
		l.idle.end()
	})
	return l.closed
}
