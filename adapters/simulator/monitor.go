package simulator

import (
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// longestHurry is how far listening for a number of messages may run ahead when nobody waits.
const longestHurry = time.Minute

// monitorAll listens until a character comes. Behind the gateway of a car nothing is heard there, unless a
// tester or the network of a truck speaks.
func monitorAll(a *adapter, _ string) error {
	a.listenTo()
	a.hears = &hearing{any: true, self: requester, open: map[route]*thread{}}
	return a.monitor(0)
}

// monitorGroup is AT MP and AT DM1: one parameter group, also in packets, so many complete messages of it.
func (a *adapter) monitorGroup(pgn uint32, count int) error {
	if a.proto.chosen != obd.J1939 {
		a.line("?")
		return nil
	}
	a.listenTo()
	a.hears = &hearing{pgn: pgn, self: everyone, open: map[route]*thread{}}
	return a.monitor(count)
}

// listenTo takes the chosen protocol into use without a word to the vehicle.
func (a *adapter) listenTo() {
	if a.proto.active == obd.ProtocolUnknown && a.proto.chosen.IsCAN() && sameRate(a.proto.chosen, a.car.line) {
		a.proto.active = a.proto.chosen
	}
	a.wire.miss(a.t)
}

// monitor prints frames until a character comes, so many messages are complete, or the client's line is too
// slow for the vehicle's.
func (a *adapter) monitor(count int) error {
	began, from := time.Now(), a.t
	for {
		end := forever
		if a.proto.active != obd.ProtocolUnknown && a.fitsLine() {
			_, end = a.wire.pick(forever)
		}
		if count > 0 && a.clock.instant() && end < from+longestHurry { // has an end of its own
			began = time.Now().Add(from - end)
		}
		if err := a.listen(end, began, from); err != nil {
			return err
		}
		f, ok := a.wire.next(end)
		if !ok {
			continue
		}
		if a.proto.active == obd.J1939 && !a.hears.takes(f) || a.set.filtered && f.id&a.set.mask != a.set.filter&a.set.mask {
			continue
		}
		if a.backlog() > a.prof.buffer {
			a.line("BUFFER FULL")
			return nil
		}
		a.bits = f.data
		a.show(f)
		if count > 0 && a.hears.whole >= count {
			return nil
		}
	}
}

// listen waits for a moment in real time also when nobody waits otherwise: listening has no end of its own.
func (a *adapter) listen(until time.Duration, began time.Time, from time.Duration) error {
	if !a.clock.instant() && until != forever {
		return a.waitUntil(until)
	}
	for {
		first, ok, changed, err := a.in.peek()
		if err != nil {
			return err
		}
		if ok && a.clock.until(first.at) <= 0 {
			a.in.drop()
			a.t = max(a.t, first.at)
			return errStopped
		}
		wait := forever
		if ok {
			wait = a.clock.until(first.at)
		}
		if until != forever {
			wait = min(wait, until-from-time.Since(began))
		}
		if wait <= 0 {
			a.t = max(a.t, until)
			return nil
		}
		pause(wait, changed)
	}
}
