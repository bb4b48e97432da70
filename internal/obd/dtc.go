package obd

import (
	"fmt"
	"strings"
)

// CodeKind says which list of the ECU a code stands in.
type CodeKind string

// The kinds of SAE J1979 (services 03, 07 and 0A), which UDS (confirmed, pending and permanent of service 19)
// and J1939 (DM12, DM6 and DM28) share, and the two that only J1939 tells apart.
const (
	Stored           CodeKind = "stored"
	Pending          CodeKind = "pending"
	Permanent        CodeKind = "permanent"
	Active           CodeKind = "active"            // J1939 DM1: a lamp-relevant fault that is there now
	PreviouslyActive CodeKind = "previously_active" // J1939 DM2
)

// DTC is a diagnostic trouble code as one ECU reports it in one list.
type DTC struct {
	Code        string   `json:"code"` // SAE J2012: "P0301"
	ECU         Address  `json:"ecu,omitzero"`
	Kind        CodeKind `json:"kind"`
	Status      *uint8   `json:"status,omitempty"`       // ISO 14229-1 statusOfDTC, where the service reports one
	FailureType *uint8   `json:"failure_type,omitempty"` // SAE J2012-DA failure type byte of 3-byte codes
	Class       string   `json:"class,omitempty"`        // UN GTR No. 5: A (the worst), B1, B2, C, or 0 for unclassified
	List        string   `json:"list,omitempty"`         // what it was read with where the kind leaves it open: "DM1", "19 42"
	// SAE J1939-73: such a code is written "SPN 100 FMI 1" in Code.
	SPN         *uint32 `json:"spn,omitempty"`         // suspect parameter number, 19 bits
	FMI         *uint8  `json:"fmi,omitempty"`         // failure mode identifier, 5 bits
	Occurrences *uint8  `json:"occurrences,omitempty"` // occurrence count, absent when not available (127)
	Conversion  *uint8  `json:"conversion,omitempty"`  // SPN conversion method 1 to 4, by which SPN was read
	// What the catalogue says; Description is empty when nothing true can be said.
	Description string `json:"description,omitempty"`
	System      string `json:"system,omitempty"`
	Severity    string `json:"severity,omitempty"` // critical, high, medium, low or ""
	// Known is false when Description only names the code's family (SAE J2012 ranges).
	Known bool `json:"known"`
}

// FormatDTC returns the five-character code of two bytes (SAE J2012 / ISO 15031-6: two bits for
// the letter P C B U, two bits for the first digit, three hexadecimal digits).
func FormatDTC(hi, lo byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{"PCBU"[hi>>6], digits[hi>>4&3], digits[hi&15], digits[lo>>4], digits[lo&15]})
}

// ParseDTC returns the two bytes of a five-character code; case does not matter.
func ParseDTC(code string) (hi, lo byte, err error) {
	if len(code) != 5 {
		return 0, 0, fmt.Errorf("code %q: want a letter and four digits, such as P0301", code)
	}
	letter := strings.IndexByte("PCBU", code[0]&^0x20)
	if letter < 0 || code[0] < 'A' {
		return 0, 0, fmt.Errorf("code %q: first letter must be P, C, B or U", code)
	}
	var n uint16
	for i, c := range []byte(code[1:]) {
		d := strings.IndexByte("0123456789ABCDEF", upper(c))
		if d < 0 || i == 0 && d > 3 {
			return 0, 0, fmt.Errorf("code %q: digit %q is out of range", code, c)
		}
		n = n<<4 | uint16(d)
	}
	return byte(letter<<6) | byte(n>>8), byte(n), nil
}

func upper(c byte) byte {
	if 'a' <= c && c <= 'f' {
		return c - 0x20
	}
	return c
}
