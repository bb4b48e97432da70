package engine

// Part is what explains a deviation.
type Part string

// The parts that rules can name. Each is a place to look first, not a proof.
const (
	Unknown       Part = "unknown"
	Thermostat    Part = "thermostat"
	CoolantSensor Part = "coolant_sensor"
	Cooling       Part = "cooling"
	Charging      Part = "charging"
	IntakeLeak    Part = "intake_leak"
	MAPSensor     Part = "map_sensor"
	Combustion    Part = "combustion"
)

// Text says in a sentence what the part's name stands for.
func (p Part) Text() string {
	switch p {
	case Thermostat:
		return "thermostat stuck open"
	case CoolantSensor:
		return "coolant temperature sensor stuck"
	case Cooling:
		return "engine overheats"
	case Charging:
		return "alternator or its regulator does not charge as it did"
	case IntakeLeak:
		return "unmetered air: vacuum leak in the intake"
	case MAPSensor:
		return "manifold pressure sensor off"
	case Combustion:
		return "uneven idle: misfire"
	}
	return "anomaly of unknown cause"
}

// Check says what a mechanic does first to confirm or refute the part.
func (p Part) Check() string {
	switch p {
	case Thermostat:
		return "feel the upper radiator hose during a warm-up from cold: it must stay cool until the thermostat opens"
	case CoolantSensor:
		return "compare the reading with an infrared thermometer, and with the intake reading after a night's rest"
	case Cooling:
		return "coolant level, fan, radiator, water pump, in this order"
	case Charging:
		return "voltage at the battery with the engine at 1500/min and lights on, belt, and the alternator's plug"
	case IntakeLeak:
		return "smoke test of the intake; the trims fall back when the engine is revved if air leaks in behind the throttle"
	case MAPSensor:
		return "with the engine off it must read the barometer; then its hose and plug"
	case Combustion:
		return "misfire counters (service 06, OBDMID A2 on), plugs, coils, injectors"
	}
	return "look at the signals named, over several trips"
}

// partOf names the part that a measure alone speaks for.
func partOf(measure, side string) Part {
	switch measure {
	case coldName, slowName:
		return Thermostat
	case hotName, windName:
		return Cooling
	case roughName:
		return Combustion
	case leanName:
		return IntakeLeak
	case mapHighName, mapLowName, mapName, mapIdleName:
		return MAPSensor
	case chargeName:
		return Charging
	}
	for _, f := range flats() {
		if f.Name == measure && f.Signal == "ECT" {
			return CoolantSensor
		}
	}
	for _, name := range trimNames() {
		if name == measure && side == above {
			return IntakeLeak
		}
	}
	return Unknown
}
