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
	idle bool // sent by itself and again and again
}

// station is a node of the CAN line: it takes the frames of the tester and sends some by itself.
type station interface {
	// take hands over a frame whose last bit came at the time.
	take(w *wire, at time.Duration, id uint32, data []byte)
	// due is when the station acts by itself next, forever when it does not.
	due() time.Duration
	// act does what is due and puts its frames into the queue.
	act(w *wire)
	// skip forgets what would have been sent by itself before the time, because nobody listened.
	skip(until time.Duration)
}

// wire is the vehicle's line between one tester and the ECUs. Frames wait until the line is free; of
// those that are ready the lowest identifier goes first. It is used by one goroutine at a time.
type wire struct {
	car      *car
	rnd      *rand.Rand
	nodes    []*node
	stations []station
	gate     *gate
	queue    []frame
	free     time.Duration
	took     func(f frame) time.Duration // time on the line
}

func newWire(c *car, rnd *rand.Rand) *wire {
	w := &wire{car: c, rnd: rnd, took: frameTime(c.line), gate: newGate(c.spec.Gateway)}
	for _, e := range c.ecus {
		n := &node{ecu: e}
		w.nodes = append(w.nodes, n)
		w.stations = append(w.stations, n)
	}
	for _, m := range c.nodes {
		w.stations = append(w.stations, newTruckNode(m))
	}
	return w
}

// frameTime returns how long a frame takes on a line: CAN with its stuff bits, serial lines ten bits to a
// byte, J1850 eight.
func frameTime(p obd.Protocol) func(frame) time.Duration {
	switch {
	case p.IsCAN():
		bit, overhead := time.Second/time.Duration(bitrateOf(p)), 50
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

// bitrateOf is the speed of a CAN line in bits per second.
func bitrateOf(p obd.Protocol) int {
	switch p {
	case obd.CAN11x250, obd.CAN29x250, obd.J1939:
		return 250_000
	}
	return 500_000
}

// latency is how long an ECU takes for this answer.
func (w *wire) latency(e *ecu) time.Duration {
	return w.delay(e.spec.Latency, e.spec.Spread)
}

// delay is a latency that varies.
func (w *wire) delay(latency, spread time.Duration) time.Duration {
	if l := w.car.opt.ecuLatency; l >= 0 {
		return l
	}
	if spread > 0 {
		latency += time.Duration(w.rnd.Int64N(int64(spread)))
	}
	return latency
}

// transmit takes the line for a frame of the adapter and returns when it has been sent.
func (w *wire) transmit(t time.Duration, f frame) time.Duration {
	w.free = max(t, w.free) + w.took(f)
	return w.free
}

// pick finds the frame that comes next and when its last bit has come; stations act as long as they are
// due before it, or before the limit. -1 when there is none.
func (w *wire) pick(limit time.Duration) (best int, end time.Duration) {
	for {
		best, end = -1, forever
		for i, f := range w.queue {
			if best < 0 || w.before(f, w.queue[best]) {
				best = i
			}
		}
		until := limit
		if best >= 0 {
			until = min(limit, max(w.queue[best].at, w.free))
			end = max(w.queue[best].at, w.free) + w.took(w.queue[best])
		}
		s := w.first()
		if s == nil || s.due() > until || s.due() == forever {
			return best, end
		}
		s.act(w)
	}
}

// first is the station that is due first.
func (w *wire) first() (first station) {
	if w.car.asleep() {
		return nil
	}
	for _, s := range w.stations {
		if first == nil || s.due() < first.due() {
			first = s
		}
	}
	return first
}

// next takes the next frame that has come in full before the limit.
func (w *wire) next(limit time.Duration) (frame, bool) {
	best, end := w.pick(limit)
	if best < 0 || end > limit {
		return frame{}, false
	}
	f := w.queue[best]
	w.queue = slices.Delete(w.queue, best, best+1)
	w.free, f.at = end, end
	if len(f.rest) > 0 {
		f.from.rest, f.from.lapse = f.rest, end+flowTimeout
	}
	return f, true
}

// answers tells whether anything waits to be sent that is not the usual traffic.
func (w *wire) answers() bool {
	for _, f := range w.queue {
		if !f.idle {
			return true
		}
	}
	return false
}

// before is the order on the line: what is ready when the line is free competes by identifier; frames of
// one identifier keep their order.
func (w *wire) before(a, b frame) bool {
	ready, other := max(a.at, w.free), max(b.at, w.free)
	if ready != other {
		return ready < other
	}
	if a.id != b.id {
		return a.id < b.id
	}
	return a.at < b.at
}

// miss drops what comes while nobody listens.
func (w *wire) miss(until time.Duration) {
	for _, s := range w.stations {
		s.skip(until)
	}
	for {
		if _, ok := w.next(until); !ok {
			return
		}
	}
}
