package j1939

import (
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/link"
)

const maxRetransmit = 2 // requests for packets that did not come

// incoming is a transfer being put together: a broadcast, one to this node, or one that is overheard.
type incoming struct {
	pgn      uint32
	priority uint8
	size     int
	data     []byte
	have     []uint64 // a bit for each packet
	count    int      // packets there
	ours     bool     // to this node: it steers
	most     int      // packets that the sender takes in one CTS
	first    int      // the window that was asked for: first and last packet, counted from 1
	last     int
	offset   int // ETP: packets before the current data packet offset
	retries  int
	due      time.Time
}

func (in *incoming) total() int       { return packets(in.size) }
func (in *incoming) has(n int) bool   { return in.have[(n-1)>>6]>>((n-1)&63)&1 == 1 }
func (in *incoming) mark(n int)       { in.have[(n-1)>>6] |= 1 << ((n - 1) & 63) }
func (in *incoming) isComplete() bool { return in.count == in.total() }

// missing returns the first packet from first to last that is not there, 0 for none.
func (in *incoming) missing(first, last int) int {
	for n := first; n <= last; n++ {
		if !in.has(n) {
			return n
		}
	}
	return 0
}

// transport takes a TP.CM or ETP.CM message.
func (m *Machine) transport(now time.Time, id ID, data []byte) {
	if len(data) < 8 {
		return
	}
	extended := id.PGN == PGNExtended
	key := route{id.Source, id.Destination, extended}
	back := route{id.Destination, id.Source, extended}
	switch c := data[0]; {
	case c == tpBAM && !extended, c == tpRTS && !extended, c == etpRTS && extended:
		m.open(now, id, data)
	case c == tpCTS && !extended:
		m.cleared(now, back, int(data[1]), int(data[2]), getPGN(data[5:]))
	case c == tpEnd && !extended:
		m.ended(back)
	case c == etpDPO && extended:
		if in := m.incoming[key]; in != nil && in.pgn == getPGN(data[5:]) {
			in.offset = int(getPGN(data[2:5]))
			in.due = now.Add(T1)
		}
	case c == tpAbort:
		m.aborted(now, key, back, data)
	}
}

// open begins a transfer. One that was open on the same route is over: its sender began anew.
func (m *Machine) open(now time.Time, id ID, data []byte) {
	key := route{id.Source, id.Destination, id.PGN == PGNExtended}
	in := &incoming{pgn: getPGN(data[5:]), priority: id.Priority, size: int(binary.LittleEndian.Uint16(data[1:])),
		most: anything, ours: id.Destination == m.claim.address && id.Destination != Global && m.claim.done, due: now.Add(T1)}
	limit := MaxTransport
	if key.extended {
		in.size, limit = int(binary.LittleEndian.Uint32(data[1:])), m.set.Limit
	}
	if old := m.incoming[key]; old != nil {
		m.cut(now, key, old, fmt.Errorf("%w: the sender began another transfer", link.ErrIncomplete))
	}
	announced := in.total()
	if !key.extended {
		announced = int(data[3])
	}
	if (data[0] == tpBAM) != (id.Destination == Global) || in.size <= 8 && key.extended || in.size == 0 {
		return
	}
	if in.size > limit || announced != in.total() {
		if in.ours {
			m.giveUp(key, in.pgn, abortTooLong)
		}
		return
	}
	in.data = make([]byte, in.size)
	in.have = make([]uint64, (in.total()+63)/64)
	if data[0] == tpRTS && data[4] > 0 {
		in.most = int(data[4])
	}
	m.remember(now, key, in)
	if in.ours {
		m.clear(now, key, in, 1)
	}
}

// remember keeps a transfer; where there are too many, the oldest goes.
func (m *Machine) remember(now time.Time, key route, in *incoming) {
	if len(m.order) >= maxTPSessions {
		oldest := m.order[0]
		m.cut(now, oldest, m.incoming[oldest], fmt.Errorf("%w: too many transfers at once", link.ErrIncomplete))
	}
	m.incoming[key] = in
	m.order = append(m.order, key)
}

