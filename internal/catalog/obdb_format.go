package catalog

import (
	"fmt"
	"math"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// obdbFormat is the fmt of an OBDb signal: the law, in the words of that form.
type obdbFormat struct {
	signal           *Signal
	unit             string
	swapped          bool // blsb: the bytes are least significant first
	nullMin, nullMax *float64
}

func (f *obdbFormat) read(n *yaml.Node) error {
	s := f.signal
	return readMapping(n, "fmt", map[string]reader{
		"bix":     readInt(&s.Start, 0, maxBytes*8),
		"len":     readInt(&s.Length, 1, maxBytes*8),
		"blsb":    readBool(&f.swapped),
		"sign":    readBool(&s.Signed),
		"min":     readFloat(&s.Min),
		"max":     readFloat(&s.Max),
		"mul":     readFloat(&s.Mul),
		"div":     readFloat(&s.Div),
		"add":     readFloat(&s.Add),
		"unit":    readText(&f.unit, maxName),
		"nullmin": readLimit(&f.nullMin),
		"nullmax": readLimit(&f.nullMax),
		"map":     f.readMap,
		others:    pass,
	})
}

func readLimit(to **float64) reader {
	return func(n *yaml.Node) error {
		*to = new(float64)
		return readFloat(*to)(n)
	}
}

// readMap reads {"1": {"value": "GAS", "description": "petrol"}} or {"1": "GAS"}.
func (f *obdbFormat) readMap(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode {
		return at(n.Line, "map must be an object of raw values")
	}
	states := make(map[uint64]State, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, v := n.Content[i], n.Content[i+1]
		raw, err := strconv.ParseUint(key.Value, 10, 64)
		if err != nil {
			return at(key.Line, "map: %q is not a raw value", key.Value)
		}
		state := State{v.Value, v.Value}
		if v.Kind == yaml.MappingNode {
			err := readMapping(v, "a state", map[string]reader{
				"value":       readText(&state.Code, maxName),
				"description": readText(&state.Text, maxName),
				others:        pass,
			})
			if err != nil {
				return err
			}
		}
		states[raw] = state
	}
	f.signal.States = states
	return nil
}

// apply gives the signal its kind, unit, order and null values.
func (f *obdbFormat) apply() error {
	s := f.signal
	if s.Mul == 0 || s.Div == 0 {
		return fmt.Errorf("mul and div must not be 0")
	}
	u, known := obdbUnits[f.unit]
	if !known && f.unit != "" {
		u = obdbUnit{kind: Number} // a unit that the form has gained since: the number still stands
	}
	s.Unit, s.Kind = u.unit, u.kind
	switch {
	case len(s.States) > 0:
		s.Kind, s.Unit = Enum, ""
	case s.Kind == Flag && s.Length != 1:
		s.Kind = Number
	case s.Kind == Flag:
		s.States = u.states
	case (s.Kind == Text || s.Kind == Hex) && (s.Start%8 != 0 || s.Length%8 != 0):
		s.Kind = Number
	}
	if s.Kind == Number && s.Length == 0 {
		return fmt.Errorf("it has no len")
	}
	if f.swapped && s.Length > 8 {
		if err := f.swap(); err != nil {
			return err
		}
	}
	if err := s.check(); err != nil {
		return err
	}
	s.Clamp = (s.Kind == Number || s.Kind == Float) && s.Min < s.Max
	f.nulls()
	return nil
}

// swap turns the place of a signal whose bytes are least significant first into the count of DBC.
func (f *obdbFormat) swap() error {
	s := f.signal
	first, bits := s.Start/8, (s.Length+7)/8*8
	offset := s.Start % 8
	if offset+s.Length > bits {
		return fmt.Errorf("blsb bits must not reach into one byte more than they fill")
	}
	s.LittleEndian, s.Start = true, first*8+bits-offset-s.Length
	return nil
}

// nulls turns "no value at or below nullmin, at or above nullmax", which are scaled values, into raw ones.
func (f *obdbFormat) nulls() {
	const slack = 1e-9 // of a step: the bounds are decimal, the law is not
	s := f.signal
	if s.Kind != Number {
		return
	}
	low, high := f.nullMin, f.nullMax
	if s.Mul/s.Div < 0 {
		low, high = high, low
	}
	if low != nil {
		s.notAvailable(math.Inf(-1), math.Floor((*low-s.Add)*s.Div/s.Mul+slack))
	}
	if high != nil {
		s.notAvailable(math.Ceil((*high-s.Add)*s.Div/s.Mul-slack), math.Inf(1))
	}
}

// notAvailable adds the raw numbers from least to most, which are negative too where the signal is signed.
func (s *Signal) notAvailable(least, most float64) {
	top := math.Ldexp(1, s.Length) // 2^Length
	if !s.Signed {
		s.addRange(max(least, 0), min(most, top-1))
		return
	}
	s.addRange(max(least, 0), min(most, top/2-1))
	s.addRange(max(least, -top/2)+top, min(most, -1)+top)
}

func (s *Signal) addRange(from, to float64) {
	if from > to {
		return
	}
	most := uint64(math.MaxUint64)
	if to < math.Ldexp(1, 64) {
		most = uint64(to)
	}
	s.NotAvailable = append(s.NotAvailable, Range{uint64(from), most})
}
