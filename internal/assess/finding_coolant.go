package assess

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// Coolant temperatures in Cel. Electric fans of many cars start as late as 105, so less than 115 says nothing.
const (
	coolantHot     = 115
	coolantBoiling = 125
)

func coolant(s *obd.Scan) []obd.Finding {
	t, ok := highest(s, "ECT")
	if !ok || t < coolantHot || t >= 215 { // 215 is the end of the scale: a broken wire, not heat
		return nil
	}
	severity := high
	if t >= coolantBoiling {
		severity = critical
	}
	return []obd.Finding{{ID: "coolant_hot", Severity: severity,
		Text: fmt.Sprintf("Coolant is at %.0f °C: stop and let the engine cool down, then look for lost coolant, fan and pump.", t)}}
}
