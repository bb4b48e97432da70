package catalog

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Value is one decoded signal.
type Value struct {
	Signal *Signal
	Number float64
	Text   string // state code, text or hexadecimal digits; "" for plain numbers and flags
	Raw    uint64
	// Absent is set when the support bit is clear or the raw value means "not available".
	Absent bool
}

// OutOfRange tells that the raw value stands for a number outside what the standard allows, also where
// Number is clamped to it.
func (v Value) OutOfRange() bool {
	s := v.Signal
	if (s.Kind != Number && s.Kind != Float) || s.Min >= s.Max {
		return false
	}
	n := s.number(v.Raw)
	return n < s.Min || n > s.Max || math.IsNaN(n)
}

// State returns the meaning of an enumeration's or a flag's value. A flag without states of its own
// reads "no" or "yes"; a number that the enumeration does not name gives false.
func (v Value) State() (State, bool) {
	if s, ok := v.Signal.States[v.Raw]; ok {
		return s, true
	}
	if v.Signal.Kind != Flag {
		return State{}, false
	}
	if v.Raw == 0 {
		return State{Code: "NO", Text: "no"}, true
	}
	return State{Code: "YES", Text: "yes"}, true
}

// Reading returns the value as everything outside the catalogue speaks of it.
func (v Value) Reading(at time.Time, ecu obd.Address) obd.Reading {
	return obd.Reading{
		At: at, ECU: ecu,
		Signal: v.Signal.ID, Name: v.Signal.Name, Unit: v.Signal.Unit,
		Value: tidy(v.Number), Text: v.Text, Absent: v.Absent,
	}
}

// tidy takes the noise of binary fractions off: 116.69999999999999 is 116.7. Nine decimals are more than any
// standard scales by.
func tidy(v float64) float64 {
	if math.Abs(v) > 1e6 {
		return v
	}
	return math.Round(v*1e9) / 1e9
}
