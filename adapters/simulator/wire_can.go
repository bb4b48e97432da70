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

// flowTimeout is N_Bs and N_Cr of ISO 15765-2: how long one side waits for the other within a transfer.
const flowTimeout = time.Second

// turnaround is how long an ECU takes to flow control of its own.
const turnaround = 800 * time.Microsecond

// request sends one message from the adapter and queues what the ECUs answer. It returns when the last
// frame of the request was sent.
func (w *wire) request(t time.Duration, id uint32, data []byte) time.Duration {
	end := w.transmit(t, frame{data: make([]byte, 8)})
	for left := len(data) - 7; left > 0; left -= 7 { // first and consecutive frames of a long request
		end = w.transmit(end+w.car.spec.gap(), frame{data: make([]byte, 8)})
	}
	if w.car.asleep() {
		return end
	}
	for _, n := range w.nodes {
		if physical, ok := n.addressed(id); ok {
			w.answerCAN(n, end, data, physical)
		}
	}
	return end
}

// raw sends one frame as it is and returns when it has been sent.
func (w *wire) raw(t time.Duration, id uint32, data []byte) time.Duration {
	end := w.transmit(t, frame{data: data})
	if w.car.asleep() {
		return end
	}
	for _, s := range w.stations {
		s.take(w, end, id, data)
	}
	return end
}

// answerCAN queues the frames of an ECU's answer; of a long one only the first.
func (w *wire) answerCAN(n *node, t time.Duration, data []byte, physical bool) {
	if n.ecu.spec.Gated && !w.gate.passes(t) {
		return
	}
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
	n.follow(data, t)
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
