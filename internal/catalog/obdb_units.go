package catalog

// obdbUnit is what an OBDb unit name says: a UCUM unit, or a kind of signal.
type obdbUnit struct {
	unit   string
	kind   Kind
	states map[uint64]State
}

func obdbFlag(zero, one string) obdbUnit {
	return obdbUnit{kind: Flag, states: map[uint64]State{0: {zero, zero}, 1: {one, one}}}
}

// obdbUnits maps the unit names of OBDb v3.
var obdbUnits = map[string]obdbUnit{
	"ascii":   {kind: Text},
	"hex":     {kind: Hex},
	"noyes":   obdbFlag("NO", "YES"),
	"yesno":   obdbFlag("YES", "NO"),
	"offon":   obdbFlag("OFF", "ON"),
	"onoff":   obdbFlag("ON", "OFF"),
	"scalar":  {},
	"unknown": {},
	"normal":  {unit: "1"},
	"percent": {unit: "%"},

	"celsius": {unit: "Cel"}, "fahrenheit": {unit: "[degF]"}, "kelvin": {unit: "K"},

	"millimeters": {unit: "mm"}, "centimeters": {unit: "cm"}, "meters": {unit: "m"}, "kilometers": {unit: "km"},
	"inches": {unit: "[in_i]"}, "feet": {unit: "[ft_i]"}, "yards": {unit: "[yd_i]"}, "miles": {unit: "[mi_i]"},

	"kilometersPerHour": {unit: "km/h"}, "metersPerSecond": {unit: "m/s"}, "milesPerHour": {unit: "[mi_i]/h"},
	"metersPerSecondSquared": {unit: "m/s2"}, "gravity": {unit: "[g]"},
	"rpm": {unit: "/min"}, "degrees": {unit: "deg"}, "radians": {unit: "rad"}, "framesPerSecond": {unit: "/s"},

	"milliseconds": {unit: "ms"}, "seconds": {unit: "s"}, "minutes": {unit: "min"}, "hours": {unit: "h"},

	"nanohertz": {unit: "nHz"}, "microhertz": {unit: "uHz"}, "millihertz": {unit: "mHz"}, "hertz": {unit: "Hz"},
	"kilohertz": {unit: "kHz"}, "megahertz": {unit: "MHz"}, "gigahertz": {unit: "GHz"}, "terahertz": {unit: "THz"},

	"milliamps": {unit: "mA"}, "amps": {unit: "A"}, "kiloamps": {unit: "kA"},
	"milliampereHours": {unit: "mA.h"}, "ampereHours": {unit: "A.h"}, "kiloampereHours": {unit: "kA.h"}, "coulombs": {unit: "C"},
	"millivolts": {unit: "mV"}, "volts": {unit: "V"}, "kilovolts": {unit: "kV"},
	"microohms": {unit: "uOhm"}, "milliohms": {unit: "mOhm"}, "ohms": {unit: "Ohm"}, "kiloohms": {unit: "kOhm"}, "megaohms": {unit: "MOhm"},

	"milliwatts": {unit: "mW"}, "watts": {unit: "W"}, "kilowatts": {unit: "kW"},
	"joules": {unit: "J"}, "kilojoules": {unit: "kJ"}, "kilowattHours": {unit: "kW.h"},
	"kilowattHoursPer100Kilometers": {unit: "kW.h/(100.km)"}, "kilowattHoursPer100Miles": {unit: "kW.h/(100.[mi_i])"},
	"milesPerKilowattHour": {unit: "[mi_i]/(kW.h)"},

	"bars": {unit: "bar"}, "kilopascal": {unit: "kPa"}, "psi": {unit: "[psi]"},
	"newtonMeters": {unit: "N.m"}, "poundFoot": {unit: "[ft_i].[lbf_av]"}, "inchPound": {unit: "[in_i].[lbf_av]"},

	"liters": {unit: "L"}, "litersPerHour": {unit: "L/h"}, "gallons": {unit: "[gal_us]"}, "gallonsPerHour": {unit: "[gal_us]/h"},
	"gramsPerSecond": {unit: "g/s"}, "kilogramsPerHour": {unit: "kg/h"}, "gramsPerLiter": {unit: "g/L"},
	"milligramsPerDeciliter": {unit: "mg/dL"}, "milligramsPerStroke": {unit: "mg/{stroke}"},
}
