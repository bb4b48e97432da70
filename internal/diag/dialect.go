package diag

import (
	"context"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// dialect is one family of services other than those of SAE J1979. Its methods give what the methods of
// [Tester] with the same names give, so that a scan is the same whatever the car speaks. A tester without
// a dialect speaks SAE J1979.
//
// A dialect that lacks a part embeds [mute], which answers every part with "not supported".
type dialect interface {
	name() obd.Dialect
	supported(ctx context.Context, service obd.Service) (Support, []obd.Unread, error)
	vin(ctx context.Context) ([]obd.ECU, []obd.Unread, error)
	// vehicleInfo reads what the ECUs say of themselves; want tells which InfoTypes of service 09 are of interest.
	vehicleInfo(ctx context.Context, want func(infoType byte) bool) ([]obd.ECU, []obd.Unread, error)
	readiness(ctx context.Context) (obd.Readiness, []obd.Unread, error)
	codes(ctx context.Context, kind obd.CodeKind) ([]obd.DTC, []obd.Unread, error)
	freezeFrames(ctx context.Context) ([]obd.FreezeFrame, []obd.Unread, error)
	monitorTests(ctx context.Context) ([]obd.MonitorTest, []obd.Unread, error)
	// read reads PIDs of SAE J1979 where the dialect carries them; without any it reads all that it has.
	read(ctx context.Context, pids []byte) ([]obd.Reading, []obd.Unread, error)
	// engineSpeed is in 1/min; known is false where it cannot be read.
	engineSpeed(ctx context.Context) (speed float64, known bool, err error)
	// clear erases the codes; that the vehicle stands and a person agreed was checked before.
	clear(ctx context.Context) ([]Outcome, error)
	// lamps are those seen while reading; nil where the dialect has none.
	lamps() []obd.LampStatus
}

// translator is a dialect that carries the requests of services 01, 06 and 09 inside a service of its own:
// with it the readers and the poller of SAE J1979 work as they are.
type translator interface {
	// carry returns the request to send instead.
	carry(request []byte) []byte
	// uncarry returns the reply as SAE J1979 would have it.
	uncarry(request []byte, r link.Reply) link.Reply
}

// idWidth is how many bytes one id takes in a request of services 01, 06 and 09.
func (t *Tester) idWidth() int {
	if _, ok := t.dialect.(translator); ok {
		return 2
	}
	return 1
}

// most is how many ids one request can carry, 0 where the link sets no limit.
func (t *Tester) most() int { return max(0, t.Describe().MaxRequest-1) / t.idWidth() }

// streamer is a dialect whose live values come by themselves instead of request by request. Stream runs
// a [Poller] until ctx ends or the link is lost.
type streamer interface {
	stream(ctx context.Context, p *Poller) error
}

// finder is a dialect with signals of its own beside the catalogue's.
type finder interface {
	find(signal string) (want Want, ok bool)
}

// Dialect says what the car speaks. It is settled by the first [Tester.Supported] of service 01.
func (t *Tester) Dialect() obd.Dialect {
	if d := t.spoken(); d != nil {
		return d.name()
	}
	return obd.DialectJ1979
}

// Lamps returns the lamps of SAE J1939-73 seen so far.
func (t *Tester) Lamps() []obd.LampStatus {
	if d := t.spoken(); d != nil {
		return d.lamps()
	}
	return nil
}

// spoken returns the dialect in use, nil for SAE J1979. A link over SAE J1939 leaves no choice.
func (t *Tester) spoken() dialect {
	if t.dialect == nil && t.protocol() == obd.J1939 {
		if network, ok := t.link.(link.Network); ok {
			t.dialect = newJ1939(t, network)
		}
	}
	return t.dialect
}

// exchange sends a request as the dialect carries it.
func (t *Tester) exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	carrier, ok := t.dialect.(translator)
	if !ok {
		return t.link.Exchange(ctx, req)
	}
	plain := req.Data
	req.Data = carrier.carry(plain)
	replies, err := t.link.Exchange(ctx, req)
	for i := range replies {
		replies[i] = carrier.uncarry(plain, replies[i])
	}
	return replies, err
}
