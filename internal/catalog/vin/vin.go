// Package vin reads vehicle identification numbers: ISO 3779 structure, ISO 3780 maker and country, the
// check digit of FMVSS 565 and GB 16735, and the model year where the maker writes one.
package vin

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/fleetms/obdctl/internal/obd"
)

// Length is that of every VIN since 1981.
const Length = 17

// longest bounds what is looked at: ECUs pad a VIN with a few bytes, not with a page.
const longest = 64

// Decode decodes a VIN as an ECU or a person gives it; model years are checked against today.
func Decode(vin string) obd.Vehicle { return DecodeAt(vin, time.Now()) }

// DecodeAt is [Decode] on a given day. Blanks, NUL padding and small letters are put right; a masked serial
// number ("*", or X or 0 throughout) costs only the check digit. What cannot be told is empty, and
// Explanation says why.
func DecodeAt(vin string, now time.Time) obd.Vehicle {
	n := number(clean(vin))
	v := obd.Vehicle{VIN: string(n)}
	var why reasons
	switch {
	case n == "":
		return v
	case len(n) != Length:
		why.add("%d characters, a VIN has %d", len(n), Length)
		v.Explanation = why.String()
		return v
	}
	masked := n.masked()
	v.Plausible = n.alphabet(&why)
	if n.wmi() != "" {
		v.WMI = n.wmi()
		n.origin(&v, &why)
	}
	n.checkDigit(&v, masked, &why)
	n.modelYear(&v, now, &why)
	if masked {
		why.add("the serial number is masked")
	}
	v.Explanation = why.String()
	return v
}

// number is a cleaned VIN.
type number string

// clean drops padding, blanks and separators and writes capitals.
func clean(s string) string {
	if len(s) > longest {
		s = s[:longest]
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7F || r == '-' || r == 0xFF || r == unicode.ReplacementChar || unicode.IsSpace(r) {
			return -1
		}
		if r > '~' {
			return '?'
		}
		return unicode.ToUpper(r)
	}, s)
}

// wmi returns the world manufacturer identifier, "" when it cannot be one.
func (n number) wmi() string {
	if strings.ContainsFunc(string(n[:3]), func(r rune) bool { return value(r) < 0 }) {
		return ""
	}
	return string(n[:3])
}

// alphabet tells that all characters are of the VIN's alphabet, which has no I, O and Q.
func (n number) alphabet(why *reasons) bool {
	for i, r := range string(n) {
		switch {
		case strings.ContainsRune("IOQ", r):
			why.add("character %d is %c: a VIN has no I, O and Q, probably a misread %c", i+1, r, misread(r))
			return false
		case r == '*' && n.masked():
			return false
		case value(r) < 0:
			why.add("character %d (%q) is not of the VIN alphabet", i+1, r)
			return false
		}
	}
	return true
}

func misread(r rune) rune {
	if r == 'I' {
		return '1'
	}
	return '0'
}

// masked tells that at least the last four characters are the same X, 0 or asterisk.
func (n number) masked() bool {
	tail := string(n[Length-4:])
	return strings.HasSuffix(string(n), "*") || tail == "XXXX" || n[Length-6:] == "000000"
}

// origin fills maker and country.
func (n number) origin(v *obd.Vehicle, why *reasons) {
	m := makerOf(v.WMI)
	v.Maker = m.name
	v.Country = countryOf(v.WMI)
	if v.Country == "" {
		if r := regionOf(n[0]); r != "" {
			why.add("country not in the list (region: %s)", r)
		}
	}
	switch {
	case m.name != "":
	case n[2] == '9':
		why.add("a maker of few vehicles, told by %s and positions 12 to 14 (%s)", v.WMI, n[11:14])
	default:
		why.add("maker %s is not in the list", v.WMI)
	}
}

// reasons collects what an explanation says.
type reasons struct{ strings.Builder }

func (r *reasons) add(format string, args ...any) {
	if r.Len() > 0 {
		r.WriteString("; ")
	}
	fmt.Fprintf(r, format, args...)
}
