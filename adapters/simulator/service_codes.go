package simulator

import "strings"

// codeBytes packs a code: two bits for P, C, B or U, two for the first digit, four for each other digit
// (SAE J2012).
func codeBytes(code string) (b [2]byte, ok bool) {
	if len(code) != 5 {
		return b, false
	}
	letter := strings.IndexByte("PCBU", code[0])
	first := strings.IndexByte("0123", code[1])
	n := uint16(letter<<14 | first<<12)
	for i, shift := range []int{8, 4, 0} {
		d := strings.IndexByte("0123456789ABCDEF", code[2+i])
		if d < 0 {
			return b, false
		}
		n |= uint16(d) << shift
	}
	return [2]byte{byte(n >> 8), byte(n)}, letter >= 0 && first >= 0
}

// codeList is services 03, 07 and 0A: on CAN one message with a count, on the older lines three codes to
// a message without one, filled with zeros.
func (e *ecu) codeList(response byte, codes []string) [][]byte {
	var packed []byte
	for _, code := range codes {
		b, _ := codeBytes(code)
		packed = append(packed, b[:]...)
	}
	if e.line.IsCAN() {
		return [][]byte{append([]byte{response, byte(len(codes))}, packed...)}
	}
	var messages [][]byte
	for {
		m := make([]byte, maxDataPerOlderLine)
		m[0] = response
		packed = packed[copy(m[1:], packed):]
		messages = append(messages, m)
		if len(packed) == 0 {
			return messages
		}
	}
}

// clear is service 04: it erases stored and pending codes, frames and the results of the monitors, and
// leaves the permanent codes. A running engine forbids it.
func (e *ecu) clear(s *state) ([][]byte, byte) {
	if s.Running && s.RPM > 0 {
		return nil, nrcConditions
	}
	for i := range e.memory {
		e.memory[i].status, e.memory[i].clear = statusAnew, true
	}
	e.wipe(s)
	return [][]byte{{0x44}}, 0
}

// wipe forgets everything but the permanent codes.
func (e *ecu) wipe(s *state) {
	e.codes.Stored, e.codes.Pending, e.freeze = nil, nil, nil
	if m := e.spec.Monitors; m != nil {
		e.open, e.openOther = monitorBits(m.Supported, m.Compression)
		e.open &^= 0x04 // the comprehensive components are checked as soon as the ignition is on
	}
	e.cleared = &clearing{km: s.ClearKm, min: s.ClearMin, warmUps: s.WarmUps}
}

// control is service 08: the evaporative leak test is known and always refused.
func (e *ecu) control(request []byte) ([][]byte, byte) {
	known := byteSet{0x01: true}
	if len(request) == 0 || e.spec.Monitors == nil {
		return nil, nrcNoService
	}
	switch {
	case request[0] == 0:
		return [][]byte{join([]byte{0x48, 0}, known.bitmap(0))}, 0
	case known[request[0]]:
		return nil, nrcConditions
	}
	return nil, nrcNoSubFunction
}
