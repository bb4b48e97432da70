package isotp

import "bytes"

// sorted puts consecutive frames into the order of their sequence numbers and joins them.
func (t *transfer) sorted(parts []Frame) Message {
	m := Message{Frames: 1 + len(parts)}
	need := t.frames()
	if len(parts) == 0 {
		m.Data = t.first
		if t.cut || need > 0 {
			m.Err = incomplete("%d of %d frames came", 1, 1+need)
		}
		return m
	}
	slots, filled, conflict := arrange(parts, need)
	m.Data = make([]byte, 0, min(t.length, len(t.first)+len(parts)*t.chunk))
	m.Data = append(m.Data, t.first...)
	switch {
	case t.cut && t.exact(slots, need):
		for _, slot := range slots[1:] {
			if slot != nil {
				m.Data = append(m.Data, slot.Data...)
			}
		}
	case t.cut:
		m.Err = incomplete("the first frame lost bytes")
	case conflict:
		m.Data = t.first
		m.Err = incomplete("two different frames have the same sequence number")
	case need-filled >= 16:
		// With so many missing, a full turn of the sequence number may be lost unseen.
		m.Data = t.first
		m.Err = incomplete("%d of %d frames came", 1+filled, 1+need)
	default:
		t.append(&m, slots, need)
	}
	return m
}

// exact tells that a short first frame and the consecutive frames, without a gap, hold just as many bytes
// as were announced: the ECU sends a short first frame, nothing was lost.
func (t *transfer) exact(slots []*Frame, need int) bool {
	total := len(t.first)
	for n := 1; n <= need && n < len(slots) && slots[n] != nil; n++ {
		total += len(slots[n].Data)
	}
	return total == t.length
}

// arrange finds each frame's place. Slots are made for frames that came, never for frames that were
// only announced. conflict tells that two different frames claim one place.
func arrange(parts []Frame, need int) (slots []*Frame, filled int, conflict bool) {
	slots = make([]*Frame, min(need, len(parts)+15)+1)
	next := 1
	for i := range parts {
		p := &parts[i]
		n := place(int(p.Sequence), next, need)
		if n < 1 || n >= len(slots) {
			continue
		}
		switch {
		case slots[n] == nil:
			slots[n] = p
			filled++
			next = n + 1
		case !bytes.Equal(slots[n].Data, p.Data):
			conflict = true
		}
	}
	return slots, filled, conflict
}

// append adds the frames' data up to the first gap.
func (t *transfer) append(m *Message, slots []*Frame, need int) {
	for n := 1; n <= need; n++ {
		if n >= len(slots) || slots[n] == nil {
			m.Err = incomplete("frame %d of %d is missing", 1+n, 1+need)
			return
		}
		want, data := t.want(n), slots[n].Data
		if len(data) < want {
			m.Data = append(m.Data, data...)
			m.Err = incomplete("frame %d of %d lost bytes", 1+n, 1+need)
			return
		}
		m.Data = append(m.Data, data[:want]...)
	}
}

// place turns a sequence number into a frame's place, counted from 1. Up to 15 frames each number
// stands for one place, so any order can be sorted. In longer messages the number wraps from 15 to 0
// and means the place nearest to the expected one.
func place(sequence, next, need int) int {
	if need <= 15 {
		return sequence // 0 does not occur and is dropped by the caller
	}
	ahead := (sequence - next) & 0x0F
	if ahead >= 8 {
		ahead -= 16
	}
	n := next + ahead
	if n < 1 {
		n += 16
	}
	if n > need {
		n -= 16
	}
	return n
}
