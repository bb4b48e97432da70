package simulator

import "time"

// ISO 15765-2 protocol control information, first nibble.
const (
	pciSingle      = 0x00
	pciFirst       = 0x10
	pciConsecutive = 0x20
	pciFlow        = 0x30
)

// flowLatency is from flow control to the first consecutive frame.
const flowLatency = 2300 * time.Microsecond

// functional identifiers of ISO 15765-4.
const (
	functional11 = 0x7DF
	functional29 = 0x18DB33F1
)

// askedAt is the identifier at which an ECU takes physical requests: its own minus 8, or with target
// and source swapped (ISO 15765-4 clauses 10.5.1 and 10.5.2).
func (n *node) askedAt() uint32 {
	a := n.ecu.address
	if a > 0x7FF {
		return a&0xFFFF0000 | a&0xFF<<8 | a>>8&0xFF
	}
	return a - 8
}

// request sends one message from the adapter and queues what the ECUs answer. It returns when the last
// frame of the request was sent.
func (w *wire) request(t time.Duration, id uint32, data []byte) time.Duration {
	end := w.transmit(t, frame{data: make([]byte, 8)})
	for left := len(data) - 7; left > 0; left -= 7 { // first and consecutive frames of a long request
		end = w.transmit(end+w.car.spec.ECUs[0].FrameGap, frame{data: make([]byte, 8)})
	}
	if w.car.asleep() {
		return end
	}
	for _, n := range w.nodes {
		physical := id == n.askedAt()
		if physical || id == functional11 || id&0x1FFFFFFF == functional29 {
			w.answerCAN(n, end, data, physical)
		}
	}
	return end
}

// raw sends one frame as it is: a single frame is a request, flow control sets free what waits.
func (w *wire) raw(t time.Duration, id uint32, data []byte) time.Duration {
	if len(data) == 0 {
		return w.transmit(t, frame{})
	}
	switch data[0] & 0xF0 {
	case pciSingle:
		if n := int(data[0] & 0x0F); n > 0 && n < len(data) {
			return w.request(t, id, data[1:1+n])
		}
	case pciFlow:
		end := w.transmit(t, frame{data: data})
		for _, n := range w.nodes {
			if id == n.askedAt() {
				w.release(n, end, data)
			}
		}
		return end
	}
	return w.transmit(t, frame{data: data})
}

// answerCAN queues the frames of an ECU's answer; of a long one only the first.
func (w *wire) answerCAN(n *node, t time.Duration, data []byte, physical bool) {
	at := t + w.latency(n.ecu)
	if t < n.busy {
		w.queue = append(w.queue, n.frames(at, []byte{serviceNegative, data[0], nrcBusy}))
		return
	}
	for _, m := range w.car.ask(n.ecu, data, physical, t) {
		at += m.after
		w.queue = append(w.queue, n.frames(at, m.data))
		if m.after > 0 {
			n.busy = at
		}
		at += n.ecu.spec.FrameGap
	}
}

// frames is a message as the first frame with the others behind it.
func (n *node) frames(at time.Duration, data []byte) frame {
	all := segment(n.ecu.spec, data)
	return frame{at: at, id: n.ecu.address, data: all[0], from: n, rest: all[1:]}
}

// release queues consecutive frames as flow control says: block size, then separation time.
func (w *wire) release(n *node, t time.Duration, flow []byte) {
	if flow[0] != pciFlow || len(flow) < 3 { // wait and overflow send nothing
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
	}
	n.rest = n.rest[count:]
}

// separation is STmin: milliseconds up to 7F, hundreds of microseconds from F1 to F9.
func separation(st byte) time.Duration {
	switch {
	case st <= 0x7F:
		return time.Duration(st) * time.Millisecond
	case st >= 0xF1 && st <= 0xF9:
		return time.Duration(st-0xF0) * 100 * time.Microsecond
	}
	return 127 * time.Millisecond
}

// segment cuts a message into frames (ISO 15765-2) and fills them up as this ECU does.
func segment(spec *ecuSpec, data []byte) [][]byte {
	if len(data) <= 7 {
		return [][]byte{fill(spec, append([]byte{pciSingle | byte(len(data))}, data...))}
	}
	first := append([]byte{pciFirst | byte(len(data)>>8&0x0F), byte(len(data))}, data[:6]...)
	frames := [][]byte{first}
	data = data[6:]
	for n := byte(1); len(data) > 0; n++ {
		part := data[:min(7, len(data))]
		frames = append(frames, fill(spec, append([]byte{pciConsecutive | n&0x0F}, part...)))
		data = data[len(part):]
	}
	return frames
}

func fill(spec *ecuSpec, data []byte) []byte {
	if spec.Short {
		return data
	}
	var with byte
	if spec.Padding != nil {
		with = byte(*spec.Padding)
	}
	for len(data) < 8 {
		data = append(data, with)
	}
	return data
}
