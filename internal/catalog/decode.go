package catalog

import (
	"fmt"
	"math"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// ShortError tells that a reply holds fewer data bytes than the command has. What fitted was decoded.
type ShortError struct {
	Want, Got int // data bytes behind the id
}

func (e *ShortError) Error() string {
	return fmt.Sprintf("reply too short: %d data bytes, want %d", e.Got, e.Want)
}

// Decode appends the signals in data, the bytes behind the id, to dst. Signals beyond the end of data
// are left out and a [*ShortError] comes with the rest, as it does for any reply shorter than Length;
// signals beyond Length are there only in longer replies. Bytes beyond the last signal are padding.
// Signals that the ECU does not have are there with Absent set and the number that stands in their
// bits. It allocates only to grow dst and for text.
func (c *Command) Decode(dst []Value, data []byte) ([]Value, error) {
	want, bits := 0, c.Length*8
	if c.Length == 0 {
		bits = math.MaxInt
	}
	for i := range c.Signals {
		s := &c.Signals[i]
		if len(s.Mux) > 0 && !s.selected(data) {
			continue
		}
		dst = append(dst, Value{Signal: s})
		if s.decode(&dst[len(dst)-1], data) {
			continue
		}
		dst = dst[:len(dst)-1]
		if s.end() <= bits {
			want = max(want, s.end())
		}
	}
	if want > 0 || len(data) < c.Length {
		return dst, &ShortError{Want: max((want+7)/8, c.Length), Got: len(data)}
	}
	return dst, nil
}

// selected tells that the multiplexors of a DBC message select the signal.
func (s *Signal) selected(data []byte) bool {
	for i := range s.Mux {
		if holds, _ := s.Mux[i].holds(data); !holds {
			return false
		}
	}
	return true
}

// decode fills v; false when the data ends before the signal does.
func (s *Signal) decode(v *Value, data []byte) bool {
	if s.Kind == Text || s.Kind == Hex {
		return s.decodeText(v, data)
	}
	raw, ok := field(data, s.Start, s.Length, s.LittleEndian)
	if !ok {
		return false
	}
	v.Raw = raw
	v.Absent = s.absent(data, raw)
	switch s.Kind {
	case Enum:
		v.Number, v.Text = float64(raw), s.States[raw].Code
	case Flag:
		v.Number = float64(raw)
	case Code:
		v.Number, v.Text = float64(raw), obd.FormatDTC(byte(raw>>8), byte(raw))
	default:
		v.Number = s.number(raw)
		if s.Clamp {
			v.Number = max(s.Min, min(v.Number, s.Max))
		}
	}
	return true
}

// number is the law: raw*Mul/Div + Add.
func (s *Signal) number(raw uint64) float64 {
	n := float64(raw)
	switch {
	case s.Kind == Float:
		n = float(raw, s.Length)
	case s.Signed:
		n = float64(signed(raw, s.Length))
	}
	return n*s.Mul/s.Div + s.Add
}

// absent tells that the ECU has no such sensor or that it has no value now.
func (s *Signal) absent(data []byte, raw uint64) bool {
	if s.Support >= 0 {
		if bit, ok := field(data, s.Support, 1, s.LittleEndian); ok && bit == 0 {
			return true
		}
	}
	if s.When.Length > 0 {
		if holds, known := s.When.holds(data); known && !holds {
			return true
		}
	}
	return len(s.NotAvailable) > 0 && within(raw, s.NotAvailable)
}

func float(raw uint64, length int) float64 {
	if length == 32 {
		return float64(math.Float32frombits(uint32(raw)))
	}
	return math.Float64frombits(raw)
}

// decodeText reads whole bytes; a Length of 0 takes all that follow.
func (s *Signal) decodeText(v *Value, data []byte) bool {
	from, to := s.Start/8, s.end()/8
	if s.Length == 0 {
		to = max(from, len(data))
	}
	if to > len(data) {
		return false
	}
	v.Absent = s.absent(data, 0)
	if s.Kind == Text {
		v.Text = strings.TrimSpace(strings.Map(printable, string(data[from:to])))
		return true
	}
	v.Text = fmt.Sprintf("%X", data[from:to])
	if s.Length > 0 && s.Length <= 64 {
		v.Raw, _ = field(data, s.Start, s.Length, false)
		v.Number = float64(v.Raw)
	}
	return true
}

// printable drops what is not printable ASCII: the padding of short texts (00, FF) and line noise.
func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}
