package uds

// The controls of service 31 (table 426).
const (
	StartRoutine   = 0x01
	StopRoutine    = 0x02
	RoutineResults = 0x03
)

// Routine asks to start or stop a routine, or for its results (service 31).
func Routine(control byte, id uint16, options ...byte) []byte {
	return append([]byte{byte(RoutineControl), control, byte(id >> 8), byte(id)}, options...)
}

// RoutineState is the reply to service 31.
type RoutineState struct {
	Control byte   `json:"control"`
	ID      uint16 `json:"routine"`
	Status  Hex    `json:"status,omitempty"` // routineInfo and routineStatusRecord
}

func (a *answer) routine() any {
	r := &RoutineState{Control: a.subFunction(), ID: a.uint16()}
	if len(a.request) >= 4 {
		a.same("routine", uint32(a.request[2])<<8|uint32(a.request[3]), uint32(r.ID))
	}
	r.Status = a.rest()
	return r
}
