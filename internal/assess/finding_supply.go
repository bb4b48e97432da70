package assess

import (
	"fmt"

	"github.com/fleetms/obdctl/internal/obd"
)

// Supply voltages in V of a 12 V system. Alternators that are controlled for consumption go down to 12.3 for a while.
const (
	chargingNone = 12.2
	chargingLow  = 13.0
	chargingHigh = 15.2
	batteryEmpty = 11.8
	batteryLow   = 12.2
	system24     = 18 // above is a 24 V vehicle, which these limits do not fit
	adapterError = 1  // an adapter's own measurement (AT RV) may be off by so much
)

// supply judges charging with the engine running and the battery with it standing.
func supply(s *obd.Scan) []obd.Finding {
	running, known := engine(s)
	v, source, tolerance := supplyVoltage(s)
	if !known || v <= 5 || v >= system24 {
		return nil
	}
	text := fmt.Sprintf("Supply voltage is %.1f V (%s)", v, source)
	if running {
		switch {
		case v > chargingHigh+tolerance:
			return one("charging_high", high, text+" with the engine running: the regulator may overcharge.")
		case v < chargingNone-tolerance:
			return one("charging_low", high, text+" with the engine running: the battery is not being charged.")
		case v < chargingLow-tolerance:
			return one("charging_low", low, text+" with the engine running: low, unless the car saves on charging.")
		}
		return nil
	}
	switch {
	case v < batteryEmpty-tolerance:
		return one("battery_low", high, text+" with the engine off: the battery is empty or worn; low voltage alone can set codes.")
	case v < batteryLow-tolerance:
		return one("battery_low", medium, text+" with the engine off: charge the battery before longer work.")
	}
	return nil
}

// supplyVoltage prefers what an ECU measures (PID 42).
func supplyVoltage(s *obd.Scan) (volts float64, source string, tolerance float64) {
	if v, ok := highest(s, "VPWR"); ok {
		return v, "measured by the ECU", 0
	}
	if s.Voltage == nil {
		return 0, "", 0
	}
	if s.Voltage.Source == "ecu" {
		return s.Voltage.Volts, "measured by the ECU", 0
	}
	return s.Voltage.Volts, "measured by the adapter", adapterError
}
