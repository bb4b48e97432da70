package simulator

import (
	"slices"
	"time"
)

// Parameter groups of the network (SAE J1939-21 and -81).
const (
	pgnRequest     = 0xEA00
	pgnAck         = 0xE800
	pgnClaim       = 0xEE00
	pgnConnection  = 0xEC00
	pgnTransfer    = 0xEB00
	everyone       = 0xFF
	usualPriority  = 6
	lowestPriority = 7
)

// truckNode is one node of a SAE J1939 network as one tester reaches it; what it remembers of codes is
// shared with other testers through the car.
type truckNode struct {
	*truckMemory
	turns    []turn
	calls    []*transfer // transfers to one node: the first of each destination is under way
	incoming map[uint8]*longGroup
	quiet    time.Duration // until when the line carries its broadcast message of several packets
}

// truckMemory is the state of a node; the car's lock guards it.
type truckMemory struct {
	spec    *nodeSpec
	codes   truckCodes
	open    []string
	base    clearing
	refused map[uint32]bool // groups that were refused once as busy
}

// turn is one periodic group.
type turn struct {
	pgn   uint32
	every time.Duration
	next  time.Duration
}

func newTruckMemory(spec *nodeSpec) *truckMemory {
	m := &truckMemory{spec: spec, codes: spec.Codes, refused: map[uint32]bool{}}
	if spec.OBD != nil {
		m.open = spec.OBD.Open
	}
	return m
}

func newTruckNode(m *truckMemory) *truckNode {
	n := &truckNode{truckMemory: m, incoming: map[uint8]*longGroup{}}
	for pgn, every := range m.spec.Broadcast {
		n.turns = append(n.turns, turn{pgn: pgn, every: every})
	}
	slices.SortFunc(n.turns, func(a, b turn) int { return int(a.pgn) - int(b.pgn) })
	for i := range n.turns {
		n.turns[i].next = usualPhase(m.spec.Address, i, n.turns[i].every)
	}
	return n
}

// name is the NAME as eight bytes, the lowest first.
func (spec *nodeSpec) name() []byte {
	x := spec.Number
	v := uint64(x.Identity&0x1FFFFF) | uint64(x.Manufacturer&0x7FF)<<21 | uint64(x.Instance&0x1F)<<35 | uint64(x.Function)<<40 |
		uint64(x.System&0x7F)<<49 | uint64(x.Industry&7)<<60
	if x.Arbitrary {
		v |= 1 << 63
	}
	b := make([]byte, 8)
	for i := range b {
		b[i] = byte(v >> (8 * i))
	}
	return b
}

// identifierOf is the 29-bit identifier of a group from this node.
func (n *truckNode) identifierOf(priority uint8, pgn uint32, to uint8) uint32 {
	id := uint32(priority)<<26 | pgn<<8 | uint32(n.spec.Address)
	if pgn>>8&0xFF < 0xF0 { // PDU1: the low byte is the destination
		id = id&^0xFF00 | uint32(to)<<8
	}
	return id
}

// take is one frame of the tester.
func (n *truckNode) take(w *wire, at time.Duration, id uint32, data []byte) {
	pgn, to, from := id>>8&0x3FFFF, uint8(everyone), uint8(id)
	if pgn>>8&0xFF < 0xF0 {
		to, pgn = uint8(pgn), pgn&^0xFF
	}
	if to != everyone && to != n.spec.Address {
		return
	}
	switch {
	case pgn == pgnRequest && len(data) >= 3:
		n.asked(w, at, uint32(data[0])|uint32(data[1])<<8|uint32(data[2])<<16, to, from)
	case pgn == pgnClaim && from == n.spec.Address: // somebody wants this address
		n.send(w, at+n.spec.Latency, n.identifierOf(usualPriority, pgnClaim, everyone), n.spec.name())
	case pgn == pgnConnection && len(data) == 8 && to != everyone:
		n.connection(w, at, from, data)
	case pgn == pgnTransfer && len(data) == 8 && to != everyone:
		n.packet(w, at, from, data)
	case pgn == pgnDM7:
		n.command(w, at, data, to, from)
	}
}

