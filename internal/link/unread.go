package link

import "errors"

// What [Reply.Err] can be besides a [*Fault]; tell them apart with [errors.Is].
var (
	// ErrIncomplete says that frames of the answer are missing; Reply.Data holds what came before the gap.
	ErrIncomplete = errors.New("reply is incomplete")
	// ErrPending says that the ECU asked for more time (NRC 78) and then said nothing more.
	ErrPending = errors.New("response pending without an end")
)
