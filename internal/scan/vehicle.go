package scan

import (
	"cmp"
	"slices"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/vin"
	"github.com/fleetms/obdctl/internal/obd"
)

// learn adds what ECUs said of themselves to what is known of them.
func (r *run) learn(units []obd.ECU) {
	for _, u := range units {
		i := slices.IndexFunc(r.units, func(k obd.ECU) bool { return k.Address == u.Address })
		if i < 0 {
			r.units = append(r.units, u)
			continue
		}
		known := r.units[i]
		u.VIN = cmp.Or(u.VIN, known.VIN)
		u.Name = cmp.Or(u.Name, known.Name)
		r.units[i] = u
	}
}

// controlUnits lists every ECU that was heard from, with what it said of itself, in order of address.
func (r *run) controlUnits() []obd.ECU {
	units := []obd.ECU{}
	for _, address := range r.tester.ECUs() {
		unit := obd.ECU{Address: address}
		for _, known := range r.units {
			if known.Address == address {
				unit = known
			}
		}
		units = append(units, unit)
	}
	return units
}

// vehicle decides which VIN is the car's: plausible ones count, the one that most ECUs name wins, and
// between equals that of the engine's ECU (the lowest address). The assessment tells of a difference.
func (r *run) vehicle() {
	day := r.day()
	var best string
	votes := map[string]int{}
	for _, plausible := range []bool{true, false} {
		for _, u := range r.scan.ECUs {
			if u.VIN == "" || vin.DecodeAt(u.VIN, day).Plausible != plausible {
				continue
			}
			if votes[u.VIN]++; best == "" {
				best = u.VIN
			}
		}
		for _, u := range r.scan.ECUs {
			if votes[u.VIN] > votes[best] {
				best = u.VIN
			}
		}
		if best != "" {
			break
		}
	}
	r.scan.Vehicle = vin.DecodeAt(best, day)
}

// day is that of the scan, which a recording gives again years later. Transcripts of other programs have no
// date; for them it is today.
func (r *run) day() time.Time {
	const firstOBD = 1994
	if r.scan.Started.Year() < firstOBD {
		return time.Now()
	}
	return r.scan.Started
}
