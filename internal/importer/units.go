package importer

import (
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/unit"
)

// scale turns a number of one unit into that of another: to = from*Mul + Add.
type scale struct{ mul, add float64 }

func (s scale) apply(v float64) float64 {
	if s.mul == 1 && s.add == 0 {
		return v
	}
	return v*s.mul + s.add
}

// quantity is a unit as a multiple of its quantity's base unit: base = value*mul + add.
type quantity struct {
	base string
	scale
}

// quantities tells the units that convert into each other, by their UCUM codes. The factors are exact where
// the definition is (international foot, avoirdupois pound, US gallon, mechanical horsepower).
var quantities = map[string]quantity{
	"Cel": {"Cel", scale{1, 0}}, "[degF]": {"Cel", scale{5.0 / 9, -160.0 / 9}}, "K": {"Cel", scale{1, -273.15}},
	"km/h": {"km/h", scale{1, 0}}, "m/s": {"km/h", scale{3.6, 0}}, "[mi_i]/h": {"km/h", scale{1.609344, 0}},
	"[kn_i]": {"km/h", scale{1.852, 0}}, "[ft_i]/s": {"km/h", scale{1.09728, 0}},
	"Pa": {"Pa", scale{1, 0}}, "kPa": {"Pa", scale{1000, 0}}, "MPa": {"Pa", scale{1e6, 0}}, "hPa": {"Pa", scale{100, 0}},
	"bar": {"Pa", scale{1e5, 0}}, "mbar": {"Pa", scale{100, 0}}, "[psi]": {"Pa", scale{6894.757293168361, 0}},
	"[in_i'Hg]": {"Pa", scale{3386.389, 0}}, "mm[Hg]": {"Pa", scale{133.322387415, 0}}, "[in_i'H2O]": {"Pa", scale{249.08891, 0}},
	"kgf/cm2": {"Pa", scale{98066.5, 0}},
	"mm":      {"m", scale{0.001, 0}}, "cm": {"m", scale{0.01, 0}}, "m": {"m", scale{1, 0}}, "km": {"m", scale{1000, 0}},
	"[in_i]": {"m", scale{0.0254, 0}}, "[ft_i]": {"m", scale{0.3048, 0}}, "[yd_i]": {"m", scale{0.9144, 0}}, "[mi_i]": {"m", scale{1609.344, 0}},
	"us": {"s", scale{1e-6, 0}}, "ms": {"s", scale{0.001, 0}}, "s": {"s", scale{1, 0}}, "min": {"s", scale{60, 0}}, "h": {"s", scale{3600, 0}}, "d": {"s", scale{86400, 0}},
	"uV": {"V", scale{1e-6, 0}}, "mV": {"V", scale{0.001, 0}}, "V": {"V", scale{1, 0}}, "kV": {"V", scale{1000, 0}},
	"uA": {"A", scale{1e-6, 0}}, "mA": {"A", scale{0.001, 0}}, "A": {"A", scale{1, 0}},
	"uOhm": {"Ohm", scale{1e-6, 0}}, "mOhm": {"Ohm", scale{0.001, 0}}, "Ohm": {"Ohm", scale{1, 0}}, "kOhm": {"Ohm", scale{1000, 0}},
	"mA.h": {"A.h", scale{0.001, 0}}, "A.h": {"A.h", scale{1, 0}},
	"W": {"W", scale{1, 0}}, "mW": {"W", scale{0.001, 0}}, "kW": {"W", scale{1000, 0}}, "[HP]": {"W", scale{745.6998715822702, 0}}, "{PS}": {"W", scale{735.49875, 0}},
	"W.h": {"W.h", scale{1, 0}}, "kW.h": {"W.h", scale{1000, 0}},
	"g": {"g", scale{1, 0}}, "mg": {"g", scale{0.001, 0}}, "kg": {"g", scale{1000, 0}}, "[lb_av]": {"g", scale{453.59237, 0}},
	"g/s": {"g/s", scale{1, 0}}, "kg/h": {"g/s", scale{1 / 3.6, 0}}, "[lb_av]/min": {"g/s", scale{453.59237 / 60, 0}}, "kg/s": {"g/s", scale{1000, 0}},
	"L": {"L", scale{1, 0}}, "mL": {"L", scale{0.001, 0}}, "[gal_us]": {"L", scale{3.785411784, 0}}, "[gal_br]": {"L", scale{4.54609, 0}},
	"L/h": {"L/h", scale{1, 0}}, "mL/min": {"L/h", scale{0.06, 0}}, "[gal_us]/h": {"L/h", scale{3.785411784, 0}}, "mL/s": {"L/h", scale{3.6, 0}}, "L/min": {"L/h", scale{60, 0}},
	"N.m": {"N.m", scale{1, 0}}, "[ft_i].[lbf_av]": {"N.m", scale{1.3558179483314004, 0}}, "[in_i].[lbf_av]": {"N.m", scale{0.1129848290276167, 0}},
	"m/s2": {"m/s2", scale{1, 0}}, "[g]": {"m/s2", scale{9.80665, 0}}, "[ft_i]/s2": {"m/s2", scale{0.3048, 0}},
	"deg": {"deg", scale{1, 0}}, "rad": {"deg", scale{57.29577951308232, 0}},
	"deg/s": {"deg/s", scale{1, 0}}, "rad/s": {"deg/s", scale{57.29577951308232, 0}},
	"/min": {"/min", scale{1, 0}}, "/s": {"/min", scale{60, 0}}, "{k}/min": {"/min", scale{1000, 0}},
	"%": {"%", scale{1, 0}}, "1": {"1", scale{1, 0}}, "": {"", scale{1, 0}},
}

