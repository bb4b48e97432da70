package vin

import (
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// yearCodes are the characters of position 10 from model year 1980 on; they repeat after 30 years
// (49 CFR 565.15(d), ISO 3779 annex).
const yearCodes = "ABCDEFGHJKLMNPRSTVWXY123456789"

const (
	firstYear   = 1980
	cycle       = len(yearCodes)
	yearAt      = 9
	cycleAt     = 6    // position 7: a letter from model year 2010 on, in North America's light vehicles
	firstOBD    = 1994 // the first vehicles with on-board diagnosis by SAE J1979
	firstChina  = 1997 // GB 16735
	yearsBefore = 1    // a model year may begin in the year before
)

// modelYear fills the model year where position 10 holds one and the cycle of 30 years can be told.
func (n number) modelYear(v *obd.Vehicle, now time.Time, why *reasons) {
	if v.WMI == "" {
		return
	}
	m, latest := makerOf(v.WMI), now.Year()+yearsBefore
	i := strings.IndexByte(yearCodes, n[yearAt])
	imported := exported(n, v) && !m.heavy
	switch {
	case !imported && !m.heavy && !n.northAmerican() && !n.chinese() && !m.year:
		why.add("this maker does not always write the model year")
	case i < 0:
		why.add("position 10 (%c) holds no model year", n[yearAt])
	case n.northAmerican() && !m.heavy:
		v.ModelYear = n.light(i, latest, why)
	case imported && n.light(i, latest, &reasons{}) >= firstOBD:
		v.ModelYear = n.light(i, latest, why)
		if !m.year {
			why.add("model year read by the North American rule, as the check digit is right")
		}
	case n.chinese():
		v.ModelYear = between(i, firstChina, latest, why)
	default:
		v.ModelYear = between(i, firstOBD, latest, why)
	}
}

// light returns the model year by North America's rule for light vehicles: position 7 tells the cycle.
func (n number) light(i, latest int, why *reasons) int {
	year := firstYear + i
	if c := n[cycleAt]; c > '9' || c < '0' {
		year += cycle
	}
	if year > latest {
		why.add("position 10 stands for %d, which is still to come", year)
		return 0
	}
	return year
}

// exported tells a vehicle built elsewhere to North America's rules: position 9 is its right check digit.
func exported(n number, v *obd.Vehicle) bool {
	return v.CheckDigit == Valid && !n.chinese() && strings.IndexByte("JKSVWYZM6", n[0]) >= 0
}

// between returns the one year of both cycles that lies within bounds, 0 when none or both do.
func between(i, earliest, latest int, why *reasons) int {
	old, young := firstYear+i, firstYear+i+cycle
	switch {
	case young > latest && old < earliest:
		why.add("position 10 stands for %d or %d, neither is likely", old, young)
		return 0
	case young > latest:
		return old
	case old < earliest:
		return young
	}
	why.add("position 10 stands for %d or %d", old, young)
	return 0
}
