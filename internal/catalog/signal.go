// Package catalog holds what the bytes mean: PIDs, InfoTypes, DIDs and signals as data, and the one
// decoder that reads them.
package catalog

// Signal is one value inside a reply: the one law for PIDs, DIDs, SPNs and DBC signals.
//
// value = raw*Mul/Div + Add, where raw is the bit field of Length bits that starts Start bits after
// the first data byte (most significant bit first, as J1979 letters its bytes A, B, C...; with
// LittleEndian set, Start counts as DBC and J1939 do, from the least significant bit of byte 0).
type Signal struct {
	ID   string `json:"id"`             // canonical id, permanent; the SAE J1979-DA short name where there is one: "RPM", "ECT"
	Name string `json:"name"`           // a few words for people
	Unit string `json:"unit,omitempty"` // UCUM, "" for states, flags and counts

	Start        int  `json:"start,omitempty"`  // bits
	Length       int  `json:"length,omitempty"` // bits; 1 to 64, or any multiple of 8 with Kind Text or Hex (0 there: all that follows)
	Kind         Kind `json:"kind,omitempty"`
	Signed       bool `json:"signed,omitempty"` // two's complement
	LittleEndian bool `json:"little_endian,omitempty"`

	Mul float64 `json:"mul"` // Mul and Div are never 0 once loaded
	Div float64 `json:"div"`
	Add float64 `json:"add,omitempty"`
	Min float64 `json:"min,omitempty"` // what the standard allows; outside is reported, not clamped
	Max float64 `json:"max,omitempty"`
	// Clamp makes a number beyond Min or Max read as that bound, for signals whose last codes mean "this
	// or more"; OBDb v3 sets mean all their bounds so.
	Clamp bool `json:"clamp,omitempty"`

	// States maps raw numbers of enumerations to a short code and its meaning.
	States map[uint64]State `json:"states,omitempty"`
	// Support is the bit (counted as Start is) that says whether the ECU has this sensor, -1 for none.
	Support int `json:"support"`
	// When must hold too, or the signal is absent: J1979 packs a narrow and a wide reading, or the
	// monitors of spark and of compression ignition, into the same bits.
	When Condition `json:"when,omitzero"`
	// Mux selects the layout of a multiplexed DBC message; the signal is left out where none matches.
	Mux []Condition `json:"mux,omitempty"`
	// NotAvailable lists raw values or ranges that mean "no value" (J1939 FB..FF; OBDb nullmin/nullmax).
	NotAvailable []Range `json:"not_available,omitempty"`
}

// Condition asks a bit field, counted as the signal's Start is, for a value. The zero Condition holds.
type Condition struct {
	Start  int   `json:"start"`
	Length int   `json:"length"` // bits; 0 for no condition
	In     Range `json:"in"`
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
	Code        // the two bytes of a diagnostic trouble code (SAE J2012)
)

// State is one value of an enumeration.
type State struct {
	Code string `json:"code"` // short and stable: "CL", "GAS"
	Text string `json:"text"` // what it means
}

// Range is a closed interval of raw values.
type Range struct {
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// holds tells whether raw lies in the interval.
func (r Range) holds(raw uint64) bool { return r.From <= raw && raw <= r.To }

// end returns how many bits of data the signal needs.
func (s *Signal) end() int { return s.Start + s.Length }
