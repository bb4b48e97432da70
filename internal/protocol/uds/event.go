package uds

// The events of service 86 (table 131), without the bit 6 that stores them beyond the ignition cycle.
const (
	StopEvents        = 0x00
	OnDTCStatusChange = 0x01
	OnChangeOfDID     = 0x03
	ReportEvents      = 0x04
	StartEvents       = 0x05
	ClearEvents       = 0x06
	OnComparison      = 0x07
)

// Event asks an ECU to answer by itself when something happens (service 86): the window in 10 s steps
// (2 for ever), the event's own record, and the request that it then answers.
func Event(event, window byte, record, respondTo []byte) []byte {
	request := append([]byte{byte(ResponseOnEvent), event, window}, record...)
	return append(request, respondTo...)
}

// EventState is the reply to service 86.
type EventState struct {
	Event  byte `json:"event"`
	Count  byte `json:"count"`            // events that were identified, or that are active for [ReportEvents]
	Window byte `json:"window,omitempty"` // repeated from the request
	Record Hex  `json:"record,omitempty"` // the event's record and the request that it answers
}

func (a *answer) event() any {
	e := &EventState{Event: a.subFunction(), Count: a.byte()}
	if len(a.data) > 0 && a.asked()&0x3F != ReportEvents {
		e.Window = a.byte()
	}
	e.Record = a.rest()
	return e
}
