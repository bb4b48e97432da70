package monitor

import "math"

// Scaling turns the 16-bit raw number of a test result into a value: raw*Factor + Offset.
type Scaling struct {
	ID     byte
	Factor float64
	Offset float64
	Unit   string // UCUM; "" for counts, states and raw numbers
	// Known is false for an id on no list: value is then the raw number, signed or not as the id says.
	Known bool
}

// Signed tells that the raw number is two's complement: every id from 80 on (SAE J1979-DA, unit and scaling).
func (s Scaling) Signed() bool { return s.ID >= 0x80 }

// Raw returns the raw number with its sign.
func (s Scaling) Raw(bits uint16) int {
	if s.Signed() {
		return int(int16(bits))
	}
	return int(bits)
}

// precision is finer than every factor, so that rounding to it only takes away what binary fractions add.
const precision = 1e10

// Value returns the scaled value, 0.3 and not 0.30000000000000004.
func (s Scaling) Value(bits uint16) float64 {
	return math.Round((float64(s.Raw(bits))*s.Factor+s.Offset)*precision) / precision
}

// Lowest and Highest return the ends of the raw range; a limit that lies on its end limits nothing.
func (s Scaling) Lowest() uint16 {
	if s.Signed() {
		return 0x8000
	}
	return 0
}

// Highest returns the upper end of the raw range.
func (s Scaling) Highest() uint16 {
	if s.Signed() {
		return 0x7FFF
	}
	return 0xFFFF
}

// ScalingOf returns the scaling of a unit-and-scaling id.
func ScalingOf(id byte) Scaling {
	if s, ok := scalings[id]; ok {
		s.ID, s.Known = id, true
		return s
	}
	return Scaling{ID: id, Factor: 1}
}
