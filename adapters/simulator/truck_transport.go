package simulator

import "time"

// Control bytes of the transport protocol (SAE J1939-21 clause 5.10).
const (
	tpRequest   = 16 // request to send
	tpClear     = 17 // clear to send
	tpDone      = 19 // end of message
	tpBroadcast = 32
	tpAbort     = 255
)

// Times of the transport protocol: between the packets of a broadcast message, between those of a transfer,
// and how long one side waits for the other (T3, T4).
const (
	broadcastGap = 50 * time.Millisecond
	transferGap  = 600 * time.Microsecond
	answerTime   = 1250 * time.Millisecond
	holdTime     = 1050 * time.Millisecond
	maxCalls     = 32
)

// transfer is a long message to one node.
type transfer struct {
	pgn   uint32
	data  []byte
	to    uint8
	begun bool
	until time.Duration // when it is given up
}

// longGroup is a long message of the tester on its way in.
type longGroup struct {
	pgn     uint32
	size    int
	packets byte
	next    byte
	data    []byte
	until   time.Duration
}

func packetsOf(data []byte) int { return (len(data) + 6) / 7 }

// control is a connection management message.
func control(kind byte, size, packets int, last byte, pgn uint32) []byte {
	return []byte{kind, byte(size), byte(size >> 8), byte(packets), last, byte(pgn), byte(pgn >> 8), byte(pgn >> 16)}
}

// packetData is packet i, counted from 1, filled with FF.
func packetData(data []byte, i int) []byte {
	part := data[(i-1)*7 : min(i*7, len(data))]
	return eight(append([]byte{byte(i)}, part...))
}

// broadcast sends a long message to all; one node has one of them at a time.
func (n *truckNode) broadcast(w *wire, at time.Duration, pgn uint32, data []byte) {
	if n.quiet > at+5*time.Second || len(data) > 255*7 { // asked for faster than it can be sent
		return
	}
	at = max(at, n.quiet)
	count := packetsOf(data)
	n.send(w, at, n.identifierOf(lowestPriority, pgnConnection, everyone), control(tpBroadcast, len(data), count, 0xFF, pgn))
	for i := 1; i <= count; i++ {
		at += broadcastGap
		n.send(w, at, n.identifierOf(lowestPriority, pgnTransfer, everyone), packetData(data, i))
	}
	n.quiet = at + broadcastGap
}

// call begins a transfer to one node, after those that it is still to get.
func (n *truckNode) call(w *wire, at time.Duration, pgn uint32, data []byte, to uint8) {
	if len(n.calls) >= maxCalls {
		n.acknowledge(w, at, ackBusy, pgn, to)
		return
	}
	n.calls = append(n.calls, &transfer{pgn: pgn, data: data, to: to, until: forever})
	n.begin(w, at, to)
}

// current is the transfer to a node that is under way or next.
func (n *truckNode) current(to uint8) *transfer {
	for _, c := range n.calls {
		if c.to == to {
			return c
		}
	}
	return nil
}

// begin sends the request to send of the next transfer to a node, unless one is under way.
func (n *truckNode) begin(w *wire, at time.Duration, to uint8) {
	c := n.current(to)
	if c == nil || c.begun {
		return
	}
	c.begun, c.until = true, at+answerTime
	n.send(w, at, n.identifierOf(lowestPriority, pgnConnection, to), control(tpRequest, len(c.data), packetsOf(c.data), 0xFF, c.pgn))
}

// end forgets a transfer and begins the next one.
func (n *truckNode) end(w *wire, at time.Duration, c *transfer) {
	for i, other := range n.calls {
		if other == c {
			n.calls = append(n.calls[:i], n.calls[i+1:]...)
			break
		}
	}
	n.begin(w, at+n.spec.Latency, c.to)
}

// abandon gives up transfers whose other side was silent for too long.
func (n *truckNode) abandon(w *wire, now time.Duration) {
	for _, c := range append([]*transfer{}, n.calls...) {
		if c.until <= now {
			abort := []byte{tpAbort, 3, 0xFF, 0xFF, 0xFF, byte(c.pgn), byte(c.pgn >> 8), byte(c.pgn >> 16)}
			n.send(w, now, n.identifierOf(lowestPriority, pgnConnection, c.to), abort)
			n.end(w, now, c)
		}
	}
}

// connection is a connection management message of the tester.
func (n *truckNode) connection(w *wire, at time.Duration, from uint8, data []byte) {
	pgn := uint32(data[5]) | uint32(data[6])<<8 | uint32(data[7])<<16
	if data[0] == tpRequest {
		n.offered(w, at, from, data, pgn)
		return
	}
	c := n.current(from)
	if data[0] == tpAbort {
		delete(n.incoming, from)
	}
	if c == nil || !c.begun || c.pgn != pgn {
		return
	}
	switch data[0] {
	case tpClear:
		n.cleared(w, at, c, int(data[1]), int(data[2]))
	case tpDone, tpAbort:
		n.end(w, at, c)
	}
}

// cleared sends the packets that the other side asked for; none of them means wait.
func (n *truckNode) cleared(w *wire, at time.Duration, c *transfer, count, first int) {
	if count == 0 {
		c.until = at + holdTime
		return
	}
	last := min(first+count-1, packetsOf(c.data))
	if first < 1 || first > last {
		return
	}
	at += time.Millisecond
	for i := first; i <= last; i++ {
		n.send(w, at, n.identifierOf(lowestPriority, pgnTransfer, c.to), packetData(c.data, i))
		at += transferGap
	}
	c.until = at + answerTime
}

// offered takes a long message of the tester, up to 1785 bytes.
func (n *truckNode) offered(w *wire, at time.Duration, from uint8, data []byte, pgn uint32) {
	size, packets := int(data[1])|int(data[2])<<8, data[3]
	if size <= 8 || size > 255*7 || int(packets) != (size+6)/7 {
		return
	}
	n.incoming[from] = &longGroup{pgn: pgn, size: size, packets: packets, next: 1, until: at + answerTime}
	n.clearToSend(w, at, from)
}

func (n *truckNode) clearToSend(w *wire, at time.Duration, from uint8) {
	in := n.incoming[from]
	count := in.packets - in.next + 1
	if n.spec.Packets > 0 {
		count = min(count, byte(n.spec.Packets))
	}
	data := []byte{tpClear, count, in.next, 0xFF, 0xFF, byte(in.pgn), byte(in.pgn >> 8), byte(in.pgn >> 16)}
	n.send(w, at+n.spec.Latency, n.identifierOf(lowestPriority, pgnConnection, from), data)
}

// packet takes one packet of the tester; after the last one the whole is acknowledged.
func (n *truckNode) packet(w *wire, at time.Duration, from uint8, data []byte) {
	in := n.incoming[from]
	if in == nil {
		return
	}
	if data[0] != in.next || at > in.until {
		delete(n.incoming, from)
		return
	}
	in.data = append(in.data, data[1:]...)
	in.until = at + answerTime
	switch {
	case in.next == in.packets:
		delete(n.incoming, from)
		n.send(w, at+n.spec.Latency, n.identifierOf(lowestPriority, pgnConnection, from), control(tpDone, in.size, int(in.packets), 0xFF, in.pgn))
		return
	case n.spec.Packets > 0 && int(in.next)%n.spec.Packets == 0:
		in.next++
		n.clearToSend(w, at, from)
		return
	}
	in.next++
}