// convert returns how numbers of one unit become those of another, false when they measure something else.
func convert(from, to string) (scale, bool) {
	if from == to {
		return scale{1, 0}, true
	}
	a, okA := quantities[from]
	b, okB := quantities[to]
	if !okA || !okB || a.base != b.base {
		return scale{}, false
	}
	return scale{a.mul / b.mul, (a.add - b.add) / b.mul}, true
}

// metric is the unit that a signal of our own is kept in, when a file has another.
var metric = map[string]string{
	"[degF]": "Cel", "K": "Cel", "[mi_i]/h": "km/h", "[kn_i]": "km/h", "[ft_i]/s": "km/h", "[psi]": "kPa", "[in_i'Hg]": "kPa", "hPa": "kPa", "bar": "kPa", "mbar": "kPa", "Pa": "kPa", "MPa": "kPa",
	"mm[Hg]": "kPa", "[in_i'H2O]": "kPa", "kgf/cm2": "kPa", "[in_i]": "mm", "[ft_i]": "m", "[yd_i]": "m", "[mi_i]": "km",
	"[HP]": "kW", "{PS}": "kW", "[lb_av]": "kg", "[lb_av]/min": "g/s", "kg/s": "g/s", "[gal_us]": "L", "[gal_br]": "L", "[gal_us]/h": "L/h",
	"mL/min": "L/h", "mL/s": "L/h", "L/min": "L/h", "[ft_i].[lbf_av]": "N.m", "[in_i].[lbf_av]": "N.m", "[ft_i]/s2": "m/s2", "{k}/min": "/min", "uA": "mA",
}

