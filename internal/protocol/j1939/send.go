package j1939

import (
	"fmt"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/link"
)

// outgoing is a message of more than eight bytes on its way.
type outgoing struct {
	group link.ParameterGroup
	next  int // packet to send next, counted from 1
	last  int // packet that the receiver cleared
	tries int // of one window again
	due   time.Time
	done  func(error)
}

// Send sends a parameter group from the claimed address: in one frame up to eight bytes, otherwise as a
// broadcast (BAM) to all or by RTS and CTS to one node. done is called once with the outcome; it may be nil.
func (m *Machine) Send(now time.Time, g link.ParameterGroup, done func(error)) error {
	if done == nil {
		done = func(error) {}
	}
	g.Source = m.claim.address
	id := ID{Priority: g.Priority, PGN: g.PGN, Source: g.Source, Destination: g.Destination}
	switch {
	case !IsPGN(g.PGN):
		return fmt.Errorf("send: %d is no parameter group number", g.PGN)
	case len(g.Data) > MaxTransport:
		return fmt.Errorf("send PGN %d: %d bytes are more than %d", g.PGN, len(g.Data), MaxTransport)
	case len(g.Data) <= 8:
		f := can.Frame{ID: id.CAN(), Len: uint8(len(g.Data))}
		copy(f.Data[:], g.Data)
		m.send(f)
		done(nil)
		return nil
	}
	key := route{from: g.Source, to: g.Destination}
	if m.outgoing[key] != nil {
		return fmt.Errorf("send PGN %d: a transfer to address %d is under way", g.PGN, g.Destination)
	}
	out := &outgoing{group: g, next: 1, done: done}
	m.outgoing[key] = out
	if g.Destination == Global {
		out.last = packets(len(g.Data))
		out.due = now.Add(BAMGap)
		m.send(control(g.Source, Global, g.Priority, false, g.PGN, bam(len(g.Data))))
		return nil
	}
	out.due = now.Add(T3)
	m.send(control(g.Source, g.Destination, g.Priority, false, g.PGN, rts(len(g.Data), m.set.Packets)))
	return nil
}

// data sends the next packet.
func (m *Machine) data(out *outgoing) {
	f := can.Frame{ID: ID{Priority: 7, PGN: PGNTransportData, Source: out.group.Source, Destination: out.group.Destination}.CAN(), Len: 8}
	f.Data[0] = byte(out.next)
	n := copy(f.Data[1:8], out.group.Data[(out.next-1)*packetBytes:])
	for i := n + 1; i < 8; i++ {
		f.Data[i] = 0xFF
	}
	m.send(f)
	out.next++
}

// cleared takes a CTS: packets from next on may be sent; a count of 0 is a hold.
func (m *Machine) cleared(now time.Time, key route, count, next int, pgn uint32) {
	out := m.outgoing[key]
	if out == nil || out.group.PGN != pgn || key.to == Global {
		return
	}
	total := packets(len(out.group.Data))
	switch {
	case count == 0:
		out.due = now.Add(T4)
		return
	case next < 1 || next > total:
		m.stop(key, out, abortSequence)
		return
	case next < out.next:
		if out.tries++; out.tries > maxRetransmit {
			m.stop(key, out, abortRetries)
			return
		}
	default:
		out.tries = 0
	}
	out.next, out.last = next, min(next+count-1, total)
	for out.next <= out.last {
		m.data(out)
	}
	out.due = now.Add(T3)
}

// resume goes on at a deadline: the next packet of a broadcast, or the end of the patience.
func (m *Machine) resume(now time.Time, key route, out *outgoing) {
	if key.to != Global {
		m.stop(key, out, abortTimeout)
		return
	}
	m.data(out)
	if out.next > out.last {
		m.sent(key, nil)
		return
	}
	out.due = now.Add(BAMGap)
}

// stop gives a transfer up and says so.
func (m *Machine) stop(key route, out *outgoing, reason uint8) {
	m.send(control(key.from, key.to, 7, false, out.group.PGN, abort(reason)))
	m.sent(key, &Abort{PGN: out.group.PGN, Reason: reason, Ours: true})
}

// ended takes the end of message acknowledgement.
func (m *Machine) ended(key route) {
	if m.outgoing[key] != nil {
		m.sent(key, nil)
	}
}

func (m *Machine) sent(key route, outcome error) {
	out := m.outgoing[key]
	delete(m.outgoing, key)
	out.done(outcome)
}
