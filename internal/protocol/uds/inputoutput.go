package uds

// The control parameters of service 2F (annex E.1).
const (
	ReturnControl = 0x00
	ResetDefault  = 0x01
	FreezeState   = 0x02
	ShortTermTest = 0x03
)

// ControlIO asks to take an input or output over (service 2F): the state for [ShortTermTest], then the mask
// of the controls that are meant where the identifier has several.
func ControlIO(did uint16, parameter byte, state ...byte) []byte {
	return append([]byte{byte(InputOutputControl), byte(did >> 8), byte(did), parameter}, state...)
}

// Controlled is the reply to service 2F.
type Controlled struct {
	DID       uint16 `json:"did"`
	Parameter byte   `json:"parameter"`
	State     Hex    `json:"state,omitempty"`
}

func (a *answer) control() any {
	c := &Controlled{DID: a.uint16(), Parameter: a.byte()}
	if len(a.request) >= 4 {
		a.same("identifier", uint32(first(didsOf(a.request[:3]))), uint32(c.DID))
		a.same("control parameter", uint32(a.request[3]), uint32(c.Parameter))
	}
	c.State = a.rest()
	return c
}
