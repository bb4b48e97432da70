package ble

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// UUID is a Bluetooth UUID of 128 bits. It compares with ==.
type UUID [16]byte

// base is what the short UUIDs of the Bluetooth SIG stand for, with the number in bytes 0 to 3.
var base = UUID{0, 0, 0, 0, 0, 0, 0x10, 0x00, 0x80, 0x00, 0x00, 0x80, 0x5F, 0x9B, 0x34, 0xFB}

// Short returns the UUID of 16 bits.
func Short(n uint16) UUID {
	u := base
	u[2], u[3] = byte(n>>8), byte(n)
	return u
}

// ParseUUID reads a UUID of 4, 8 or 32 hexadecimal digits, with or without hyphens.
func ParseUUID(s string) (UUID, error) {
	b, err := hex.DecodeString(strings.ReplaceAll(s, "-", ""))
	u := base
	switch {
	case err != nil:
		return UUID{}, fmt.Errorf("UUID %q is not hexadecimal", s)
	case len(b) == 2:
		copy(u[2:], b)
	case len(b) == 4:
		copy(u[:], b)
	case len(b) == 16:
		copy(u[:], b)
	default:
		return UUID{}, fmt.Errorf("UUID %q has %d bytes, not 2, 4 or 16", s, len(b))
	}
	return u, nil
}

// IsShort tells a UUID of 16 bits.
func (u UUID) IsShort() bool {
	short := base
	copy(short[2:4], u[2:4])
	return u == short
}

// String prints four digits for a UUID of 16 bits, and the full form otherwise.
func (u UUID) String() string {
	if u.IsShort() {
		return fmt.Sprintf("%02X%02X", u[2], u[3])
	}
	return fmt.Sprintf("%X-%X-%X-%X-%X", u[0:4], u[4:6], u[6:8], u[8:10], u[10:16])
}
