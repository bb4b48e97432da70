package isotp

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Link is the dialogue over a bus: a [link.Link] by our own transport protocol. One goroutine uses it.
type Link struct {
	bus      link.Bus
	o        Options
	protocol obd.Protocol
	padded   bool
	fd       bool

	plain    Reassembler // normal addressing
	extended Reassembler // extended and mixed addressing

	ecus      []obd.Address // that answered a request to all, in order
	answers   map[answerKey][]obd.Address
	elsewhere []can.ID // identifiers of replies outside the usual ranges
	heard     int      // frames received
	ahead     time.Duration
	denied    error
	ended     context.Context // done already: takes what is there without waiting
}

// answerKey is a request as far as it decides who answers: service and identifier.
type answerKey struct {
	header obd.Address
	data   [3]byte
	length int
}

// maxKeys bounds what is remembered of who answers what.
const maxKeys = 4096

func newLink(bus link.Bus, o Options) *Link {
	if o.Now == nil {
		o.Now = time.Now
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	return &Link{
		bus: bus, o: o, ended: ended, padded: o.Padding != PadNever, fd: o.FD,
		extended: Reassembler{Addressing: Extended},
		answers:  make(map[answerKey][]obd.Address),
	}
}

// Describe says what is at the other end.
func (l *Link) Describe() link.Description {
	a := l.o.Adapter
	if a.Address == "" {
		a.Address = l.bus.Name()
	}
	if a.Kind == "" {
		a.Kind = "can"
	}
	return link.Description{Adapter: a, Protocol: l.protocol, MaxRequest: MaxClassic}
}

// ECUs returns the addresses that answered a request to all, in the order of their first answer.
func (l *Link) ECUs() []obd.Address { return slices.Clone(l.ecus) }

// Close closes the bus.
func (l *Link) Close() error { return l.bus.Close() }

func (l *Link) bitrate() int {
	if l.o.Bitrate > 0 {
		return l.o.Bitrate
	}
	return 500_000
}

func (l *Link) notify(kind EventKind, text string) {
	if l.o.Notify != nil {
		l.o.Notify(Event{kind, text})
	}
}

// format says how frames to the ECU are built.
func (l *Link) format(to obd.Address) Format {
	f := Format{Padded: l.padded, Pad: l.o.Pad}
	if p, ok := l.o.TargetPadding[to]; ok {
		f.Padded = p
	}
	if l.fd {
		f.Size = 64
	}
	if b, ok := to.Extension(); ok {
		f.Addressing, f.Extension = Extended, b
	}
	return f
}

// send hands one frame to the bus.
func (l *Link) send(ctx context.Context, to obd.Address, data []byte) error {
	f := can.Frame{ID: canID(to), FD: l.fd, BRS: l.fd}
	f.Len = uint8(copy(f.Data[:], data))
	return l.bus.Send(ctx, f)
}

func canID(a obd.Address) can.ID {
	if a.IsCAN29() {
		return can.ID(a.ID()) | can.Extended
	}
	return can.ID(a.ID())
}

func addressOf(id can.ID) obd.Address {
	if id.IsExtended() {
		return obd.CAN29(id.Raw())
	}
	return obd.CAN11(id.Raw())
}

// now is the time by which waits are counted. Where a bus says that a wait is over before it is, as a
// recording that is played at once does, the clock goes ahead.
func (l *Link) now() time.Time { return time.Now().Add(l.ahead) }

// receive takes the next frame; ok is false when none came until the time.
func (l *Link) receive(ctx context.Context, until time.Time) (f can.Frame, ok bool, err error) {
	// Usually on a busy bus the frame is there, and a deadline would cost more than the frame.
	if f, err = l.bus.Receive(l.ended); err == nil && ctx.Err() == nil {
		l.heard++
		return f, true, nil
	}
	limited, cancel := context.WithDeadline(ctx, until.Add(-l.ahead))
	defer cancel()
	f, err = l.bus.Receive(limited)
	switch {
	case err == nil:
		l.heard++
		return f, true, nil
	case ctx.Err() != nil:
		return f, false, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		if early := until.Sub(l.now()); early > 0 {
			l.ahead += early
		}
		return f, false, nil
	}
	return f, false, err
}

// drain takes what came since the last exchange: late answers, which say who answers what, and traffic.
func (l *Link) drain(ctx context.Context) error {
	const most = 1 << 14 // a bus that floods cannot hold us
	for range most {
		_, err := l.bus.Receive(l.ended)
		switch {
		case err == nil:
			l.heard++
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.Canceled):
			return nil
		default:
			return err
		}
	}
	return nil
}

// watch makes sure that replies from an unusual identifier come through the filter.
func (l *Link) watch(from obd.Address) error {
	if from == obd.Functional || isReply(from) || slices.Contains(l.elsewhere, canID(from)) {
		return nil
	}
	if len(l.elsewhere) >= 256 {
		l.elsewhere = l.elsewhere[1:]
	}
	l.elsewhere = append(l.elsewhere, canID(from))
	return l.narrow()
}

// isReply tells the identifiers on which any ECU may answer: 11 bits from 700 up but for those of
// requests, and 29-bit normal fixed addressing to the tester.
func isReply(a obd.Address) bool {
	id := a.ID()
	if a.IsCAN11() {
		return id >= 0x700 && id != 0x7DF && id&^7 != 0x7E0
	}
	return a.IsCAN29() && id&0x03FFFF00 == 0x00DAF100
}

// check refuses requests that cannot be sent.
func (l *Link) check(req link.Request) error {
	switch {
	case len(req.Data) == 0:
		return errs.New(errs.Usage, "exchange: the request is empty")
	case len(req.Data) > MaxClassic:
		return errs.New(errs.Unsupported, "exchange: the request has %d bytes, %d can be sent", len(req.Data), MaxClassic)
	case req.Target.IsNode() || req.Header.IsNode():
		return errs.New(errs.Usage, "exchange: %s is no address on a CAN bus", req.Target)
	}
	return nil
}

var _ link.Link = (*Link)(nil)