// unitWords are other ways to write a unit, in lower case and without blanks, beside the catalogue's own symbols.
var unitWords = map[string]string{
	"c": "Cel", "°c": "Cel", "ºc": "Cel", "℃": "Cel", "degc": "Cel", "celsius": "Cel", "deg.c": "Cel", "gradc": "Cel", "*c": "Cel", "‰c": "Cel",
	"f": "[degF]", "°f": "[degF]", "ºf": "[degF]", "℉": "[degF]", "degf": "[degF]", "fahrenheit": "[degF]", "deg.f": "[degF]",
	".c": "Cel", ".f": "[degF]", "k": "K", "kelvin": "K",
	"km/h": "km/h", "kmh": "km/h", "kph": "km/h", "kmph": "km/h", "km/hr": "km/h", "kilometersperhour": "km/h", "км/ч": "km/h",
	"mph": "[mi_i]/h", "mi/h": "[mi_i]/h", "milesperhour": "[mi_i]/h", "m/s": "m/s", "meters/second": "m/s", "metres/second": "m/s", "mps": "m/s",
	"kn": "[kn_i]", "kt": "[kn_i]", "kts": "[kn_i]", "knots": "[kn_i]", "ft/s": "[ft_i]/s",
	"rpm": "/min", "r/min": "/min", "1/min": "/min", "u/min": "/min", "min-1": "/min", "rev/min": "/min", "tr/min": "/min", "об/мин": "/min", "giri/min": "/min", "x1000rpm": "{k}/min",
	"%": "%", "percent": "%", "pct": "%", "kpa": "kPa", "kpa(abs)": "kPa", "kpaabs": "kPa", "pa": "Pa", "hpa": "hPa", "mpa": "MPa", "mbar": "mbar", "bar": "bar", "bars": "bar",
	"psi": "[psi]", "psia": "[psi]", "psig": "[psi]", "lbf/in2": "[psi]", "lb/in²": "[psi]", "inhg": "[in_i'Hg]", "in.hg": "[in_i'Hg]", "mmhg": "mm[Hg]", "inh2o": "[in_i'H2O]", "in.h2o": "[in_i'H2O]",
	"kg/cm2": "kgf/cm2", "kg/cm²": "kgf/cm2", "кпа": "kPa",
	"v": "V", "volt": "V", "volts": "V", "voltage": "V", "mv": "mV", "a": "A", "amp": "A", "amps": "A", "ampere": "A", "ma": "mA", "ua": "uA", "µa": "uA", "μa": "uA", "ah": "A.h", "mah": "mA.h",
	"s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s", "sek": "s", "сек": "s", "ms": "ms", "msec": "ms", "ms.": "ms", "milliseconds": "ms", "millis": "ms", "us": "us", "µs": "us", "μs": "us",
	"min": "min", "mins": "min", "minute": "min", "minutes": "min", "h": "h", "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "std": "h", "d": "d", "days": "d",
	"km": "km", "kilometers": "km", "kilometres": "km", "m": "m", "meter": "m", "meters": "m", "metres": "m", "mm": "mm", "cm": "cm", "mi": "[mi_i]", "mile": "[mi_i]", "miles": "[mi_i]", "ft": "[ft_i]", "feet": "[ft_i]", "in": "[in_i]", "inch": "[in_i]", "км": "km",
	"g/s": "g/s", "gm/s": "g/s", "gps": "g/s", "g/sec": "g/s", "gs": "g/s", "grams/sec": "g/s", "lb/min": "[lb_av]/min", "lbs/min": "[lb_av]/min", "lb/m": "[lb_av]/min", "kg/h": "kg/h", "kg/hr": "kg/h", "kg/s": "kg/s",
	"mg/stroke": "mg/{stroke}", "mg/str": "mg/{stroke}", "mg/cyl": "mg/{stroke}", "mg/hub": "mg/{stroke}",
	"l": "L", "litre": "L", "liter": "L", "litres": "L", "liters": "L", "ml": "mL", "gal": "[gal_us]", "gal(us)": "[gal_us]", "gal(uk)": "[gal_br]",
	"l/h": "L/h", "l/hr": "L/h", "lph": "L/h", "gal/h": "[gal_us]/h", "gal/hr": "[gal_us]/h", "gph": "[gal_us]/h", "gal(us)/h": "[gal_us]/h", "cc/min": "mL/min", "ml/min": "mL/min", "ml/s": "mL/s", "l/min": "L/min", "l/m": "L/min", "л/ч": "L/h",
	"l/100km": "L/(100.km)", "mpg": "[mi_i]/[gal_us]", "mpg(us)": "[mi_i]/[gal_us]", "kwh/100km": "kW.h/(100.km)", "wh/km": "W.h/km", "km/l": "km/L", "kpl": "km/L",
	"hp": "[HP]", "bhp": "[HP]", "ps": "{PS}", "cv": "{PS}", "pk": "{PS}", "kw": "kW", "w": "W", "kwh": "kW.h", "wh": "W.h",
	"nm": "N.m", "n.m": "N.m", "n·m": "N.m", "n⋅m": "N.m", "ft-lb": "[ft_i].[lbf_av]", "ft-lbs": "[ft_i].[lbf_av]", "lb-ft": "[ft_i].[lbf_av]", "lbft": "[ft_i].[lbf_av]", "ftlb": "[ft_i].[lbf_av]", "lb·ft": "[ft_i].[lbf_av]",
	"m/s2": "m/s2", "m/s²": "m/s2", "m/s^2": "m/s2", "g": "[g]", "gs.": "[g]", "gforce": "[g]", "ft/s2": "[ft_i]/s2", "ft/s²": "[ft_i]/s2",
	"°": "deg", "deg": "deg", "degree": "deg", "degrees": "deg", "grad": "deg", "°ca": "deg", "°btdc": "deg", "btdc": "deg", "°tdc": "deg", "°crk": "deg", "rad": "rad", "deg/s": "deg/s", "°/s": "deg/s", "rad/s": "rad/s",
	"hz": "Hz", "khz": "kHz", "ohm": "Ohm", "ohms": "Ohm", "ω": "Ohm", "kohm": "kOhm", "mohm": "mOhm", "ppm": "[ppm]", "kg": "kg", "lb": "[lb_av]", "lbs": "[lb_av]", "lambda": "1", "λ": "1", "ratio": "1", ":1": "1", "g/km": "g/km", "lx": "lx", "lux": "lx",
	"revolutions_per_minute": "/min", "revolution_per_minute": "/min", "revolutionsperminute": "/min", "degree_celsius": "Cel", "degreecelsius": "Cel", "degreescelsius": "Cel", "degree_fahrenheit": "[degF]", "degreesfahrenheit": "[degF]",
	"kilometer_per_hour": "km/h", "kilometer/hour": "km/h", "kilometers_per_hour": "km/h", "mile_per_hour": "[mi_i]/h", "mile/hour": "[mi_i]/h", "gram/second": "g/s", "grams_per_second": "g/s", "gramspersecond": "g/s", "kilopascal": "kPa", "kilopascals": "kPa", "pascal": "Pa", "milliampere": "mA", "millivolt": "mV", "kilometer": "km", "liter/hour": "L/h", "liters_per_hour": "L/h", "newton_meter": "N.m", "gforces": "[g]",
	"#": "", "count": "", "sats": "", "unixtime": "", "bool": "", "boolean": "", "on/off": "", "raw": "",
}

// findUnit returns the UCUM code of a unit as people write it.
func findUnit(word string) (string, bool) {
	word = strings.TrimSpace(word)
	switch word {
	case "":
		return "", false
	case "C": // no car says coulomb
		return "Cel", true
	case "G", "Gs", "g's":
		return "[g]", true
	}
	if unit.Known(word) || quantities[word].base != "" {
		if code, ok := unitWords[strings.ToLower(word)]; ok && strings.ToLower(word) == word {
			return code, true // "g" on its own means the acceleration, "m/s" itself
		}
		return word, true
	}
	if code, ok := unit.FromSymbol(word); ok {
		return code, true
	}
	code, ok := unitWords[strings.ToLower(strings.Join(strings.Fields(word), ""))]
	return code, ok
}
