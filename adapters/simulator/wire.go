package simulator

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// frame is one message on the vehicle's line as the adapter receives it.
type frame struct {
	at   time.Duration // when it is ready to be sent; when its last bit has come, once received
	id   uint32        // CAN identifier; source address on the older lines
	data []byte        // CAN: data field with protocol control information; older: header, data, checksum
	from *node         // who sent it, and what it sends after flow control
	rest [][]byte
}

// wire is the vehicle's line between one adapter and the ECUs. Frames wait until the line is free; of
// those that are ready the lowest identifier goes first. It is used by the adapter's goroutine alone.
type wire struct {
	car   *car
	rnd   *rand.Rand
	nodes []*node
	queue []frame
	free  time.Duration
	took  func(f frame) time.Duration // time on the line
}

// node is one ECU as this adapter reaches it.
type node struct {
	ecu  *ecu
	rest [][]byte      // consecutive frames that wait for flow control
	busy time.Duration // until when it works on a request that it answered with "response pending"
}

func newWire(c *car, rnd *rand.Rand) *wire {
	w := &wire{car: c, rnd: rnd, took: frameTime(c.line)}
	for _, e := range c.ecus {
		w.nodes = append(w.nodes, &node{ecu: e})
	}
	return w
}

// frameTime returns how long a frame takes on a line: CAN with its stuff bits, serial lines ten bits to a
// byte, J1850 eight.
func frameTime(p obd.Protocol) func(frame) time.Duration {
	switch {
	case p.IsCAN():
		bit, overhead := 2*time.Microsecond, 50
		if p == obd.CAN11x250 || p == obd.CAN29x250 {
			bit = 4 * time.Microsecond
		}
		if p.Is29Bit() {
			overhead = 75
		}
		return func(f frame) time.Duration { return time.Duration(overhead+len(f.data)*9) * bit }
	case p == obd.J1850PWM:
		return func(f frame) time.Duration { return time.Duration(len(f.data)*8) * 24 * time.Microsecond }
	case p == obd.J1850VPW:
		return func(f frame) time.Duration { return time.Duration(len(f.data)*8) * 96 * time.Microsecond }
	}
	return func(f frame) time.Duration { return time.Duration(len(f.data)*10) * 96 * time.Microsecond }
}

// latency is how long an ECU takes for this answer.
func (w *wire) latency(e *ecu) time.Duration {
	if l := w.car.opt.ecuLatency; l >= 0 {
		return l
	}
	d := e.spec.Latency
	if e.spec.Spread > 0 {
		d += time.Duration(w.rnd.Int64N(int64(e.spec.Spread)))
	}
	return d
}

// transmit takes the line for a frame of the adapter and returns when it has been sent.
func (w *wire) transmit(t time.Duration, f frame) time.Duration {
	w.free = max(t, w.free) + w.took(f)
	return w.free
}

// next takes the next frame that has come in full before the limit.
func (w *wire) next(limit time.Duration) (frame, bool) {
	best := -1
	for i, f := range w.queue {
		if best < 0 || w.before(f, w.queue[best]) {
			best = i
		}
	}
	if best < 0 {
		return frame{}, false
	}
	f := w.queue[best]
	end := max(f.at, w.free) + w.took(f)
	if end > limit {
		return frame{}, false
	}
	w.queue = slices.Delete(w.queue, best, best+1)
	w.free, f.at = end, end
	if len(f.rest) > 0 {
		f.from.rest = f.rest
	}
	return f, true
}

// before is the order on the line: what is ready when the line is free competes by identifier.
func (w *wire) before(a, b frame) bool {
	ready, other := max(a.at, w.free), max(b.at, w.free)
	if ready != other {
		return ready < other
	}
	return a.id < b.id
}

// miss drops what comes while nobody listens.
func (w *wire) miss(until time.Duration) {
	for {
		if _, ok := w.next(until); !ok {
			return
		}
	}
}
