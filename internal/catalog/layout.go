package catalog

import (
	"fmt"
	"math"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/fleetms/obdctl/internal/catalog/unit"
)

// layout is what a file says of a signal's place and kind, before it is one.
type layout struct {
	at, kind, order, support, when string
	bits                           int // -1 when the file gives none
	bounds                         []float64
}

var kinds = map[string]Kind{"number": Number, "enum": Enum, "flag": Flag, "text": Text, "hex": Hex, "float": Float, "dtc": Code}

func (l *layout) readRange(n *yaml.Node) error {
	err := readList(n, "range", func(n *yaml.Node) error {
		l.bounds = append(l.bounds, 0)
		return readFloat(&l.bounds[len(l.bounds)-1])(n)
	})
	if err == nil && (len(l.bounds) != 2 || l.bounds[0] > l.bounds[1]) {
		err = at(n.Line, "range is [least, most]")
	}
	return err
}

// apply gives s its place, kind, bounds and conditions.
func (l *layout) apply(s *Signal) error {
	if s.ID == "" {
		return fmt.Errorf("it has no id")
	}
	if l.order != "" && l.order != "little" && l.order != "big" {
		return fmt.Errorf("order is big or little, not %q", l.order)
	}
	s.LittleEndian = l.order == "little"
	if err := l.place(s); err != nil {
		return err
	}
	if err := l.kindOf(s); err != nil {
		return err
	}
	if err := l.conditions(s); err != nil {
		return err
	}
	if !unit.Known(s.Unit) {
		return fmt.Errorf("unit %q is not one of the UCUM codes in docs/signals.md", s.Unit)
	}
	if s.Min, s.Max = s.bounds(); l.bounds != nil {
		s.Min, s.Max = l.bounds[0], l.bounds[1]
	}
	return nil
}

func (l *layout) place(s *Signal) error {
	if l.at == "" {
		if l.bits < 0 {
			return fmt.Errorf("it needs at (A-B) or start and bits")
		}
		s.Length = l.bits
		return nil
	}
	if l.bits >= 0 || s.Start != 0 {
		return fmt.Errorf("it has both at and start or bits")
	}
	p, err := parseSpan(l.at)
	if err != nil {
		return err
	}
	if s.LittleEndian && p.firstByte != p.lastByte && !p.whole() && !p.open {
		return fmt.Errorf("little-endian bits across bytes are given as start and bits")
	}
	if p.open {
		s.Start, s.Length = p.firstByte*8, 0
		return nil
	}
	s.Start, s.Length = p.start(s.LittleEndian), p.length()
	return nil
}

// kindOf takes the kind from the file or, where it says none, from what the signal has.
func (l *layout) kindOf(s *Signal) error {
	kind, known := kinds[l.kind]
	switch {
	case l.kind != "" && !known:
		return fmt.Errorf("kind %q is not number, enum, flag, text, hex, float or dtc", l.kind)
	case l.kind == "" && len(s.States) > 0:
		kind = Enum
	case l.kind == "" && s.Length == 1:
		kind = Flag
	}
	s.Kind = kind
	return s.check()
}

// check tells what no decoder could follow.
func (s *Signal) check() error {
	whole := s.Kind == Text || s.Kind == Hex
	switch {
	case s.Start < 0 || s.end() > maxBytes*8:
		return fmt.Errorf("it ends behind the longest reply")
	case whole && (s.Length%8 != 0 || s.Start%8 != 0):
		return fmt.Errorf("texts and hexadecimal digits are whole bytes")
	case !whole && (s.Length < 1 || s.Length > 64):
		return fmt.Errorf("a number has 1 to 64 bits, not %d", s.Length)
	case s.Kind == Float && s.Length != 32 && s.Length != 64:
		return fmt.Errorf("a float has 32 or 64 bits, not %d", s.Length)
	case s.Kind == Flag && s.Length != 1:
		return fmt.Errorf("a flag has one bit, not %d", s.Length)
	case s.Kind == Code && s.Length != 16:
		return fmt.Errorf("a trouble code has 16 bits, not %d", s.Length)
	case s.Kind == Enum && len(s.States) == 0:
		return fmt.Errorf("an enumeration needs states")
	}
	return nil
}

func (l *layout) conditions(s *Signal) error {
	if l.support != "" {
		p, err := parseSpan(l.support)
		if err != nil || p.open || p.length() != 1 {
			return fmt.Errorf("support %q is not one bit such as A.0", l.support)
		}
		s.Support = p.start(s.LittleEndian)
	}
	if l.when == "" {
		return nil
	}
	place, value, _ := strings.Cut(l.when, "=")
	p, err := parseSpan(strings.TrimSpace(place))
	if err != nil || p.open || p.length() > 64 {
		return fmt.Errorf("when %q is not bits and their value such as B.3=1", l.when)
	}
	in, err := parseRange(strings.TrimSpace(value))
	if err != nil {
		return fmt.Errorf("when %q is not bits and their value such as B.3=1", l.when)
	}
	s.When = Condition{Start: p.start(false), Length: p.length(), In: []Range{in}}
	return nil
}

// bounds returns what the bits can express.
func (s *Signal) bounds() (least, most float64) {
	if s.Kind != Number {
		return 0, 0
	}
	from, to := 0.0, math.Ldexp(1, s.Length)-1
	if s.Signed {
		from, to = -math.Ldexp(1, s.Length-1), math.Ldexp(1, s.Length-1)-1
	}
	a, b := from*s.Mul/s.Div+s.Add, to*s.Mul/s.Div+s.Add
	return min(a, b), max(a, b)
}
