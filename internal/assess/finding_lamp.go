package assess

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// lamp says how long the malfunction lamp has been on, and whether lamp and codes agree.
func lamp(s *obd.Scan) []obd.Finding {
	if !s.MIL {
		return nil
	}
	var found []obd.Finding
	if wasRead(s, obd.StepStored) && len(codesOf(s, obd.Stored)) == 0 {
		found = append(found, obd.Finding{ID: "mil_without_code", Severity: medium,
			Text: "The malfunction lamp is commanded on, but no ECU lists a stored code: a unit that answers no OBD request may have set it."})
	}
	km, far := highest(s, "MIL_DIST")
	minutes, long := highest(s, "MIL_TIME")
	switch {
	case far && long && km > 0:
		found = append(found, one("mil_distance", info, fmt.Sprintf("%.0f km and %.0f minutes driven with the malfunction lamp on.", km, minutes))...)
	case far && km > 0:
		found = append(found, one("mil_distance", info, fmt.Sprintf("%.0f km driven with the malfunction lamp on.", km))...)
	}
	return found
}
