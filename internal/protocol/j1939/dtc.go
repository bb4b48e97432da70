package j1939

import "fmt"

// NoCount is the occurrence count that means "not available".
const NoCount = 127

// DTC is a diagnostic trouble code of four bytes (SAE J1939-73, 5.7.1.6).
type DTC struct {
	SPN   uint32 `json:"spn"`   // 19 bits
	FMI   uint8  `json:"fmi"`   // 5 bits
	Count uint8  `json:"count"` // 7 bits; NoCount when not available
	// Method is the SPN conversion method: 4 today (conversion bit 0), 1 to 3 where the bit is set. The
	// three older orders cannot be told apart on the wire; 3, the usual one, is taken unless told.
	Method uint8 `json:"method"`
}

func (d DTC) String() string { return fmt.Sprintf("SPN %d FMI %d", d.SPN, d.FMI) }

// Code is the text form of a code, as the field Code of obd.DTC holds it.
func Code(spn uint32, fmi uint8) string { return DTC{SPN: spn, FMI: fmi}.String() }

// ParseDTC reads four bytes. legacy is the method (1 to 3) by which a set conversion bit is read; 0 means 3.
//
// Methods 1 to 3 (5.7.1.11): 1 has the number most significant first over bytes 1, 2 and the high bits of byte
// 3; 2 has the middle byte first, the high byte second, the low three bits in byte 3; 3 is laid out as 4 is.
func ParseDTC(b [4]byte, legacy uint8) DTC {
	d := DTC{FMI: b[2] & 0x1F, Count: b[3] & 0x7F, Method: 4}
	if b[3]&0x80 != 0 {
		d.Method = 3
		if legacy == 1 || legacy == 2 {
			d.Method = legacy
		}
	}
	high := uint32(b[2] >> 5)
	switch d.Method {
	case 1:
		d.SPN = uint32(b[0])<<11 | uint32(b[1])<<3 | high
	case 2:
		d.SPN = uint32(b[1])<<11 | uint32(b[0])<<3 | high
	default:
		d.SPN = high<<16 | uint32(b[1])<<8 | uint32(b[0])
	}
	return d
}

// Bytes returns the four bytes of the code.
func (d DTC) Bytes() [4]byte {
	b := [4]byte{2: d.FMI & 0x1F, 3: d.Count & 0x7F}
	if d.Method >= 1 && d.Method <= 3 {
		b[3] |= 0x80
	}
	switch n := d.SPN & 0x7FFFF; d.Method {
	case 1:
		b[0], b[1], b[2] = byte(n>>11), byte(n>>3), b[2]|byte(n&7)<<5
	case 2:
		b[1], b[0], b[2] = byte(n>>11), byte(n>>3), b[2]|byte(n&7)<<5
	default:
		b[0], b[1], b[2] = byte(n), byte(n>>8), b[2]|byte(n>>16)<<5
	}
	return b
}

// isNone tells the two patterns that stand for "no code": all zero, and all ones as padding.
func isNone(b [4]byte) bool {
	return b[0] == 0 && b[1] == 0 && b[2] == 0 && b[3] == 0 || b[0] == 0xFF && b[1] == 0xFF && b[2] == 0xFF && b[3] == 0xFF
}

// parseDTCs reads codes until the data end, leaving out those that stand for none. Up to three bytes behind
// the last code are padding.
func parseDTCs(data []byte, legacy uint8) []DTC {
	var out []DTC
	for ; len(data) >= 4; data = data[4:] {
		if b := [4]byte(data); !isNone(b) {
			out = append(out, ParseDTC(b, legacy))
		}
	}
	return out
}

// spn19 reads a parameter number of 19 bits from three bytes; the five bits left are returned too.
func spn19(b []byte) (spn uint32, rest uint8) {
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2]>>5)<<16, b[2] & 0x1F
}

func putSPN19(to []byte, spn uint32, rest uint8) {
	to[0], to[1], to[2] = byte(spn), byte(spn>>8), byte(spn>>16)<<5|rest&0x1F
}
