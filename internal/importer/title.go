package importer

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// title is a column's heading, taken apart.
type title struct {
	full string // as it stands
	name string // without the unit and the marks around it
	bare string // without a unit in brackets only: "ENGINE_RPM", whose name would be "ENGINE"
	unit string // UCUM, "" when none is said
	said bool   // that a unit is said
}

// parseTitle takes apart what programs write above a column: "Engine RPM(rpm)", "Speed (OBD)(km/h)",
// "Vehicle speed [km/h]", "coolant_temp_c", "SAE.MAP inHg", "Time, s".
func parseTitle(full string) title {
	full = strings.TrimSpace(strings.Trim(strings.TrimSpace(full), "\"'\uFEFF"))
	t := title{full: full, name: full, bare: full}
	for i, cut := range []func(string) (string, string, bool){cutBrackets, cutComma, cutWord, cutSuffix} {
		name, word, ok := cut(t.name)
		if !ok {
			continue
		}
		if code, known := findUnit(word); known {
			t.name, t.unit, t.said = name, code, true
			if i < 2 {
				t.bare = name
			}
			break
		}
		if strings.TrimSpace(word) == "" {
			t.name, t.bare = name, name
		}
	}
	return t
}

// cutBrackets cuts "(km/h)" or "[RPM]" off the end; brackets within them stay: "gal (US)/h".
func cutBrackets(s string) (name, word string, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", "", false
	}
	var opening byte
	closing := s[len(s)-1]
	switch closing {
	case ')':
		opening = '('
	case ']':
		opening = '['
	default:
		return "", "", false
	}
	depth := 0
	for i := len(s) - 1; i >= 0; i-- {
		switch s[i] {
		case closing:
			depth++
		case opening:
			if depth--; depth == 0 {
				return strings.TrimSpace(s[:i]), s[i+1 : len(s)-1], i > 0
			}
		}
	}
	return "", "", false
}

// cutComma cuts ", s" off the end.
func cutComma(s string) (name, word string, ok bool) {
	i := strings.LastIndex(s, ",")
	if i <= 0 {
		return "", "", false
	}
	return strings.TrimSpace(s[:i]), s[i+1:], true
}

// cutWord cuts the last word off, where it can be nothing but a unit: "SAE.RPM rpm", "Speed km/h".
func cutWord(s string) (name, word string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i <= 0 {
		return "", "", false
	}
	word = s[i+1:]
	if len(word) < 2 && word != "%" && word != "V" {
		return "", "", false
	}
	if strings.Contains(s[:i], ".") { // SAE.RPM rpm
		return strings.TrimSpace(s[:i]), word, true
	}
	switch strings.ToLower(word) { // words of names
	case "min", "in", "gps", "ps", "ratio", "count", "raw", "rpm", "a", "d", "lambda", "std", "grad", "h", "voltage", "degree", "second", "hour":
		return "", "", false
	}
	return strings.TrimSpace(s[:i]), word, true
}

// suffixes are the units that programmers put behind an underscore.
var suffixes = map[string]string{
	"c": "°C", "degc": "°C", "celsius": "°C", "f": "°F", "degf": "°F", "k": "K", "kpa": "kPa", "pa": "Pa", "hpa": "hPa", "mpa": "MPa", "bar": "bar", "mbar": "mbar", "psi": "psi", "inhg": "inHg",
	"kmh": "km/h", "kph": "km/h", "kmph": "km/h", "mph": "mph", "mps": "m/s", "ms2": "m/s²", "mps2": "m/s²", "rpm": "rpm", "pct": "%", "percent": "%", "perc": "%", "gs": "g/s", "gps": "g/s", "lph": "L/h",
	"v": "V", "volts": "V", "mv": "mV", "a": "A", "ma": "mA", "s": "s", "sec": "s", "secs": "s", "seconds": "s", "ms": "ms", "us": "µs", "min": "min", "minutes": "min", "h": "h",
	"km": "km", "mi": "mi", "miles": "mi", "m": "m", "ft": "ft", "deg": "°", "rad": "rad", "hz": "Hz", "nm": "N·m", "kw": "kW", "hp": "hp", "l": "L", "kwh": "kWh", "g": "g", "dps": "deg/s", "ohm": "ohm", "mohm": "mohm",
}

// longSuffixes are those of two words.
var longSuffixes = map[string]string{
	"g_s": "g/s", "km_h": "km/h", "m_s": "m/s", "m_s2": "m/s²", "l_h": "L/h", "deg_c": "°C", "deg_f": "°F", "deg_s": "deg/s", "rad_s": "rad/s", "kg_h": "kg/h", "l_min": "L/min",
}

// cutSuffix cuts "_kpa" off a programmer's name.
func cutSuffix(s string) (name, word string, ok bool) {
	i := strings.LastIndexByte(s, '_')
	if i <= 0 || strings.ContainsAny(s, " ()[]") {
		return "", "", false
	}
	if j := strings.LastIndexByte(s[:i], '_'); j > 0 { // maf_g_s
		if symbol, ok := longSuffixes[strings.ToLower(s[j+1:])]; ok {
			return s[:j], symbol, true
		}
	}
	symbol, ok := suffixes[strings.ToLower(s[i+1:])]
	return s[:i], symbol, ok
}

// maxID bounds the ids of signals that only a file knows, in bytes.
const maxID = 64

// cleanID makes a signal id of a title: capitals and digits, everything else one underscore.
func cleanID(name string) string {
	var b strings.Builder
	gap := false
	for _, c := range norm.NFKC.String(name) { // CO₂ becomes CO2
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			gap = b.Len() > 0
			continue
		}
		if b.Len() >= maxID-4 {
			break
		}
		if gap {
			b.WriteByte('_')
			gap = false
		}
		b.WriteRune(unicode.ToUpper(c))
	}
	if b.Len() == 0 {
		return "COLUMN"
	}
	return b.String()
}

// plain reduces a name to its letters and digits in lower case, which tell names apart.
func plain(name string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) {
			return unicode.ToLower(c)
		}
		return -1
	}, name)
}
