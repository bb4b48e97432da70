// Package catalog holds what the bytes mean: PIDs, InfoTypes, DIDs and signals as data, and the one
// decoder that reads them.
package catalog

import "math"

// Signal is one value inside a reply: the one law for PIDs, DIDs, SPNs and DBC signals.
//
// value = raw*Mul/Div + Add, where raw is the bit field of Length bits that starts Start bits after
// the first data byte (most significant bit first, as J1979 letters its bytes A, B, C...; with
// LittleEndian set, Start counts as DBC and J1939 do, from the least significant bit of byte 0).
type Signal struct {
	ID   string // canonical id, permanent; the SAE J1979-DA short name where there is one: "RPM", "ECT"
	Name string // a few words for people
	Unit string // UCUM, "" for states, flags and counts

	Start, Length int // bits; Length 1 to 64, or any multiple of 8 with Kind Text or Hex
	Kind          Kind
	Signed        bool // two's complement
	LittleEndian  bool

	Mul, Div, Add float64 // Mul and Div are never 0 once loaded
	Min, Max      float64 // what the standard allows; outside is reported, not clamped

	// States maps raw numbers of enumerations to a short code and its meaning.
	States map[uint64]State
	// Support is the bit (counted as Start is) that says whether the ECU has this sensor, -1 for none.
	Support int
	// NotAvailable lists raw values or ranges that mean "no value" (J1939 FB..FF; OBDb nullmin/nullmax).
	NotAvailable []Range
}

// Kind says how the bits are read.
type Kind uint8

// The kinds of signal.
const (
	Number Kind = iota
	Enum        // a number with States
	Flag        // one bit
	Text        // ASCII, NUL and blank padding removed
	Hex         // bytes as hexadecimal digits
	Float       // IEEE 754, 32 or 64 bits
)

// State is one value of an enumeration.
type State struct {
	Code string // short and stable: "CL", "GAS"
	Text string // what it means
}

// Range is a closed interval of raw values.
type Range struct{ From, To uint64 }

// Value is one decoded signal.
type Value struct {
	Signal *Signal
	Number float64
	Text   string // state code, text or hexadecimal digits; "" for plain numbers
	Raw    uint64
	// Absent is set when the support bit is clear or the raw value means "not available".
	Absent bool
}

// OutOfRange tells that the value lies outside what the standard allows.
func (v Value) OutOfRange() bool {
	s := v.Signal
	return s.Kind == Number && s.Min < s.Max && (v.Number < s.Min || v.Number > s.Max || math.IsNaN(v.Number))
}
