package link

import "errors"

// What [Reply.Err] can be besides a [*Fault]; tell them apart with [errors.Is].
var (
	// ErrIncomplete says that frames of the answer are missing; Reply.Data holds what came before the gap.
	ErrIncomplete = errors.New("reply is incomplete")
	// ErrPending says that the ECU asked for more time (NRC 78) and then said nothing more.
	ErrPending = errors.New("response pending without an end")
)

// ErrLockedUp says that a request cost the link again and again, although the link came back each time: the
// adapter locks up on the answer, as some clones do on long ones. It is worth asking for less at once.
var ErrLockedUp = errors.New("the adapter locks up on the answer")
