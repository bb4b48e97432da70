package assess

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// An engine that has run for twenty minutes has warmed up, unless it is cold outside: diesels that idle then stay cool.
const (
	thermostatSeconds = 1200
	thermostatCoolant = 65 // Cel
	thermostatAir     = 0  // Cel, below which it says nothing
)

// thermostat suspects a thermostat that stays open, only with run time, coolant and air temperature known.
func thermostat(s *obd.Scan) []obd.Finding {
	running, _ := engine(s)
	seconds, timed := highest(s, "RUNTM")
	t, warm := highest(s, "ECT")
	air, outside := value(s, "AAT")
	if !outside {
		air, outside = value(s, "IAT")
	}
	if !running || !timed || !warm || !outside || t <= -40 ||
		seconds < thermostatSeconds || t >= thermostatCoolant || air < thermostatAir {
		return nil
	}
	return []obd.Finding{{ID: "thermostat_open", Severity: medium,
		Text: fmt.Sprintf("Coolant is only at %.0f °C after %.0f minutes of engine running at %.0f °C air: the thermostat may stay open.",
			t, seconds/60, air)}}
}
