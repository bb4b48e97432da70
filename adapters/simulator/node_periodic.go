package simulator

import (
	"slices"
	"time"
)

// mostPeriodic bounds the identifiers that one ECU sends by itself.
const mostPeriodic = 8

// rates of service 2A: slow, medium, fast.
var rates = map[byte]time.Duration{1: time.Second, 2: 250 * time.Millisecond, 3: 50 * time.Millisecond}

// beat is one periodic data identifier.
type beat struct {
	id    byte
	every time.Duration
	next  time.Duration
}

// follow keeps a request of service 2A that the ECU has taken.
func (n *node) follow(request []byte, at time.Duration) {
	e := n.ecu
	if request[0] != 0x2A || len(request) < 2 || e.spec.UDS == nil || e.spec.UDS.Periodic == 0 {
		return
	}
	every, sends := rates[request[1]]
	for _, id := range request[2:] {
		n.beats = slices.DeleteFunc(n.beats, func(b beat) bool { return b.id == id })
		if sends && len(n.beats) < mostPeriodic {
			n.beats = append(n.beats, beat{id: id, every: every, next: at + every})
		}
	}
	if request[1] == 4 && len(request) == 2 {
		n.beats = nil
	}
}

// due is when the next periodic message goes out.
func (n *node) due() time.Duration {
	first := forever
	for _, b := range n.beats {
		first = min(first, b.next)
	}
	return first
}

// act sends the periodic message that is due as one frame without protocol information; the end of the
// session ends them all.
func (n *node) act(w *wire) {
	for i := range n.beats {
		b := &n.beats[i]
		if b.next > n.due() {
			continue
		}
		data, ok := w.car.beat(n.ecu, b.id, b.next)
		if !ok {
			n.beats = nil
			return
		}
		w.queue = append(w.queue, frame{at: b.next, id: uint32(n.ecu.spec.UDS.Periodic), data: data, from: n})
		b.next += b.every
		return
	}
}

// skip leaves out what nobody hears.
func (n *node) skip(until time.Duration) {
	for i := range n.beats {
		if b := &n.beats[i]; b.next < until {
			b.next += (until - b.next + b.every - 1) / b.every * b.every
		}
	}
}

// beat builds one periodic message; false when the session that asked for it is over.
func (c *car) beat(e *ecu, id byte, at time.Duration) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e.dialogue.session != sessionExtended || at >= e.dialogue.until {
		return nil, false
	}
	s := c.motion.state(at)
	data, ok := e.identifier(0xF200|uint16(id), &s)
	if !ok {
		return nil, false
	}
	return fill(e.spec, append([]byte{id}, data...)), true
}
