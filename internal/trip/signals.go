package trip

// Signals lists those that trips are found by, so that a store need not read any others.
func Signals() []string {
	return []string{speed, rpm, odometer, gpsSpeed, coolant, voltage, byAir, byVolume, byMass, "FUEL_TYP", "FUEL_TYPE"}
}
