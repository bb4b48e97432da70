package scan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

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

// vehicle decides which VIN is the car's and returns the ECUs that name another one. Plausible VINs
// count, the one that most ECUs name wins, and between equals that of the engine's ECU (the lowest address).
func (r *run) vehicle() (dissent []obd.ECU) {
	var best string
	votes := map[string]int{}
	for _, plausible := range []bool{true, false} {
		for _, u := range r.scan.ECUs {
			if u.VIN == "" || vin.Decode(u.VIN).Plausible != plausible {
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
	r.scan.Vehicle = vin.Decode(best)
	for _, u := range r.scan.ECUs {
		if u.VIN != "" && u.VIN != best {
			dissent = append(dissent, u)
		}
	}
	return dissent
}

// severities are in order of seriousness.
var severities = []string{"critical", "high", "medium", "low", "info"}

// dispute adds the finding that control units name different cars: a swapped part, or one never coded.
func (r *run) dispute(dissent []obd.ECU) {
	a := &r.scan.Assessment
	const id = "vin_mismatch"
	if len(dissent) == 0 || slices.ContainsFunc(a.Findings, func(f obd.Finding) bool { return f.ID == id }) {
		return
	}
	var says []string
	for _, u := range dissent {
		says = append(says, fmt.Sprintf("%s says %s", u.Address, u.VIN))
	}
	a.Findings = append(a.Findings, obd.Finding{
		ID: id, Severity: "medium",
		Text: fmt.Sprintf("Control units disagree on the VIN: the car goes by %s, but %s. A part may come from another car.",
			r.scan.Vehicle.VIN, strings.Join(says, ", ")),
	})
	slices.SortStableFunc(a.Findings, func(x, y obd.Finding) int {
		return cmp.Compare(slices.Index(severities, x.Severity), slices.Index(severities, y.Severity))
	})
}
