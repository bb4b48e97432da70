package simulator

import (
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// searchOrder is how an automatic search tries the lines, and what each try takes.
var searchOrder = []struct {
	line obd.Protocol
	took time.Duration
}{
	{obd.CAN11x500, 100 * time.Millisecond}, {obd.CAN29x500, 100 * time.Millisecond},
	{obd.CAN11x250, 100 * time.Millisecond}, {obd.CAN29x250, 100 * time.Millisecond},
	{obd.J1850PWM, 200 * time.Millisecond}, {obd.J1850VPW, 200 * time.Millisecond},
	{obd.KWPFast, 400 * time.Millisecond}, {obd.KWPSlow, 2400 * time.Millisecond},
	{obd.ISO9141, 2400 * time.Millisecond},
}

// Times of the K-line initialisations: 200 ms a bit at 5 baud and the key words; the 50 ms wake-up
// pattern and StartCommunication.
const (
	slowInit = 2300 * time.Millisecond
	fastInit = 150 * time.Millisecond
)

// connect makes the line ready before a request: it searches, or initialises a K-line. It prints what an
// ELM327 prints and returns false when there is nothing to talk to.
func (a *adapter) connect() (bool, error) {
	if a.proto.active == obd.ProtocolUnknown {
		if a.proto.chosen == obd.ProtocolUnknown {
			return a.search()
		}
		if a.car.line != a.proto.chosen && a.proto.auto {
			return a.search()
		}
		return a.open(a.proto.chosen)
	}
	if a.proto.active.IsKLine() && !a.kept() {
		return a.initialise(a.proto.active)
	}
	return true, nil
}

// kept tells whether the ECU of a K-line still listens: the adapter's wake-up messages keep it awake.
func (a *adapter) kept() bool {
	keeps := a.set.wake > 0 && a.set.wake < awakeFor
	return keeps || a.t-a.proto.awake < awakeFor
}

// search tries every line.
func (a *adapter) search() (bool, error) {
	a.print("SEARCHING...")
	for _, try := range searchOrder {
		took := try.took
		if try.line == a.car.line {
			took = a.reply() + try.took/2
		}
		if err := a.waitUntil(a.t + took); err != nil {
			a.line("")
			return false, err
		}
		if try.line == a.car.line && a.car.speaksOBD() {
			a.line("")
			a.proto.active, a.proto.awake = try.line, a.t
			return true, nil
		}
	}
	a.line("")
	a.line("UNABLE TO CONNECT")
	return false, nil
}

// reply is how long the first answer of the car takes.
func (a *adapter) reply() time.Duration {
	if len(a.car.ecus) == 0 {
		return 0
	}
	return a.wire.latency(a.car.ecus[0])
}

// open starts to use a protocol that was chosen by number.
func (a *adapter) open(p obd.Protocol) (bool, error) {
	if p.IsKLine() {
		return a.initialise(p)
	}
	if p.IsCAN() && (a.car.asleep() || !sameRate(p, a.car.line)) {
		if err := a.waitUntil(a.t + 60*time.Millisecond); err != nil {
			return false, err
		}
		a.line("CAN ERROR")
		return false, nil
	}
	a.proto.active = p
	return true, nil
}

// sameRate tells whether two CAN lines run at one bit rate, so that a frame is at least acknowledged.
func sameRate(a, b obd.Protocol) bool {
	slow := func(p obd.Protocol) bool { return bitrateOf(p) == 250_000 }
	return a.IsCAN() && b.IsCAN() && slow(a) == slow(b)
}

// initialise wakes the ECUs of a K-line.
func (a *adapter) initialise(p obd.Protocol) (bool, error) {
	took := slowInit
	a.print("BUS INIT: ")
	if p == obd.KWPFast {
		took = fastInit
	} else {
		a.print("...")
	}
	if err := a.waitUntil(a.t + took); err != nil {
		a.line("")
		return false, err
	}
	matches := a.car.line == p && !a.car.asleep()
	if !matches {
		a.proto.active = obd.ProtocolUnknown
		a.line("ERROR")
		return false, nil
	}
	a.proto.active, a.proto.awake = p, a.t
	a.line("OK")
	return true, nil
}

// describe is the answer to AT DP.
func (a *adapter) describe() string {
	p := a.proto.active
	if p == obd.ProtocolUnknown {
		p = a.proto.chosen
	}
	names := map[obd.Protocol]string{
		obd.J1850PWM: "SAE J1850 PWM", obd.J1850VPW: "SAE J1850 VPW", obd.ISO9141: "ISO 9141-2",
		obd.KWPSlow: "ISO 14230-4 (KWP 5BAUD)", obd.KWPFast: "ISO 14230-4 (KWP FAST)",
		obd.CAN11x500: "ISO 15765-4 (CAN 11/500)", obd.CAN29x500: "ISO 15765-4 (CAN 29/500)",
		obd.CAN11x250: "ISO 15765-4 (CAN 11/250)", obd.CAN29x250: "ISO 15765-4 (CAN 29/250)",
		obd.J1939: "SAE J1939 (CAN 29/250)", obd.CANUser1: "USER1 (CAN 11/125)", obd.CANUser2: "USER2 (CAN 11/50)",
	}
	var parts []string
	if a.proto.auto {
		parts = append(parts, "AUTO")
	}
	if name := names[p]; name != "" {
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}
