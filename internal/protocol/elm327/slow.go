package elm327

import "time"

// longWait is the longest that AT ST alone can wait, 1.04 s.
const longWait = 0xFF * step

// slowService is what is known of a service to which an ECU answers with response-pending.
type slowService struct {
	wait time.Duration // that the adapter is told to wait for the next message
	gap  time.Duration // longest silence seen before a message
}

// tooShort is after an answer that ended in response-pending: the longest wait, then all of P2*.
func (s slowService) tooShort(waited time.Duration) slowService {
	if s.wait = longWait; waited >= longWait || s.gap > 0 {
		s.wait = 5 * longWait
	}
	return s
}

// seen learns from an answer: once it came in full, twice the longest silence is enough.
func (s slowService) seen(gap time.Duration, whole bool) slowService {
	s.gap = max(s.gap, gap)
	if whole {
		s.wait = min(max(2*s.gap, usualWait*step), 5*longWait)
	}
	return s
}

// longSteps returns AT ST for a wait, and whether its steps must be five times as long (AT CTM5, on CAN).
func longSteps(wait time.Duration, can bool) (steps byte, fivefold bool) {
	n := (wait + step - 1) / step
	if n > 0xFF && can {
		return byte(min((n+4)/5, 0xFF)), true
	}
	return byte(min(n, 0xFF)), false
}
