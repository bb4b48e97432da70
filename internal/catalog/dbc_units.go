package catalog

import (
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/unit"
)

// dbcUnits are spellings that DBC files use, in lower case; UCUM codes and symbols are known without it.
var dbcUnits = map[string]string{
	"-": "", "none": "", "count": "", "counts": "", "bit": "", "boolean": "", "unitless": "", "enum": "",
	"ratio": "1", "lambda": "1", "percent": "%",
	"degc": "Cel", "deg c": "Cel", "c": "Cel", "celsius": "Cel", "°c": "Cel", "degf": "[degF]", "°f": "[degF]",
	"rpm": "/min", "1/min": "/min", "rev/min": "/min", "min-1": "/min",
	"km/h": "km/h", "kph": "km/h", "kmh": "km/h", "mph": "[mi_i]/h", "m/s^2": "m/s2", "m/s/s": "m/s2", "g": "[g]",
	"deg": "deg", "degree": "deg", "degrees": "deg", "°": "deg", "deg/s": "deg/s", "°/s": "deg/s", "rad": "rad",
	"sec": "s", "seconds": "s", "minutes": "min", "hours": "h", "hr": "h", "hrs": "h",
	"miles": "[mi_i]", "mi": "[mi_i]", "in": "[in_i]", "ft": "[ft_i]",
	"nm": "N.m", "n·m": "N.m", "lb-ft": "[ft_i].[lbf_av]", "ft-lbs": "[ft_i].[lbf_av]",
	"psi": "[psi]", "volt": "V", "volts": "V", "amp": "A", "amps": "A", "ah": "A.h", "kwh": "kW.h", "ohm": "Ohm", "hp": "[HP]",
	"l": "L", "l/h": "L/h", "l/100km": "L/(100.km)", "gal": "[gal_us]", "ppm": "[ppm]", "gps": "g/s", "lb": "[lb_av]",
}

// dbcUnit maps a unit as DBC files write it; false when it is not known.
func dbcUnit(text string) (string, bool) {
	text = strings.TrimSpace(text)
	if code, ok := dbcUnits[strings.ToLower(text)]; ok {
		return code, true
	}
	if unit.Known(text) {
		return text, true
	}
	return unit.FromSymbol(text)
}
