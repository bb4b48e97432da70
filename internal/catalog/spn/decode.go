package spn

import (
	"encoding/hex"
	"math"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Raw returns the parameter's bits from its group's data; false where the data end before.
func (p *Parameter) Raw(data []byte) (uint64, bool) {
	if p.Start < 0 || p.Bits < 1 || p.Bits > 64 || p.Start+p.Bits > 8*len(data) {
		return 0, false
	}
	var raw uint64
	for i := 0; i < p.Bits; i++ {
		at := p.Start + i
		raw |= uint64(data[at>>3]>>(at&7)&1) << i
	}
	return raw, true
}

// absent tells the values that stand for "not available", "error" and reserved ones (SAE J1939-71, tables 1
// and 2): from eight bits on those whose highest byte is FB or more, below the two highest.
func (p *Parameter) absent(raw uint64) bool {
	switch {
	case p.Bits >= 8:
		return raw>>(p.Bits-8) >= 0xFB
	case p.Kind == State:
		return raw == 1<<p.Bits-1
	case p.Bits >= 2:
		return raw >= 1<<p.Bits-2
	}
	return false
}

// why names the range of a value that is no measurement; "" for the plain "not available".
func (p *Parameter) why(raw uint64) string {
	if p.Bits < 8 {
		if p.Kind != State && raw == 1<<p.Bits-2 {
			return "error"
		}
		return ""
	}
	switch raw >> (p.Bits - 8) {
	case 0xFE:
		return "error"
	case 0xFC, 0xFD:
		return "reserved"
	case 0xFB:
		return "parameter specific"
	}
	return ""
}

// Max returns the highest value that is a measurement.
func (p *Parameter) Max() float64 {
	if p.Bits >= 8 {
		return tidy(float64(uint64(0xFB)<<(p.Bits-8)-1)*p.Scale + p.Offset)
	}
	return tidy(float64(max(1, uint64(1)<<p.Bits-3))*p.Scale + p.Offset)
}

// Min returns the lowest value.
func (p *Parameter) Min() float64 { return p.Offset }

// Reading decodes the parameter out of its group's data; false where the data end before it.
func (p *Parameter) Reading(data []byte, at time.Time, ecu obd.Address) (obd.Reading, bool) {
	if p.Kind == Text {
		from, to := p.Start/8, (p.Start+p.Bits)/8
		if p.Start < 0 || to > len(data) {
			return obd.Reading{}, false
		}
		r := p.reading(at, ecu)
		r.Text = printable(data[from:to])
		r.Absent = r.Text == ""
		return r, true
	}
	raw, ok := p.Raw(data)
	if !ok {
		return obd.Reading{}, false
	}
	return p.FromRaw(raw, at, ecu), true
}

// FromField decodes the bytes of the parameter alone, lowest first, as freeze frames hold them.
func (p *Parameter) FromField(field []byte, at time.Time, ecu obd.Address) obd.Reading {
	r := p.reading(at, ecu)
	if p.Bits == 0 || p.Kind == Text || len(field) > 8 || p.Bits > 8*len(field) {
		if r.Text = printable(field); p.Kind != Text {
			r.Text = strings.ToUpper(hex.EncodeToString(field))
		}
		r.Unit = ""
		return r
	}
	var raw uint64
	for i, b := range field {
		raw |= uint64(b) << (8 * i)
	}
	if p.Bits < 64 {
		raw &= 1<<p.Bits - 1
	}
	return p.FromRaw(raw, at, ecu)
}

// FromRaw scales a raw value.
func (p *Parameter) FromRaw(raw uint64, at time.Time, ecu obd.Address) obd.Reading {
	r := p.reading(at, ecu)
	if p.absent(raw) {
		r.Absent, r.Text = true, p.why(raw)
		return r
	}
	r.Value = tidy(float64(raw)*p.Scale + p.Offset)
	if s, ok := p.States[raw]; ok {
		r.Text = s.Code
	} else if p.Kind == Flag {
		r.Text = [...]string{"OFF", "ON", "", ""}[raw&3]
	}
	return r
}

func (p *Parameter) reading(at time.Time, ecu obd.Address) obd.Reading {
	return obd.Reading{At: obd.Stamp(at), ECU: ecu, Signal: p.ID, Name: p.Name, Unit: p.Unit}
}

// tidy removes the noise of binary fractions.
func tidy(v float64) float64 {
	const digits = 1e9
	if r := math.Round(v*digits) / digits; math.Abs(v) < 1e6 {
		return r
	}
	return v
}

func printable(data []byte) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, string(data)))
}
