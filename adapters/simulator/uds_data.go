package simulator

import "math"

// longestReply is what a classical first frame can announce.
const longestReply = 4095

// readData is service 22: unknown identifiers are left out, unless there is no other.
func (e *ecu) readData(c *call) ([]byte, byte) {
	list := c.request[1:]
	if len(list)%2 != 0 || len(list)/2 > e.spec.UDS.MaxDIDs {
		return nil, nrcLength
	}
	reply, locked := []byte{0x62}, false
	for ; len(list) > 0; list = list[2:] {
		did := uint16(list[0])<<8 | uint16(list[1])
		if e.spec.UDS.Guarded[did] && e.dialogue.unlocked == 0 {
			locked = true
			continue
		}
		if data, ok := e.identifier(did, c.s); ok {
			reply = append(append(reply, list[0], list[1]), data...)
		}
	}
	switch {
	case locked:
		return nil, nrcSecurity
	case len(reply) == 1:
		return nil, nrcOutOfRange
	case len(reply) > longestReply:
		return nil, nrcTooLong
	}
	return reply, 0
}

// identifier returns what stands behind a data identifier now.
func (e *ecu) identifier(did uint16, s *state) ([]byte, bool) {
	if did == 0xF186 { // ActiveDiagnosticSession
		return []byte{e.dialogue.session}, true
	}
	if data, ok := e.dids[did]; ok {
		return data, true
	}
	if l, ok := e.live[did]; ok {
		v := bounded((quantities[l.Of](s)+l.Offset)*l.Scale, -math.MaxInt32, math.MaxUint32)
		n := uint32(int64(v))
		return []byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}[4-l.Bytes:], true
	}
	if !e.spec.UDS.OBD {
		return nil, false
	}
	return e.legislated(byte(did>>8), byte(did), s)
}

// legislated is what SAE J1979-2 and ISO 27145-3 put behind F4xx, F5xx, F6xx and F8xx.
func (e *ecu) legislated(upper, id byte, s *state) ([]byte, bool) {
	adjusted := e.sinceClear(*s)
	switch upper {
	case 0xF4:
		return e.pid(id, &adjusted, &e.spec.Current)
	case 0xF5:
		if id == 0x01 && e.spec.Monitors != nil {
			return e.status(false), true
		}
	case 0xF6:
		return e.testsOf(id)
	case 0xF8:
		return e.infoOf(id)
	}
	return nil, false
}

// testsOf is one OBDMID: TID, unit and scaling, value, limits, once per test.
func (e *ecu) testsOf(mid byte) ([]byte, bool) {
	var ids byteSet
	var data []byte
	for _, t := range e.spec.Tests {
		ids[byte(t.MID)] = true
		if byte(t.MID) == mid {
			data = join(data, []byte{byte(t.TID), byte(t.UAS)}, word(t.Value), word(t.Min), word(t.Max))
		}
	}
	if mid%0x20 == 0 {
		return ids.bitmap(mid), len(e.spec.Tests) > 0 && ids.has(mid)
	}
	return data, data != nil
}

// infoOf is one InfoType without a count of items.
func (e *ecu) infoOf(kind byte) ([]byte, bool) {
	all := e.items()
	if kind%0x20 == 0 {
		ids := byteSet{}
		for id := range all {
			ids[id] = true
		}
		for did := range e.dids {
			ids[byte(did)] = ids[byte(did)] || did>>8 == 0xF8
		}
		return ids.bitmap(kind), ids.has(kind)
	}
	it, ok := all[kind]
	return it.data, ok
}

// write is service 2E.
func (e *ecu) write(c *call) ([]byte, byte) {
	did := uint16(c.request[1])<<8 | uint16(c.request[2])
	before, known := e.dids[did]
	switch {
	case !e.spec.UDS.Writable[did] || !known:
		return nil, nrcOutOfRange
	case len(c.request)-3 != len(before):
		return nil, nrcLength
	case e.dialogue.unlocked == 0:
		return nil, nrcSecurity
	case c.s.Speed > 0:
		return nil, nrcConditions
	}
	e.dids[did] = append([]byte{}, c.request[3:]...)
	return []byte{0x6E, c.request[1], c.request[2]}, 0
}

// output is service 2F: control is returned, reset, frozen or adjusted for a short term, and the answer has
// the state asked for.
func (e *ecu) output(c *call) ([]byte, byte) {
	did := uint16(c.request[1])<<8 | uint16(c.request[2])
	switch {
	case !e.spec.UDS.Outputs[did] || c.request[3] > 3:
		return nil, nrcOutOfRange
	case c.request[3] == 3 && len(c.request) < 5:
		return nil, nrcLength
	case c.s.Speed > 0:
		return nil, nrcConditions
	}
	return append([]byte{0x6F}, c.request[1:]...), 0
}

// routine is service 31: start, stop, results.
func (e *ecu) routine(c *call) ([]byte, byte) {
	id := uint16(c.request[2])<<8 | uint16(c.request[3])
	record, known := e.routines[id]
	d := &e.dialogue
	switch {
	case c.sub < 1 || c.sub > 3:
		return nil, nrcNoSubFunction
	case !known:
		return nil, nrcOutOfRange
	case c.sub != 1 && !d.routines[id]:
		return nil, nrcSequence
	case c.s.Speed > 0:
		return nil, nrcConditions
	}
	if d.routines == nil {
		d.routines = map[uint16]bool{}
	}
	d.routines[id] = true
	reply := []byte{0x71, c.sub, c.request[2], c.request[3]}
	if c.sub == 2 {
		return reply, 0
	}
	return append(reply, record...), 0
}

// periodic is service 2A: what it starts, the node sends.
func (e *ecu) periodic(c *call) ([]byte, byte) {
	mode, list := c.request[1], c.request[2:]
	switch {
	case mode < 1 || mode > 4:
		return nil, nrcOutOfRange
	case mode != 4 && len(list) == 0, len(list) > mostPeriodic:
		return nil, nrcLength
	}
	for _, id := range list {
		if data, ok := e.identifier(0xF200|uint16(id), c.s); !ok || len(data) > 7 {
			return nil, nrcOutOfRange
		}
	}
	return []byte{0x6A}, 0
}
