package simulator

import (
	"slices"
	"strconv"
)

// Bits of statusOfDTC (ISO 14229-1 annex D.2).
const (
	statusFailed    = 0x01
	statusPending   = 0x04
	statusConfirmed = 0x08
	statusAnew      = 0x50 // not tested since the clear, nor in this cycle
)

// Functional groups of ISO 14229-1 annex D.5.
const (
	groupEmissions = 0x33
	groupSafety    = 0xD0
	groupVOBD      = 0xFE
)

// severityMask is what the ECUs here keep of the severity byte.
const severityMask = 0xFF

// clearCodes is service 14: all groups, the emission group, or one code. A running engine forbids it.
func (e *ecu) clearCodes(c *call) ([]byte, byte) {
	if len(c.request) != 4 {
		return nil, nrcLength
	}
	group := [3]byte(c.request[1:4])
	emission := group == [3]byte{0xFF, 0xFF, groupEmissions}
	all := group == [3]byte{0xFF, 0xFF, 0xFF}
	one := slices.IndexFunc(e.memory, func(m memory) bool { return m.bytes == group })
	if !all && !emission && one < 0 {
		return nil, nrcOutOfRange
	}
	if c.s.Running {
		return nil, nrcConditions
	}
	for i := range e.memory {
		if m := &e.memory[i]; all || emission && m.spec.Emission || i == one {
			m.status, m.clear = statusAnew, true
		}
	}
	if all || emission {
		e.wipe(c.s)
	}
	return []byte{0x54}, 0
}

// readCodes is service 19.
func (e *ecu) readCodes(c *call) ([]byte, byte) {
	lengths := map[byte]int{
		0x01: 3, 0x02: 3, 0x03: 2, 0x04: 6, 0x06: 6, 0x07: 4, 0x08: 4, 0x09: 5, 0x0A: 2, 0x0B: 2, 0x0C: 2, 0x0D: 2, 0x0E: 2,
		0x13: 3, 0x14: 2, 0x15: 2, 0x1A: 3, 0x42: 5, 0x55: 3, 0x56: 4,
	}
	want, ok := lengths[c.sub]
	switch {
	case !ok || c.sub >= 0x42 && !e.spec.UDS.OBD:
		return nil, nrcNoSubFunction
	case len(c.request) != want:
		return nil, nrcLength
	}
	rest := c.request[2:]
	switch c.sub {
	case 0x03:
		return e.snapshotList(), 0
	case 0x04:
		return e.snapshots([3]byte(rest), rest[3])
	case 0x06:
		return e.extendedData([3]byte(rest), rest[3])
	case 0x09:
		return e.severityOf([3]byte(rest))
	case 0x14:
		return e.counters(), 0
	case 0x42, 0x55, 0x56:
		return e.groupCodes(c.sub, rest)
	}
	return e.codeReport(c.sub, rest)
}

// codeReport is the sub-functions that count or list codes by their status.
func (e *ecu) codeReport(sub byte, rest []byte) ([]byte, byte) {
	mask := byte(e.spec.UDS.Mask)
	reply := []byte{0x59, sub, mask}
	switch sub {
	case 0x01, 0x07:
		byMask := func(m *memory) bool { return m.status&mask&rest[len(rest)-1] != 0 }
		if sub == 0x07 {
			byMask = func(m *memory) bool { return byte(m.spec.Severity)&rest[0] != 0 && m.status&mask&rest[1] != 0 }
		}
		n := len(e.matching(byMask))
		return append(reply, byte(e.spec.UDS.Format), byte(n>>8), byte(n)), 0
	case 0x02, 0x13:
		return e.list(reply, func(m *memory) bool {
			return m.status&mask&rest[0] != 0 && (sub == 0x02 || m.spec.Emission)
		}), 0
	case 0x08:
		for _, m := range e.matching(func(m *memory) bool {
			return byte(m.spec.Severity)&rest[0] != 0 && m.status&mask&rest[1] != 0
		}) {
			reply = append(reply, byte(m.spec.Severity), byte(m.spec.Unit), m.bytes[0], m.bytes[1], m.bytes[2], m.status&mask)
		}
		return reply, 0
	case 0x0A:
		return e.list(reply, func(*memory) bool { return true }), 0
	case 0x0B, 0x0C, 0x0D, 0x0E:
		return e.extreme(reply, sub), 0
	case 0x15:
		return e.list(reply, func(m *memory) bool { return m.spec.Permanent }), 0
	}
	number := rest[0] // 1A: who has this extended data record
	reply = append(reply, number)
	return e.list(reply, func(m *memory) bool { return m.spec.Extended[recordName(number)] != "" }), 0
}

