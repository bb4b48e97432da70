package uds

// The kinds of reset of service 11 (table 33).
const (
	HardReset           = 0x01
	KeyOffOnReset       = 0x02
	SoftReset           = 0x03
	EnableRapidShutdown = 0x04
	DisableRapid        = 0x05
)

// Reset asks an ECU to start again (service 11).
func Reset(kind byte) []byte { return []byte{byte(ECUReset), kind} }

// ResetDone is the reply to service 11.
type ResetDone struct {
	Kind byte `json:"kind"`
	// PowerDown is for how many seconds the ECU stays off at least, with [EnableRapidShutdown] only; 255
	// means that it cannot tell.
	PowerDown *byte `json:"power_down_s,omitempty"`
}

func (a *answer) reset() any {
	r := &ResetDone{Kind: a.subFunction()}
	if r.Kind == EnableRapidShutdown {
		seconds := a.byte()
		r.PowerDown = &seconds
	}
	return r
}
