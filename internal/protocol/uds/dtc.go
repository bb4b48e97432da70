package uds

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// DTC is a code of three bytes, high byte first.
type DTC uint32

// Format says how a DTC's bytes are read (table 318, DTCFormatIdentifier).
type Format byte

// The formats.
const (
	FormatJ2012  Format = 0x00 // SAE J2012-DA: two bytes of code, one failure type byte
	FormatISO    Format = 0x01 // ISO 14229-1: three bytes of the maker's own
	FormatJ1939  Format = 0x02 // SAE J1939-73: SPN and FMI
	FormatTruck  Format = 0x03 // ISO 11992-4
	FormatWWHOBD Format = 0x04 // SAE J2012-DA as WWH-OBD has it: two bytes of code, one failure type byte
)

func (f Format) String() string {
	switch f {
	case FormatJ2012:
		return "SAE J2012-DA"
	case FormatISO:
		return "ISO 14229-1"
	case FormatJ1939:
		return "SAE J1939-73"
	case FormatTruck:
		return "ISO 11992-4"
	case FormatWWHOBD:
		return "SAE J2012-DA (WWH-OBD)"
	}
	return fmt.Sprintf("reserved format %02X", byte(f))
}

// Code returns the five characters of SAE J2012 of the upper two bytes.
func (d DTC) Code() string { return obd.FormatDTC(byte(d>>16), byte(d>>8)) }

// FailureType is the lowest byte: SAE J2012-DA's failure type, 00 where nothing more is said.
func (d DTC) FailureType() byte { return byte(d) }

// Suspect returns SPN and FMI of a code in [FormatJ1939].
func (d DTC) Suspect() (spn uint32, fmi uint8) {
	return uint32(d>>16&0xFF) | uint32(d>>8&0xFF)<<8 | uint32(d&0xE0)<<11, uint8(d & 0x1F)
}

// Text writes the code as its format reads it: "P0301-11", "SPN 100 FMI 1".
func (d DTC) Text(f Format) string {
	if f == FormatJ1939 {
		spn, fmi := d.Suspect()
		return fmt.Sprintf("SPN %d FMI %d", spn, fmi)
	}
	return fmt.Sprintf("%s-%02X", d.Code(), d.FailureType())
}

func (d DTC) String() string { return fmt.Sprintf("%06X", uint32(d)) }

// MarshalText writes six digits.
func (d DTC) MarshalText() ([]byte, error) { return []byte(d.String()), nil }