// asked answers a request for a group.
func (n *truckNode) asked(w *wire, at time.Duration, pgn uint32, to, from uint8) {
	at += w.delay(n.spec.Latency, n.spec.Spread)
	if pgn == pgnClaim {
		n.send(w, at, n.identifierOf(usualPriority, pgnClaim, everyone), n.spec.name())
		return
	}
	data, code := w.car.askNode(n, pgn, at)
	switch {
	case code >= 0 && (to != everyone || code != ackNo):
		n.acknowledge(w, at, byte(code), pgn, from)
	case code < 0:
		n.publish(w, at, pgn, data, to, from)
	}
}

// command is DM7, which is answered by DM30.
func (n *truckNode) command(w *wire, at time.Duration, data []byte, to, from uint8) {
	at += w.delay(n.spec.Latency, n.spec.Spread)
	if answer, ok := w.car.testNode(n, data); ok {
		n.publish(w, at, pgnDM30, answer, to, from)
	} else if to != everyone {
		n.acknowledge(w, at, ackNo, pgnDM7, from)
	}
}

// Acknowledgements of SAE J1939-21; answered is none of them.
const (
	answered = -1
	ackYes   = 0
	ackNo    = 1
	ackBusy  = 3
)

// askNode hands a request to a node: data, or an acknowledgement.
func (c *car) askNode(n *truckNode, pgn uint32, at time.Duration) (data []byte, code int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.motion.state(at)
	if slices.Contains(n.spec.Busy, pgn) && !n.refused[pgn] {
		n.refused[pgn] = true
		return nil, ackBusy
	}
	switch pgn {
	case pgnDM11, pgnDM3:
		if s.Running {
			return nil, ackNo
		}
		if pgn == pgnDM11 {
			n.clearActive(&s)
		}
		n.codes.Previous = nil
		return nil, ackYes
	}
	if data, ok := n.message(pgn, &s); ok {
		return data, answered
	}
	return nil, ackNo
}

// testNode hands DM7 to a node.
func (c *car) testNode(n *truckNode, data []byte) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return n.commandTest(data)
}

// acknowledge goes to everyone and names who had asked.
func (n *truckNode) acknowledge(w *wire, at time.Duration, code byte, pgn uint32, from uint8) {
	data := []byte{code, 0xFF, 0xFF, 0xFF, from, byte(pgn), byte(pgn >> 8), byte(pgn >> 16)}
	n.send(w, at, n.identifierOf(usualPriority, pgnAck, everyone), data)
}

// publish sends a group: in one frame, to all in packets, or to one in packets that it clears.
func (n *truckNode) publish(w *wire, at time.Duration, pgn uint32, data []byte, to, from uint8) {
	switch {
	case len(data) <= 8:
		n.send(w, at, n.identifierOf(n.priority(pgn), pgn, from), data)
	case to == everyone:
		n.broadcast(w, at, pgn, data)
	default:
		n.call(w, at, pgn, data, from)
	}
}

func (n *truckNode) priority(pgn uint32) uint8 {
	if g, ok := groups[pgn]; ok {
		return g.priority
	}
	return usualPriority
}

func (n *truckNode) send(w *wire, at time.Duration, id uint32, data []byte) {
	w.queue = append(w.queue, frame{at: at, id: id, data: data})
}

// due is the next periodic group, or the end of a wait for the other side.
func (n *truckNode) due() time.Duration {
	first := forever
	for i := range n.turns {
		first = min(first, n.turns[i].next)
	}
	for _, c := range n.calls {
		first = min(first, c.until)
	}
	return first
}

// act sends the group that is due, and gives up transfers that the other side let fall.
func (n *truckNode) act(w *wire) {
	now := n.due()
	n.abandon(w, now)
	for i := range n.turns {
		t := &n.turns[i]
		if t.next > now {
			continue
		}
		data, _ := w.car.askNode(n, t.pgn, t.next)
		if len(data) > 8 {
			n.broadcast(w, t.next, t.pgn, data)
		} else {
			w.queue = append(w.queue, frame{at: t.next, id: n.identifierOf(n.priority(t.pgn), t.pgn, everyone), data: data, idle: true})
		}
		t.next += t.every
	}
}

// skip leaves out what nobody hears.
func (n *truckNode) skip(until time.Duration) {
	for i := range n.turns {
		if t := &n.turns[i]; t.next < until {
			t.next += (until - t.next + t.every - 1) / t.every * t.every
		}
	}
}

var _ station = (*truckNode)(nil)
