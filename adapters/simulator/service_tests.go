package simulator

import "slices"

// monitorTests is service 06: on CAN the records of one OBDMID, each with unit and scaling id; on the
// older lines one message per test with one limit.
func (e *ecu) monitorTests(request []byte) ([][]byte, byte) {
	if len(e.spec.Tests) == 0 {
		return nil, nrcNoService
	}
	if len(request) == 0 {
		return nil, nrcNoSubFunction
	}
	if !e.line.IsCAN() {
		return e.olderTests(request[0])
	}
	if len(request) > 6 {
		return nil, nrcNoSubFunction
	}
	var ids byteSet
	for _, t := range e.spec.Tests {
		ids[byte(t.MID)] = true
	}
	reply := []byte{0x46}
	for _, mid := range request {
		if mid%0x20 == 0 && ids.has(mid) {
			reply = join(reply, []byte{mid}, ids.bitmap(mid))
		}
		for _, t := range e.spec.Tests {
			if byte(t.MID) == mid {
				reply = append(reply, mid, byte(t.TID), byte(t.UAS))
				reply = join(reply, word(t.Value), word(t.Min), word(t.Max))
			}
		}
	}
	if len(reply) == 1 {
		return nil, nrcNoSubFunction
	}
	return [][]byte{reply}, 0
}

// olderTests: 46 TID component value limit; bit 7 of the component says that the limit is a minimum.
func (e *ecu) olderTests(tid byte) ([][]byte, byte) {
	if tid%0x20 == 0 {
		var ids byteSet
		for _, t := range e.spec.Tests {
			ids[byte(t.TID)] = true
		}
		if !ids.has(tid) {
			return nil, nrcNoSubFunction
		}
		return [][]byte{join([]byte{0x46, tid, 0xFF}, ids.bitmap(tid))}, 0
	}
	var messages [][]byte
	for _, t := range e.spec.Tests {
		if byte(t.TID) != tid {
			continue
		}
		component, limit := byte(t.MID), t.Max
		if t.Lower {
			component, limit = component|0x80, t.Min
		}
		messages = append(messages, join([]byte{0x46, tid, component}, word(t.Value), word(limit)))
	}
	if len(messages) == 0 {
		return nil, nrcNoSubFunction
	}
	return messages, 0
}

// oxygenTests is service 05, which CAN does not have: a constant, or a value with its two limits.
func (e *ecu) oxygenTests(request []byte) ([][]byte, byte) {
	if e.line.IsCAN() || len(e.spec.O2Tests) == 0 {
		return nil, nrcNoService
	}
	if len(request) != 2 {
		return nil, nrcNoSubFunction
	}
	tid, sensor := request[0], request[1]
	if tid == 0 {
		var ids byteSet
		for _, t := range e.spec.O2Tests {
			if byte(t.Sensor) == sensor {
				ids[byte(t.TID)] = true
			}
		}
		return [][]byte{join([]byte{0x45, 0, sensor}, ids.bitmap(0))}, 0
	}
	i := slices.IndexFunc(e.spec.O2Tests, func(t oxygenSpec) bool { return byte(t.TID) == tid && byte(t.Sensor) == sensor })
	if i < 0 {
		return nil, nrcNoSubFunction
	}
	t := e.spec.O2Tests[i]
	reply := []byte{0x45, tid, sensor, byte(t.Value)}
	if tid > 0x04 {
		reply = append(reply, byte(t.Min), byte(t.Max))
	}
	return [][]byte{reply}, 0
}

// word is the low 16 bits of a raw value, which may be negative.
func word(v int32) []byte { return []byte{byte(v >> 8), byte(v)} }
