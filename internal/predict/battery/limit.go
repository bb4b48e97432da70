package battery

// crankTable is the least voltage of a battery under a load of half its cold cranking current for 15 s, by
// temperature (Battery Council International, load test of automotive batteries; degrees Fahrenheit turned into Celsius). A
// starter takes about that much for a few seconds, so that a sound battery stays above.
var crankTable = [...]struct{ c, volts float64 }{
	{-17.8, 8.5}, {-12.2, 8.7}, {-6.7, 8.9}, {-1.1, 9.1}, {4.4, 9.3}, {10, 9.4}, {15.6, 9.5}, {21.1, 9.6},
}

// crankLimit is the least voltage while cranking at a temperature in degrees Celsius.
func crankLimit(c float64) float64 {
	last := crankTable[0]
	for _, row := range crankTable {
		if c <= row.c {
			if row.c == last.c {
				return row.volts
			}
			return last.volts + (row.volts-last.volts)*(c-last.c)/(row.c-last.c)
		}
		last = row
	}
	return last.volts
}

// restTable is the state of charge by the voltage at rest of a flooded battery near 25 degrees Celsius (Battery
// Council International). AGM batteries rest 0.1 to 0.2 V higher.
var restTable = [...]struct{ volts, percent float64 }{{11.89, 0}, {12.06, 25}, {12.24, 50}, {12.45, 75}, {12.65, 100}}

// restCharge is the state of charge in percent by the voltage at rest.
func restCharge(volts float64) float64 {
	last := restTable[0]
	for _, row := range restTable {
		if volts <= row.volts {
			if row == last {
				return row.percent
			}
			return last.percent + (row.percent-last.percent)*(volts-last.volts)/(row.volts-last.volts)
		}
		last = row
	}
	return last.percent
}

const (
	// onLoad is how far the ignition's own load may pull a resting voltage down, in V.
	onLoad = 0.25
	// perKelvin is what a regulator lowers its voltage by for each kelvin above 25 degrees: 3 to 5 mV a cell
	// are usual; the least is taken, so that compensation never makes a fault.
	perKelvin = 0.018
	// reference is the temperature in degrees Celsius that voltages of charging are brought to.
	reference = 25.0
	// Charging below chargeLow at 25 degrees does not fill a battery; above chargeTop it gasses.
	chargeLow, chargeTop = 13.2, 15.0
)

// at25 brings a charging voltage to 25 degrees; without a temperature it stays.
func at25(volts float64, c *float64) float64 {
	if c == nil {
		return volts
	}
	return volts + perKelvin*(*c-reference)
}

// margin is how far a start stayed above the limit at its temperature, 21 degrees where it is not known.
func (s Start) margin() float64 {
	if s.TempC == nil {
		return s.Lowest - crankLimit(21.1)
	}
	return s.Lowest - crankLimit(*s.TempC)
}

// Charging tells from a voltage alone whether a 12 V battery is being charged: no battery at rest or under load
// holds this much for long.
func Charging(volts float64) bool { return volts >= 13.1 }
