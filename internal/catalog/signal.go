// Package catalog holds what the bytes mean: PIDs, InfoTypes, DIDs and signals as data, and the one
// decoder that reads them.
package catalog

// Signal is one value inside a reply: the one law for PIDs, DIDs, SPNs and DBC signals.
//
// value = raw*Mul/Div + Add, where raw is the bit field of Length bits that starts Start bits after
// the first data byte (most significant bit first, as J1979 letters its bytes A, B, C...; with
// LittleEndian set, Start counts as DBC and J1939 do, from the least significant bit of byte 0).
type Signal struct {
	ID   string // canonical id, permanent; the SAE J1979-DA short name where there is one: "RPM", "ECT"
	Name string // a few words for people
	Unit string // UCUM, "" for states, flags and counts

	Start        int // bits
	Length       int // bits; 1 to 64, or any multiple of 8 with Kind Text or Hex (0 there: all that follows)
	Kind         Kind
	Signed       bool // two's complement
	LittleEndian bool

	Mul float64 // Mul and Div are never 0 once loaded
	Div float64
	Add float64
	Min float64 // what the standard allows; outside is reported, not clamped
	Max float64
	// Clamp makes a number beyond Min or Max read as that bound, for signals whose last codes mean "this
	// or more"; OBDb v3 sets mean all their bounds so.
	Clamp bool

	// States maps raw numbers of enumerations to a short code and its meaning.
	States map[uint64]State
	// Support is the bit (counted as Start is) that says whether the ECU has this sensor, -1 for none.
	Support int
	// When must hold too, or the signal is absent: J1979 packs a narrow and a wide reading, or the
	// monitors of spark and of compression ignition, into the same bits.
	When Condition
	// Mux are the multiplexors of a DBC message that select the signal, all of which must hold; the signal
	// is left out where one does not.
	Mux []Condition
	// NotAvailable lists raw values or ranges that mean "no value" (J1939 FB..FF; OBDb nullmin/nullmax).
	NotAvailable []Range
}

// Condition asks a bit field for one of some values. The zero Condition holds.
type Condition struct {
	Start        int
	Length       int // bits; 0 for no condition
	LittleEndian bool
	In           []Range
}

// holds tells whether the condition holds in data; a field beyond its end does not tell.
func (c *Condition) holds(data []byte) (holds, known bool) {
	if c.Length == 0 {
		return true, true
	}
	raw, ok := field(data, c.Start, c.Length, c.LittleEndian)
	return ok && within(raw, c.In), ok
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
	Code string // short and stable: "CL", "GAS"
	Text string // what it means
}

// Range is a closed interval of raw values.
type Range struct {
	From uint64
	To   uint64
}

// within tells whether raw lies in one of the intervals.
func within(raw uint64, in []Range) bool {
	for _, r := range in {
		if r.From <= raw && raw <= r.To {
			return true
		}
	}
	return false
}

// end returns how many bits of data the signal needs.
func (s *Signal) end() int { return s.Start + s.Length }
