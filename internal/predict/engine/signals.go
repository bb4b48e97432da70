package engine

import "time"

// signal is one that the models read: its canonical id, the unit that they reckon in, what a working sensor
// can say, and how long one value is taken to hold on (temperatures are polled rarely and change slowly).
type signal struct {
	id, unit  string
	low, high float64
	hold      time.Duration
}

const (
	quick = 10 * time.Second // as internal/trip holds a polled speed
	slow  = 60 * time.Second
)

// signals lists them by SAE J1979-DA names. A temperature of -40 is the raw zero of an open circuit, and
// 215 the raw 255 of a short: both are no temperature.
func signals() []signal {
	return []signal{
		{"RPM", "/min", 0, 12000, quick},
		{"VSS", "km/h", 0, 255, quick},
		{"ECT", "Cel", -39, 160, slow},
		{"IAT", "Cel", -39, 120, slow},
		{"AAT", "Cel", -39, 70, slow},
		{"BARO", "kPa", 45, 110, slow},
		{"VPWR", "V", 5, 32, quick},
		{"MAP", "kPa", 5, 400, quick},
		{"TP", "%", 0, 100, quick},
		{"APP_D", "%", 0, 100, quick},
		{"TAC_PCT", "%", 0, 100, quick},
		{"LOAD_PCT", "%", 0, 100, quick},
		{"MAF", "g/s", 0, 1000, quick},
		{"SPARKADV", "deg", -64, 64, quick},
		{"SHRTFT1", "%", -99, 99, quick},
		{"LONGFT1", "%", -99, 99, slow},
		{"SHRTFT2", "%", -99, 99, quick},
		{"LONGFT2", "%", -99, 99, slow},
		{"EQ_RAT", "1", 0.3, 1.99, quick},
		{"CATEMP11", "Cel", -39, 1200, slow},
	}
}

// Signals lists the canonical ids that the models read, so that a store need not read any others.
func Signals() []string {
	var ids []string
	for _, s := range signals() {
		ids = append(ids, s.id)
	}
	return ids
}

// scale turns a unit into another: to = from*factor + offset.
type scale struct {
	from, to       string
	factor, offset float64
}

// scales lists the UCUM units that foreign logs use and what they are in ours; all are exact definitions.
func scales() []scale {
	return []scale{
		{"[degF]", "Cel", 5.0 / 9, -160.0 / 9}, {"K", "Cel", 1, -273.15},
		{"[mi_i]/h", "km/h", 1.609344, 0}, {"m/s", "km/h", 3.6, 0},
		{"Pa", "kPa", 1e-3, 0}, {"bar", "kPa", 100, 0}, {"mbar", "kPa", 0.1, 0}, {"[psi]", "kPa", 6.894757293168361, 0},
		{"[in_i'Hg]", "kPa", 3.386389, 0},
		{"Hz", "/min", 60, 0}, {"/s", "/min", 60, 0}, {"mV", "V", 1e-3, 0},
		{"kg/h", "g/s", 1 / 3.6, 0}, {"[lb_av]/min", "g/s", 453.59237 / 60, 0}, {"1", "%", 100, 0},
	}
}

// convert returns v in the unit to; it refuses a unit that it does not know, and a missing one is taken as ours.
func convert(v float64, from, to string) (float64, bool) {
	if from == to || from == "" {
		return v, true
	}
	for _, s := range scales() {
		if s.from == from && s.to == to {
			return v*s.factor + s.offset, true
		}
	}
	return 0, false
}
