package simulator

import "time"

// node is the transport of one ECU on CAN (ISO 15765-2), as one tester reaches it.
type node struct {
	ecu   *ecu
	rest  [][]byte      // consecutive frames that wait for flow control
	lapse time.Duration // until when they wait
	sends time.Duration // until when frames that were set free are on their way
	busy  time.Duration // until when it works on a request that it answered with "response pending"
	in    *incoming     // a long request that is coming in
	beats []beat        // messages that service 2A asked for
}

// incoming is a request of several frames.
type incoming struct {
	data  []byte
	want  int
	next  byte // sequence number
	block int  // frames until the next flow control, 0 = no more flow control
	until time.Duration
}

// maxIncoming bounds a request: the longest that a classical first frame can announce.
const maxIncoming = 4095

// askedAt is the identifier at which an ECU takes physical requests: what the scenario says, otherwise its
// own minus 8, or with target and source swapped (ISO 15765-4 clauses 10.5.1 and 10.5.2).
func (n *node) askedAt() uint32 {
	a := n.ecu.address
	switch {
	case n.ecu.spec.Request != 0:
		return uint32(n.ecu.spec.Request)
	case a > 0x7FF:
		return a&0xFFFF0000 | a&0xFF<<8 | a>>8&0xFF
	}
	return a - 8
}

// addressed tells whether a request is for this ECU, and whether for it alone.
func (n *node) addressed(id uint32) (physical, ok bool) {
	if id == n.askedAt() {
		return true, true
	}
	return false, (id == functional11 || id == functional29) && !n.ecu.spec.PhysicalOnly
}

// take is one frame of the tester.
func (n *node) take(w *wire, at time.Duration, id uint32, data []byte) {
	physical, ok := n.addressed(id)
	if !ok || len(data) == 0 {
		return
	}
	switch data[0] & 0xF0 {
	case pciSingle:
		if l := int(data[0] & 0x0F); l > 0 && l < len(data) {
			n.in = nil
			w.answerCAN(n, at, data[1:1+l], physical)
		}
	case pciFirst:
		if physical {
			n.begin(w, at, data)
		}
	case pciConsecutive:
		if physical {
			n.collect(w, at, data)
		}
	case pciFlow:
		if physical {
			n.release(w, at, data)
		}
	}
}

// begin answers a first frame with flow control.
func (n *node) begin(w *wire, at time.Duration, data []byte) {
	if len(data) < 8 {
		return
	}
	want := int(data[0]&0x0F)<<8 | int(data[1])
	if want <= 7 {
		return
	}
	flow := n.ecu.spec.Flow
	if want > flow.Longest {
		n.flow(w, at, 2) // overflow
		return
	}
	n.in = &incoming{data: append([]byte{}, data[2:8]...), want: want, next: 1, block: flow.Block, until: at + flowTimeout}
	for i := range flow.Waits {
		n.flow(w, at+time.Duration(i)*50*time.Millisecond, 1)
	}
	n.flow(w, at+time.Duration(flow.Waits)*50*time.Millisecond, 0)
	n.in.until += time.Duration(flow.Waits) * 50 * time.Millisecond
}

// flow queues a flow control frame: 0 continue, 1 wait, 2 overflow.
func (n *node) flow(w *wire, at time.Duration, status byte) {
	f := n.ecu.spec.Flow
	data := fill(n.ecu.spec, []byte{pciFlow | status, byte(f.Block), byte(f.Separation)})
	w.queue = append(w.queue, frame{at: at + turnaround, id: n.ecu.address, data: data, from: n})
}

// collect takes a consecutive frame; a wrong number or a long pause ends the transfer without an answer.
func (n *node) collect(w *wire, at time.Duration, data []byte) {
	in := n.in
	if in == nil {
		return
	}
	if data[0]&0x0F != in.next || at > in.until {
		n.in = nil
		return
	}
	in.next = (in.next + 1) & 0x0F
	in.until = at + flowTimeout
	in.data = append(in.data, data[1:min(len(data), 1+in.want-len(in.data))]...)
	if len(in.data) >= in.want {
		n.in = nil
		w.answerCAN(n, at, in.data, true)
		return
	}
	if in.block > 0 {
		if in.block--; in.block == 0 {
			in.block = n.ecu.spec.Flow.Block
			n.flow(w, at, 0)
		}
	}
}

// frames is a message as the first frame with the others behind it.
func (n *node) frames(at time.Duration, data []byte) frame {
	all := segment(n.ecu.spec, data)
	return frame{at: at, id: n.ecu.address, data: all[0], from: n, rest: all[1:]}
}

// release queues consecutive frames as flow control says: block size, then separation time.
func (n *node) release(w *wire, t time.Duration, flow []byte) {
	if len(flow) < 3 || t < n.sends {
		return
	}
	switch {
	case t > n.lapse, flow[0] == pciFlow|2: // too late, or the tester has no room
		n.rest = nil
		return
	case flow[0] == pciFlow|1:
		n.lapse = t + flowTimeout
		return
	case flow[0] != pciFlow:
		return
	}
	count := len(n.rest)
	if block := int(flow[1]); block > 0 {
		count = min(count, block)
	}
	gap := max(n.ecu.spec.FrameGap, separation(flow[2]))
	for i, data := range n.rest[:count] {
		at := t + flowLatency + time.Duration(i)*gap
		w.queue = append(w.queue, frame{at: at, id: n.ecu.address, data: data, from: n})
		n.sends = at
	}
	n.rest = n.rest[count:]
	n.lapse = n.sends + flowTimeout
}

var _ station = (*node)(nil)
