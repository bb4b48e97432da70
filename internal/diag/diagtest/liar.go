package diagtest

import (
	"context"
	"time"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// Liar is a car that answers what a fuzzer says. Every answer starts with one control byte: whether it
// echoes the request, who answers, how long it is, and whether it is broken.
type Liar struct {
	Script   []byte
	Protocol obd.Protocol
	Latency  time.Duration
	Requests int // so far
	at       int
}

func (l *Liar) next() byte {
	if len(l.Script) == 0 {
		return 0
	}
	b := l.Script[l.at%len(l.Script)]
	l.at++
	return b
}

// Exchange makes up to three answers.
func (l *Liar) Exchange(ctx context.Context, req link.Request) ([]link.Reply, error) {
	l.Requests++
	if l.Latency > 0 {
		select {
		case <-time.After(l.Latency):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	var out []link.Reply
	for range l.next() % 4 {
		c := l.next()
		r := link.Reply{ECU: obd.CAN11(0x7E8 + uint32(c&3)), Frames: int(c & 7)}
		if l.Protocol.IsKLine() {
			r.ECU = obd.NodeAddress(c & 3)
		}
		if c&0x04 != 0 {
			r.Data = append([]byte{req.Data[0] + 0x40}, req.Data[1:]...)
		}
		for range l.next() % 48 {
			r.Data = append(r.Data, l.next())
		}
		switch c >> 5 {
		case 1:
			r.Err = link.ErrIncomplete
		case 2:
			r.Data = []byte{0x7F, req.Data[0], l.next()}
		case 3:
			r.ECU = 0
		}
		out = append(out, r)
	}
	if len(out) == 0 {
		return nil, link.ErrNoReply
	}
	return out, nil
}

// Describe names an adapter without a count digit.
func (l *Liar) Describe() link.Description {
	return link.Description{Adapter: obd.Adapter{Address: "fuzz:"}, Protocol: l.Protocol, MaxRequest: 7}
}

// Close does nothing.
func (l *Liar) Close() error { return nil }