func (m *Machine) forget(key route) {
	delete(m.incoming, key)
	if i := slices.Index(m.order, key); i >= 0 {
		m.order = slices.Delete(m.order, i, i+1)
	}
}

// clear asks for the packets from next on.
func (m *Machine) clear(now time.Time, key route, in *incoming, next int) {
	count := min(int(m.set.Packets), in.most, in.total()-next+1)
	in.first, in.last = next, next+count-1
	in.due = now.Add(T2)
	m.send(control(m.claim.address, key.from, 7, key.extended, in.pgn, cts(count, next, key.extended)))
}

// packet takes a TP.DT or ETP.DT message.
func (m *Machine) packet(now time.Time, id ID, data []byte) {
	key := route{id.Source, id.Destination, id.PGN == PGNExtendedData}
	in := m.incoming[key]
	if in == nil || len(data) < 2 || data[0] == 0 {
		return
	}
	n := int(data[0]) + in.offset
	if n > in.total() {
		return
	}
	if !in.has(n) {
		in.mark(n)
		in.count++
		copy(in.data[(n-1)*packetBytes:], data[1:])
	}
	in.due = now.Add(T1)
	switch {
	case in.isComplete():
		if in.ours {
			m.send(control(m.claim.address, key.from, 7, key.extended, in.pgn, endOfMessage(in.size, key.extended)))
		}
		m.finish(now, key, in, nil)
	case in.ours && n == in.last:
		m.window(now, key, in)
	}
}

// window goes on after the last packet that was asked for: what is missing once more, or what follows.
func (m *Machine) window(now time.Time, key route, in *incoming) {
	gap := in.missing(in.first, in.last)
	if gap == 0 {
		in.retries = 0
		m.clear(now, key, in, in.last+1)
		return
	}
	if in.retries++; in.retries > maxRetransmit {
		m.giveUp(key, in.pgn, abortRetries)
		m.cut(now, key, in, &Abort{PGN: in.pgn, Reason: abortRetries, Ours: true})
		return
	}
	m.clear(now, key, in, gap)
}

// overdue ends a transfer whose sender fell silent; one to this node gets its missing packets asked for first.
func (m *Machine) overdue(now time.Time, key route, in *incoming) {
	if in.ours && in.count > 0 && in.missing(in.first, in.last) > 0 && in.retries < maxRetransmit {
		m.window(now, key, in)
		return
	}
	if in.ours {
		m.giveUp(key, in.pgn, abortTimeout)
		m.cut(now, key, in, &Abort{PGN: in.pgn, Reason: abortTimeout, Ours: true})
		return
	}
	m.cut(now, key, in, fmt.Errorf("%w: %d of %d packets came", link.ErrIncomplete, in.count, in.total()))
}

func (m *Machine) giveUp(key route, pgn uint32, reason uint8) {
	m.send(control(m.claim.address, key.from, 7, key.extended, pgn, abort(reason)))
}

// cut hands out what is certain: the packets before the first gap.
func (m *Machine) cut(now time.Time, key route, in *incoming, why error) {
	whole := in.total()
	if gap := in.missing(1, whole); gap > 0 {
		whole = gap - 1
	}
	in.data = in.data[:min(whole*packetBytes, in.size)]
	m.finish(now, key, in, why)
}

func (m *Machine) finish(now time.Time, key route, in *incoming, why error) {
	m.forget(key)
	m.deliver(now, link.ParameterGroup{PGN: in.pgn, Source: key.from, Destination: key.to, Priority: in.priority, Data: in.data, Err: why})
}

// aborted ends the transfers that the other side gave up, whichever way they run.
func (m *Machine) aborted(now time.Time, key, back route, data []byte) {
	why := &Abort{PGN: getPGN(data[5:]), Reason: data[1]}
	for _, r := range []route{key, back} {
		if in := m.incoming[r]; in != nil && in.pgn == why.PGN {
			m.cut(now, r, in, why)
		}
	}
	if out := m.outgoing[back]; out != nil && out.group.PGN == why.PGN {
		m.sent(back, why)
	}
}
