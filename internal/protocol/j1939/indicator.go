package j1939

import (
	"encoding/json"
	"strconv"
)

// Indicator says what the highest values of a parameter mean instead of a measurement (SAE J1939-71,
// tables 1 and 2).
type Indicator uint8

// The ranges.
const (
	Valid Indicator = iota
	ParameterSpecific
	Reserved
	ErrorIndicator
	NotAvailable
)

var indicatorNames = [...]string{"valid", "parameter specific", "reserved", "error", "not available"}

func (i Indicator) String() string { return indicatorNames[i%5] }

// Indicate sorts the raw value of a parameter of so many bits. Below eight bits only the two highest
// values are taken out; from eight bits on the highest byte decides: FB, FC to FD, FE, FF.
func Indicate(raw uint64, bits int) Indicator {
	switch {
	case bits < 2 || bits > 64:
		return Valid
	case bits < 8:
		top := uint64(1)<<bits - 1
		if raw >= top {
			return NotAvailable
		}
		if raw == top-1 {
			return ErrorIndicator
		}
		return Valid
	}
	switch high := raw >> (bits - 8); {
	case high >= 0xFF:
		return NotAvailable
	case high == 0xFE:
		return ErrorIndicator
	case high >= 0xFC:
		return Reserved
	case high == 0xFB:
		return ParameterSpecific
	}
	return Valid
}

// Quantity is a measured number or the reason that there is none.
type Quantity struct {
	Value     float64
	Raw       uint64
	Indicator Indicator
}

// MarshalJSON writes the number, or the words for why there is none.
func (q Quantity) MarshalJSON() ([]byte, error) {
	if q.Indicator == Valid {
		return json.Marshal(q.Value)
	}
	return json.Marshal(q.Indicator.String())
}

// String is the number, or the words for why there is none.
func (q Quantity) String() string {
	if q.Indicator == Valid {
		return strconv.FormatFloat(q.Value, 'f', -1, 64)
	}
	return q.Indicator.String()
}

// quantity reads a little-endian number of 1 to 8 whole bytes.
func quantity(data []byte, scale float64) Quantity {
	var raw uint64
	for i, b := range data {
		raw |= uint64(b) << (8 * i)
	}
	q := Quantity{Raw: raw, Indicator: Indicate(raw, 8*len(data))}
	if q.Indicator == Valid {
		q.Value = float64(raw) * scale
	}
	return q
}

// put writes the raw number over whole bytes, lowest first.
func (q Quantity) put(to []byte) {
	for i := range to {
		to[i] = byte(q.Raw >> (8 * i))
	}
}
