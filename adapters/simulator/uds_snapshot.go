package simulator

import (
	"slices"
	"strconv"
)

// anyRecord asks for all records of a code.
const anyRecord = 0xFF

// snapshotList is 19 03: which code has which snapshot records.
func (e *ecu) snapshotList() []byte {
	reply := []byte{0x59, 0x03}
	for i := range e.memory {
		m := &e.memory[i]
		for _, number := range m.records() {
			reply = append(reply, m.bytes[0], m.bytes[1], m.bytes[2], number)
		}
	}
	return reply
}

// records lists the snapshot records: 00 is the freeze frame of the emission laws, 01 the maker's.
func (m *memory) records() []byte {
	var list []byte
	if m.clear {
		return nil
	}
	if m.spec.Freeze != nil {
		list = append(list, 0x00)
	}
	if len(m.spec.Snapshot) > 0 {
		list = append(list, 0x01)
	}
	return list
}

// snapshots is 19 04.
func (e *ecu) snapshots(code [3]byte, number byte) ([]byte, byte) {
	if found := e.matching(func(m *memory) bool { return m.bytes == code }); len(found) > 0 {
		m := found[0]
		reply := []byte{0x59, 0x04, code[0], code[1], code[2], m.status & byte(e.spec.UDS.Mask)}
		records := m.records()
		if number != anyRecord {
			if !slices.Contains(records, number) {
				return nil, nrcOutOfRange
			}
			records = []byte{number}
		}
		for _, r := range records {
			reply = append(reply, e.snapshot(m, r)...)
		}
		return reply, 0
	}
	return nil, nrcOutOfRange
}

// snapshot is one record: its number, how many identifiers, then each with its data.
func (e *ecu) snapshot(m *memory, number byte) []byte {
	record := []byte{number, 0}
	if number == 0x01 {
		for _, key := range sortedKeys(m.spec.Snapshot) {
			did, _ := identifier(key)
			data, _ := hexBytes(m.spec.Snapshot[key])
			record = append(append(record, byte(did>>8), byte(did)), data...)
			record[1]++
		}
		return record
	}
	f := m.spec.Freeze
	for pid, on := range f.PIDs {
		if data, ok := e.pid(byte(pid), &f.State, &f.PIDs); on && ok && pid%0x20 != 0 {
			record = append(append(record, 0xF4, byte(pid)), data...)
			record[1]++
		}
	}
	return record
}

// extendedData is 19 06: FE asks for the records of the emission laws, FF for all.
func (e *ecu) extendedData(code [3]byte, number byte) ([]byte, byte) {
	for _, m := range e.matching(func(m *memory) bool { return m.bytes == code }) {
		reply := []byte{0x59, 0x06, code[0], code[1], code[2], m.status & byte(e.spec.UDS.Mask)}
		found := false
		for _, key := range sortedKeys(m.spec.Extended) {
			n, _ := strconv.ParseUint(key, 16, 8)
			if m.clear || number != anyRecord && number != byte(n) && !(number == 0xFE && n >= 0x90) {
				continue
			}
			data, _ := hexBytes(m.spec.Extended[key])
			reply, found = append(append(reply, byte(n)), data...), true
		}
		if !found && number < 0xFE {
			return nil, nrcOutOfRange
		}
		return reply, 0
	}
	return nil, nrcOutOfRange
}
