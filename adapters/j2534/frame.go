package j2534

import (
	"encoding/binary"

	"github.com/fleetms/obdctl/internal/can"
)

// toMessage makes the driver's message of a classical frame: the identifier in four bytes, then the data.
func toMessage(f can.Frame) Message {
	m := Message{ProtocolID: ProtocolCAN}
	if f.ID.IsExtended() {
		m.TxFlags = FlagCAN29
	}
	binary.BigEndian.PutUint32(m.Data[:], f.ID.Raw())
	m.DataSize = uint32(4 + copy(m.Data[4:], f.Payload()))
	m.ExtraDataIndex = m.DataSize
	return m
}

// toFrame reads a received message; false for echoes, indications and what is no frame.
func toFrame(m *Message) (can.Frame, bool) {
	if m.ProtocolID != ProtocolCAN || m.RxStatus&(rxEcho|rxNoise) != 0 || m.DataSize < 4 || m.DataSize > 12 {
		return can.Frame{}, false
	}
	id := can.ID(binary.BigEndian.Uint32(m.Data[:]))
	switch {
	case m.RxStatus&FlagCAN29 != 0:
		id = id&0x1FFFFFFF | can.Extended
	case id > 0x7FF:
		return can.Frame{}, false
	}
	return can.New(id, m.Data[4:m.DataSize]...), true
}

// toFilter makes mask and pattern of a pass filter.
func toFilter(bits, id can.ID, extended bool) (mask, pattern Message) {
	mask, pattern = Message{ProtocolID: ProtocolCAN, DataSize: 4}, Message{ProtocolID: ProtocolCAN, DataSize: 4}
	if extended {
		mask.TxFlags, pattern.TxFlags = FlagCAN29, FlagCAN29
	}
	binary.BigEndian.PutUint32(mask.Data[:], bits.Raw())
	binary.BigEndian.PutUint32(pattern.Data[:], id.Raw()&bits.Raw())
	return mask, pattern
}
