package uds

import "time"

// The sessions of service 10 (table 25); 40 to 5F are the vehicle maker's, 60 to 7E the supplier's.
const (
	DefaultSession  = 0x01
	ExtendedSession = 0x03
	SafetySession   = 0x04
)

// StartSession asks for a session (service 10).
func StartSession(session byte) []byte { return []byte{byte(SessionControl), session} }

// Session is the reply to service 10. The times are absent from the first edition of the standard.
type Session struct {
	Session  byte          `json:"session"`
	P2       time.Duration `json:"p2,omitempty"`      // the longest wait for a reply
	P2Star   time.Duration `json:"p2_star,omitempty"` // the longest wait after "response pending"
	HasTimes bool          `json:"has_times"`
}

// The resolution of the session parameter record (table 29).
const (
	p2Step     = time.Millisecond
	p2StarStep = 10 * time.Millisecond
)

func (a *answer) session() any {
	s := &Session{Session: a.subFunction()}
	if len(a.data) == 0 || a.short {
		return s
	}
	s.HasTimes = true
	s.P2 = time.Duration(a.uint16()) * p2Step
	s.P2Star = time.Duration(a.uint16()) * p2StarStep
	return s
}
