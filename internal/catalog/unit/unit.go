// Package unit knows the UCUM codes that signals use: how people write them, and their imperial twin.
package unit

import "slices"

// Unit is one UCUM code.
type Unit struct {
	Code   string // UCUM, case sensitive
	Symbol string // as people write it
	Name   string
}

// units lists every code that a signal may have, by quantity.
var units = []Unit{
	{"", "", "state or count"},
	{"1", "", "ratio"},
	{"%", "%", "percent"},
	{"[ppm]", "ppm", "parts per million"},

	{"Cel", "°C", "degree Celsius"},
	{"[degF]", "°F", "degree Fahrenheit"},
	{"K", "K", "kelvin"},

	{"Pa", "Pa", "pascal"},
	{"kPa", "kPa", "kilopascal"},
	{"MPa", "MPa", "megapascal"},
	{"bar", "bar", "bar"},
	{"mbar", "mbar", "millibar"},
	{"[psi]", "psi", "pound-force per square inch"},
	{"[in_i'Hg]", "inHg", "inch of mercury"},

	{"/min", "rpm", "revolution per minute"},
	{"Hz", "Hz", "hertz"},
	{"uHz", "µHz", "microhertz"},
	{"nHz", "nHz", "nanohertz"},
	{"mHz", "mHz", "millihertz"},
	{"kHz", "kHz", "kilohertz"},
	{"MHz", "MHz", "megahertz"},
	{"GHz", "GHz", "gigahertz"},
	{"THz", "THz", "terahertz"},
	{"/s", "1/s", "per second"},
	{"deg/s", "°/s", "degree per second"},

	{"km/h", "km/h", "kilometre per hour"},
	{"m/s", "m/s", "metre per second"},
	{"[mi_i]/h", "mph", "mile per hour"},
	{"m/s2", "m/s²", "metre per second squared"},
	{"[g]", "g", "standard acceleration of free fall"},

	{"mm", "mm", "millimetre"},
	{"cm", "cm", "centimetre"},
	{"m", "m", "metre"},
	{"km", "km", "kilometre"},
	{"[in_i]", "in", "inch"},
	{"[ft_i]", "ft", "foot"},
	{"[yd_i]", "yd", "yard"},
	{"[mi_i]", "mi", "mile"},

	{"us", "µs", "microsecond"},
	{"ms", "ms", "millisecond"},
	{"s", "s", "second"},
	{"min", "min", "minute"},
	{"h", "h", "hour"},
	{"d", "d", "day"},

	{"uV", "µV", "microvolt"},
	{"mV", "mV", "millivolt"},
	{"V", "V", "volt"},
	{"kV", "kV", "kilovolt"},
	{"mA", "mA", "milliampere"},
	{"A", "A", "ampere"},
	{"kA", "kA", "kiloampere"},
	{"mA.h", "mAh", "milliampere hour"},
	{"A.h", "Ah", "ampere hour"},
	{"kA.h", "kAh", "kiloampere hour"},
	{"C", "C", "coulomb"},
	{"uOhm", "µΩ", "microohm"},
	{"mOhm", "mΩ", "milliohm"},
	{"Ohm", "Ω", "ohm"},
	{"kOhm", "kΩ", "kiloohm"},
	{"MOhm", "MΩ", "megaohm"},
	{"mW", "mW", "milliwatt"},
	{"W", "W", "watt"},
	{"kW", "kW", "kilowatt"},
	{"[HP]", "hp", "horsepower"},
	{"J", "J", "joule"},
	{"kJ", "kJ", "kilojoule"},
	{"W.h", "Wh", "watt hour"},
	{"kW.h", "kWh", "kilowatt hour"},
	{"kW.h/(100.km)", "kWh/100 km", "kilowatt hour per 100 kilometres"},
	{"kW.h/(100.[mi_i])", "kWh/100 mi", "kilowatt hour per 100 miles"},
	{"km/(kW.h)", "km/kWh", "kilometre per kilowatt hour"},
	{"[mi_i]/(kW.h)", "mi/kWh", "mile per kilowatt hour"},

	{"mg", "mg", "milligram"},
	{"g", "g", "gram"},
	{"kg", "kg", "kilogram"},
	{"[lb_av]", "lb", "pound"},
	{"g/s", "g/s", "gram per second"},
	{"kg/h", "kg/h", "kilogram per hour"},
	{"[lb_av]/min", "lb/min", "pound per minute"},
	{"mg/{stroke}", "mg/stroke", "milligram per stroke"},
	{"g/L", "g/L", "gram per litre"},
	{"mg/dL", "mg/dL", "milligram per decilitre"},
	{"mg/m3", "mg/m³", "milligram per cubic metre"},
	{"g/km", "g/km", "gram per kilometre"},

	{"uL", "µL", "microlitre"},
	{"mL", "mL", "millilitre"},
	{"L", "L", "litre"},
	{"[gal_us]", "gal", "US gallon"},
	{"L/h", "L/h", "litre per hour"},
	{"[gal_us]/h", "gal/h", "US gallon per hour"},
	{"L/(100.km)", "L/100 km", "litre per 100 kilometres"},
	{"[mi_i]/[gal_us]", "mpg", "mile per US gallon"},

	{"N", "N", "newton"},
	{"N.m", "N·m", "newton metre"},
	{"[ft_i].[lbf_av]", "lb·ft", "pound-force foot"},
	{"[in_i].[lbf_av]", "lb·in", "pound-force inch"},

	{"deg", "°", "degree of angle"},
	{"rad", "rad", "radian"},
	{"lx", "lx", "lux"},
	{"W/m2", "W/m²", "watt per square metre"},
	{"bit/s", "bit/s", "bit per second"},
}

// Find returns the unit with that UCUM code.
func Find(code string) (Unit, bool) {
	for _, u := range units {
		if u.Code == code {
			return u, true
		}
	}
	return Unit{}, false
}

// Known tells whether a signal may have that UCUM code.
func Known(code string) bool {
	_, ok := Find(code)
	return ok
}

// Symbol returns how people write the unit: "°C" for Cel, "rpm" for /min; an unknown code as it is.
func Symbol(code string) string {
	if u, ok := Find(code); ok {
		return u.Symbol
	}
	return code
}

// FromSymbol returns the code of a unit as people write it, false for none.
func FromSymbol(symbol string) (string, bool) {
	for _, u := range units {
		if u.Symbol == symbol {
			return u.Code, true
		}
	}
	return "", false
}

// All returns every unit, by quantity.
func All() []Unit { return slices.Clone(units) }
