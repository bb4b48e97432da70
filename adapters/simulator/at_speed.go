package simulator

import (
	"strconv"
	"time"
)

// speedWindow is the time of AT BRT: from OK to the name at the new speed, and again to the client's
// carriage return.
const speedWindow = 75 * time.Millisecond

// changeSpeed is AT BRD: OK at the old speed, the name at the new one, and back again unless a carriage
// return comes at that speed.
func changeSpeed(a *adapter, arg string) error {
	divisor, _ := strconv.ParseUint(arg, 16, 8)
	if divisor < 8 {
		a.line("?")
		return nil
	}
	return a.handshake(4_000_000 / int(divisor))
}

// handshake changes to a speed that the client must confirm.
func (a *adapter) handshake(baud int) error {
	a.line("OK")
	old := a.baud
	if err := a.wait(a.free, false); err != nil {
		return err
	}
	a.baud = baud
	if _, err := a.await(func() bool { return a.clock.instant() && a.inTune() }); err != nil {
		return err
	}
	a.line(a.prof.id)
	if err := a.wait(a.free, false); err != nil {
		return err
	}
	confirmed, err := a.await(a.confirm)
	if err != nil {
		return err
	}
	if confirmed {
		a.line("OK")
	} else {
		a.baud = old
	}
	return nil
}

// confirm takes the client's next character, if it has come.
func (a *adapter) confirm() bool {
	first, ok, _, _ := a.in.peek()
	if !ok || a.clock.until(first.at) > 0 {
		return false
	}
	a.in.drop()
	return first.b == '\r' && a.inTune()
}

// await waits until something is so, at most the window. The client's part of a change of speed takes
// real time even when nobody waits otherwise.
func (a *adapter) await(so func() bool) (bool, error) {
	limit := time.Now().Add(speedWindow)
	if !a.clock.instant() {
		limit = time.Now().Add(a.clock.until(a.t + speedWindow))
	}
	for {
		first, ok, changed, err := a.in.peek()
		if err != nil {
			return false, err
		}
		if so() {
			return true, nil
		}
		wait := time.Until(limit)
		if wait <= 0 {
			a.t += speedWindow
			return false, nil
		}
		if due := a.clock.until(first.at); ok && due > 0 {
			wait = min(wait, due)
		}
		pause(wait, changed)
	}
}

// stnSpeed is STSBR, in force after the answer, and STBR, which the client must confirm; in decimal.
func (a *adapter) stnSpeed(text string, confirmed bool) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 9600 || n > 10_000_000 {
		a.line("?")
		return nil
	}
	if confirmed {
		return a.handshake(n)
	}
	a.line("OK")
	a.next = n
	return nil
}

// changeOver sets the speed that a command asked for, once its prompt has gone out at the old one.
func (a *adapter) changeOver() error {
	if a.next == 0 {
		return nil
	}
	err := a.wait(a.free, false)
	a.baud, a.next = a.next, 0
	return err
}

// inTune tells that both sides run at one speed as far as a UART minds: it samples ten bits from one edge and
// stands 3 % of difference. AT BRD 23 is 114,286 baud and works with 115,200.
func (a *adapter) inTune() bool {
	theirs, ours := float64(a.speed()), float64(a.baud)
	return theirs >= 0.97*ours && theirs <= 1.03*ours
}
