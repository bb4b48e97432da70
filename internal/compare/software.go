package compare

import (
	"slices"

	"github.com/fleetms/obdctl/internal/obd"
)

// SoftChange is a control unit whose calibrations differ: it was programmed or exchanged.
type SoftChange struct {
	ECU    obd.Address       `json:"ecu"`
	Name   string            `json:"name,omitempty"`
	Before []obd.Calibration `json:"before"`
	After  []obd.Calibration `json:"after"`
}

// software lists the units that both scans know by calibrations and that differ.
func software(before, after *obd.Scan) []SoftChange {
	changes := []SoftChange{}
	for _, was := range before.ECUs {
		i := slices.IndexFunc(after.ECUs, func(e obd.ECU) bool { return e.Address == was.Address })
		if i < 0 || len(was.Calibrations) == 0 || len(after.ECUs[i].Calibrations) == 0 {
			continue
		}
		if is := after.ECUs[i]; !slices.Equal(was.Calibrations, is.Calibrations) {
			changes = append(changes, SoftChange{ECU: was.Address, Name: is.Name, Before: was.Calibrations, After: is.Calibrations})
		}
	}
	return changes
}
