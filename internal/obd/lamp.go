package obd

// LampState is how one lamp of SAE J1939-73 (5.7.1) is driven: two bits for on and off, two for flashing.
type LampState string

// The states.
const (
	LampOff       LampState = "off"
	LampOn        LampState = "on"
	LampSlowFlash LampState = "slow_flash" // 1 Hz
	LampFastFlash LampState = "fast_flash" // 2 Hz or more
	LampShort     LampState = "short_mil"  // class C DTC, malfunction indicator only
	LampUnknown   LampState = "unknown"    // error or not available
)

// IsLit tells that the driver sees the lamp.
func (s LampState) IsLit() bool {
	return s == LampOn || s == LampSlowFlash || s == LampFastFlash || s == LampShort
}

// LampStatus is the four lamps as one ECU asks for them in its diagnostic messages.
type LampStatus struct {
	ECU     Address   `json:"ecu"`
	MIL     LampState `json:"mil"`           // malfunction indicator lamp: emissions
	RedStop LampState `json:"red_stop"`      // severe: stop the vehicle
	Amber   LampState `json:"amber_warning"` // the vehicle may go on
	Protect LampState `json:"protect"`       // not an electronic fault, such as a temperature
}
