package obd

import (
	"fmt"
	"strconv"
	"strings"
)

// Address is where an ECU answers: an 11- or 29-bit CAN identifier, the one-byte source address of the
// older lines, or the two-byte logical address of DoIP. It compares with ==.
//
// Text form: "7E8" (11 bit), "18DAF110" (29 bit), "10" (one byte), "0010" (logical address), "758:0F"
// (CAN with an address extension, ISO 15765-2 mixed or extended addressing). The zero Address means "no ECU" or, as a
// target, "all ECUs" (functional addressing).
type Address uint64

const (
	addressKindShift = 32
	addressCAN11     = Address(1) << addressKindShift
	addressCAN29     = Address(2) << addressKindShift
	addressByte      = Address(3) << addressKindShift
	addressLogical   = Address(4) << addressKindShift
	addressKindMask  = Address(7) << addressKindShift
	addressExtended  = Address(1) << 48
	addressExtShift  = 40
)

// Functional addresses every ECU at once.
const Functional Address = 0

// CAN11 returns the address with an 11-bit CAN identifier.
func CAN11(id uint32) Address { return addressCAN11 | Address(id&0x7FF) }

// CAN29 returns the address with a 29-bit CAN identifier.
func CAN29(id uint32) Address { return addressCAN29 | Address(id&0x1FFFFFFF) }

// NodeAddress returns the one-byte address of an ECU on ISO 9141, ISO 14230, J1850 or J1939.
func NodeAddress(b byte) Address { return addressByte | Address(b) }

// Logical returns the logical address of an ECU on DoIP (ISO 13400-2, table of logical addresses).
func Logical(n uint16) Address { return addressLogical | Address(n) }

// WithExtension returns a CAN address with the extension byte of ISO 15765-2 extended addressing.
func (a Address) WithExtension(b byte) Address {
	return a&^(Address(0xFF)<<addressExtShift) | addressExtended | Address(b)<<addressExtShift
}

// ID returns the CAN identifier, the one-byte address or the logical address.
func (a Address) ID() uint32 { return uint32(a) }

// IsCAN11 tells an 11-bit CAN identifier.
func (a Address) IsCAN11() bool { return a&addressKindMask == addressCAN11 }

// IsCAN29 tells a 29-bit CAN identifier.
func (a Address) IsCAN29() bool { return a&addressKindMask == addressCAN29 }

// IsNode tells a one-byte address.
func (a Address) IsNode() bool { return a&addressKindMask == addressByte }

// IsLogical tells a logical address of DoIP.
func (a Address) IsLogical() bool { return a&addressKindMask == addressLogical }

// Extension returns the address extension byte and whether there is one.
func (a Address) Extension() (byte, bool) {
	return byte(a >> addressExtShift), a&addressExtended != 0
}

// Request returns the address to which a physical request for the ECU that answers at a goes:
// identifier minus 8 for 11 bit (ISO 15765-4, 7E8 is asked at 7E0), target and source swapped for
// 29-bit normal fixed addressing, the same address on the older lines and on DoIP.
func (a Address) Request() Address {
	switch {
	case a.IsCAN11():
		return a&^0x7FF | Address(a.ID()-8)&0x7FF
	case a.IsCAN29():
		id := a.ID()
		return a&^0x1FFFFFFF | Address(id&0xFFFF0000|id&0xFF<<8|id>>8&0xFF)
	}
	return a
}

// String returns the text form; "" for the zero Address.
func (a Address) String() string {
	var s string
	switch a & addressKindMask {
	case addressCAN11:
		s = fmt.Sprintf("%03X", a.ID())
	case addressCAN29:
		s = fmt.Sprintf("%08X", a.ID())
	case addressByte:
		s = fmt.Sprintf("%02X", a.ID())
	case addressLogical:
		s = fmt.Sprintf("%04X", a.ID())
	default:
		return ""
	}
	if ext, ok := a.Extension(); ok {
		s += fmt.Sprintf(":%02X", ext)
	}
	return s
}

// ParseAddress reads the text form; two digits or fewer are a node address, three an 11-bit identifier,
// four a logical address and five to eight a 29-bit identifier.
func ParseAddress(s string) (Address, error) {
	if s == "" {
		return Functional, nil
	}
	text, ext, extended := strings.Cut(s, ":")
	n, err := strconv.ParseUint(text, 16, 32)
	if err != nil || len(text) > 8 {
		return 0, fmt.Errorf("address %q is not hexadecimal", s)
	}
	var a Address
	switch {
	case len(text) <= 2:
		a = NodeAddress(byte(n))
	case len(text) == 3 && n <= 0x7FF:
		a = CAN11(uint32(n))
	case len(text) == 4:
		a = Logical(uint16(n))
	case len(text) > 4 && n <= 0x1FFFFFFF:
		a = CAN29(uint32(n))
	default:
		return 0, fmt.Errorf("address %q is out of range", s)
	}
	if extended {
		b, err := strconv.ParseUint(ext, 16, 8)
		if err != nil {
			return 0, fmt.Errorf("address extension %q is not one hexadecimal byte", ext)
		}
		a = a.WithExtension(byte(b))
	}
	return a, nil
}

// MarshalText writes the text form.
func (a Address) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the text form.
func (a *Address) UnmarshalText(b []byte) error {
	v, err := ParseAddress(string(b))
	*a = v
	return err
}
