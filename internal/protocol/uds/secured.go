package uds

import "github.com/fleetms/obdctl/internal/obd"

// SecuredData carries another service inside of itself, signed or encrypted.
const SecuredData obd.Service = 0x84

// Secured is the reply to service 84 (table 178 of the edition of 2020). What is inside is encrypted as the
// parameters say and stays as bytes.
type Secured struct {
	Parameters uint16 `json:"parameters"` // administrativeParameter: request, signed, encrypted ...
	Method     byte   `json:"method"`     // signature or encryption
	Counter    uint16 `json:"counter"`    // against replays
	Message    Hex    `json:"message"`    // the inner reply, its service first
	Signature  Hex    `json:"signature,omitempty"`
}

func (a *answer) secured() any {
	s := &Secured{Parameters: a.uint16(), Method: a.byte()}
	signature := int(a.uint16())
	s.Counter = a.uint16()
	s.Message = Hex(a.take(len(a.data) - signature))
	s.Signature = a.rest()
	if len(s.Message) == 0 {
		a.short = true
	}
	return s
}