// extreme is the first or the last code that failed or was confirmed.
func (e *ecu) extreme(reply []byte, sub byte) []byte {
	bit := byte(statusFailed)
	if sub == 0x0C || sub == 0x0E {
		bit = statusConfirmed
	}
	found := e.matching(func(m *memory) bool { return m.status&bit != 0 })
	if len(found) == 0 {
		return reply
	}
	m := found[0]
	if sub >= 0x0D {
		m = found[len(found)-1]
	}
	return append(reply, m.bytes[0], m.bytes[1], m.bytes[2], m.status)
}

func (e *ecu) matching(want func(*memory) bool) []*memory {
	var found []*memory
	for i := range e.memory {
		if want(&e.memory[i]) {
			found = append(found, &e.memory[i])
		}
	}
	return found
}

// list appends code and status of those that match.
func (e *ecu) list(reply []byte, want func(*memory) bool) []byte {
	for _, m := range e.matching(want) {
		reply = append(reply, m.bytes[0], m.bytes[1], m.bytes[2], m.status&byte(e.spec.UDS.Mask))
	}
	return reply
}

// groupCodes is 19 42, 55 and 56 of a functional group (SAE J1979-2, ISO 27145-3).
func (e *ecu) groupCodes(sub byte, rest []byte) ([]byte, byte) {
	group, mask := rest[0], byte(e.spec.UDS.Mask)
	if group != groupEmissions && group != groupSafety && group != groupVOBD {
		return nil, nrcOutOfRange
	}
	inGroup := func(m *memory) bool { return group == groupVOBD || m.spec.Emission == (group == groupEmissions) }
	format := byte(e.spec.UDS.Format)
	switch sub {
	case 0x55:
		return e.list([]byte{0x59, sub, group, mask, format}, func(m *memory) bool { return inGroup(m) && m.spec.Permanent }), 0
	case 0x56:
		reply := []byte{0x59, sub, group, mask, format, rest[1]}
		return e.list(reply, func(m *memory) bool { return inGroup(m) && byte(m.spec.Group) == rest[1] }), 0
	}
	reply := []byte{0x59, sub, group, mask, severityMask, format}
	for _, m := range e.matching(func(m *memory) bool {
		return inGroup(m) && m.status&mask&rest[1] != 0 && byte(m.spec.Severity)&rest[2] != 0
	}) {
		reply = append(reply, byte(m.spec.Severity), m.bytes[0], m.bytes[1], m.bytes[2], m.status&mask)
	}
	return reply, 0
}

func (e *ecu) severityOf(code [3]byte) ([]byte, byte) {
	reply := []byte{0x59, 0x09, byte(e.spec.UDS.Mask)}
	for _, m := range e.matching(func(m *memory) bool { return m.bytes == code }) {
		return append(reply, byte(m.spec.Severity), byte(m.spec.Unit), code[0], code[1], code[2], m.status&byte(e.spec.UDS.Mask)), 0
	}
	return nil, nrcOutOfRange
}

// counters is 19 14: the fault detection counters that are neither at rest nor at their end.
func (e *ecu) counters() []byte {
	reply := []byte{0x59, 0x14}
	for _, m := range e.matching(func(m *memory) bool { return !m.clear && m.spec.Counter > 0 && m.spec.Counter < 0x7F }) {
		reply = append(reply, m.bytes[0], m.bytes[1], m.bytes[2], byte(m.spec.Counter))
	}
	return reply
}

func recordName(number byte) string {
	text := strconv.FormatUint(uint64(number), 16)
	if len(text) < 2 {
		text = "0" + text
	}
	return text
}
