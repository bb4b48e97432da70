package j1939

import "github.com/fleetms/obdctl/internal/can"

// ID is a 29-bit identifier taken apart (SAE J1939-21, 5.2).
type ID struct {
	Priority    uint8 // 0, most urgent, to 7
	PGN         uint32
	Source      uint8
	Destination uint8 // Global for PDU2, which has none
}

// ParseID takes an identifier apart. The parameter group number has 18 bits: extended data page, data
// page, PDU format and, where the format is 240 or more (PDU2), the group extension. It is false for
// 11-bit identifiers and for both page bits set, which is ISO 15765-3.
func ParseID(id can.ID) (ID, bool) {
	raw := id.Raw()
	if !id.IsExtended() || raw>>29 != 0 || raw>>24&3 == 3 {
		return ID{}, false
	}
	out := ID{Priority: uint8(raw >> 26), PGN: raw >> 8 & 0x3FFFF, Source: uint8(raw), Destination: Global}
	if IsPDU1(out.PGN) {
		out.Destination = uint8(out.PGN)
		out.PGN &^= 0xFF
	}
	return out, true
}

// CAN returns the identifier.
func (id ID) CAN() can.ID {
	raw := uint32(id.Priority&7)<<26 | id.PGN&0x3FFFF<<8 | uint32(id.Source)
	if IsPDU1(id.PGN) {
		raw = raw&^0xFF00 | uint32(id.Destination)<<8
	}
	return can.ID(raw) | can.Extended
}

// IsPDU1 tells a group that goes to one node, or to all by address 255.
func IsPDU1(pgn uint32) bool { return pgn>>8&0xFF < 240 }

// IsPGN tells whether n is the number of a parameter group: 18 bits, not both page bits, and the low
// byte 0 in PDU1 format.
func IsPGN(n uint32) bool {
	return n < 0x30000 && (!IsPDU1(n) || n&0xFF == 0)
}
