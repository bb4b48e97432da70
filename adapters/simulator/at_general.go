package simulator

import (
	"fmt"
	"io"
	"strconv"
	"time"
)

// bootTime is how long a full reset takes, warmTime a warm start.
const (
	bootTime = 700 * time.Millisecond
	warmTime = 120 * time.Millisecond
)

var generalCommands = []atCommand{
	{name: "Z", run: resetAll},
	{name: "WS", run: func(a *adapter, _ string) error { return a.boot(warmTime) }},
	{name: "D", run: func(a *adapter, _ string) error {
		proto := a.proto
		a.reset()
		a.proto = proto
		a.line("OK")
		return nil
	}},
	{name: "I", run: says(func(a *adapter) string { return a.prof.id })},
	{name: "@1", run: says(func(a *adapter) string { return a.prof.device })},
	{name: "@2", run: says(func(a *adapter) string {
		if a.prof.stn != "" {
			return "SIM000000001"
		}
		return "?"
	})},
	{name: "RV", run: says(func(a *adapter) string { return fmt.Sprintf("%.1fV", a.car.voltage(a.t)) })},
	{name: "CV", digits: []int{4}, run: accepted},
	{name: "IGN", since: 14, run: says(func(a *adapter) string {
		if a.car.asleep() {
			return "OFF"
		}
		return "ON"
	})},
	{name: "LP", since: 14, run: accepted},
	{name: "FE", since: 13, run: accepted},
	{name: "SD", digits: []int{2}, since: 14, run: func(a *adapter, arg string) error {
		n, _ := strconv.ParseUint(arg, 16, 8)
		a.memory = byte(n)
		a.line("OK")
		return nil
	}},
	{name: "RD", since: 14, run: says(func(a *adapter) string { return fmt.Sprintf("%02X", a.memory) })},
	{name: "M0", run: accepted}, {name: "M1", run: accepted},
	{name: "BRD", digits: []int{2}, since: 12, run: changeSpeed},
	{name: "BRT", digits: []int{2}, since: 12, run: accepted},
	{name: "PPS", since: 11, run: parameters},
	{name: "PP", since: 11, digits: []int{2, 4, 6}, run: accepted},
	{name: "PPFFOFF", since: 11, run: accepted}, {name: "PPFFON", since: 11, run: accepted},
}

// says makes a command that prints one line.
func says(text func(a *adapter) string) func(*adapter, string) error {
	return func(a *adapter, _ string) error {
		a.line(text(a))
		return nil
	}
}

func resetAll(a *adapter, _ string) error {
	switch {
	case a.prof.dropATZ:
		return io.EOF
	case a.prof.noATZ && !a.seenATZ:
		a.seenATZ = true
		a.line("?")
		return nil
	}
	return a.boot(bootTime)
}

// boot starts the adapter anew and prints its name.
func (a *adapter) boot(took time.Duration) error {
	a.reset()
	if err := a.pass(took); err != nil {
		return err
	}
	if a.prof.noisy {
		a.print("+CONNECTING<<0:0:0\r\n")
	}
	a.line("")
	a.line("")
	a.line(a.prof.id)
	return nil
}

// changeSpeed is AT BRD: OK at the old speed, the name at the new one, and back again unless a carriage
// return comes within 75 ms.
func changeSpeed(a *adapter, arg string) error {
	divisor, _ := strconv.ParseUint(arg, 16, 8)
	if divisor < 8 {
		a.line("?")
		return nil
	}
	a.line("OK")
	old := a.baud
	if err := a.wait(a.free, false); err != nil {
		return err
	}
	a.baud = 4_000_000 / int(divisor)
	if err := a.pass(20 * time.Millisecond); err != nil {
		return err
	}
	a.line(a.prof.id)
	if a.confirmed(max(a.t, a.free) + 75*time.Millisecond) {
		a.line("OK")
		return nil
	}
	a.baud = old
	return nil
}

// confirmed waits for a carriage return at the new speed.
func (a *adapter) confirmed(limit time.Duration) bool {
	for {
		first, ok, changed, err := a.in.peek()
		switch {
		case err != nil:
			return false
		case ok && (a.clock.instant() || first.at <= limit && a.clock.until(first.at) <= 0):
			a.in.drop()
			return first.b == '\r' && a.speed() == a.baud
		case ok && first.at > limit:
			return false
		}
		wait := a.clock.until(limit)
		if a.clock.instant() {
			wait = 75 * time.Millisecond
		}
		if wait <= 0 {
			return false
		}
		if ok {
			wait = min(wait, a.clock.until(first.at))
		}
		pause(wait, changed)
		if a.clock.instant() && !a.waiting() {
			return false
		}
		a.t = max(a.t, min(limit, a.clock.now()))
	}
}

// waiting tells that the client has sent something.
func (a *adapter) waiting() bool {
	_, ok, _, _ := a.in.peek()
	return ok
}

// parameters is AT PPS: every programmable parameter with its value, F = off.
func parameters(a *adapter, _ string) error {
	for row := 0; row < 0x30; row += 4 {
		var text string
		for i := row; i < row+4; i++ {
			text += fmt.Sprintf("%02X:FF F  ", i)
		}
		a.line(text)
	}
	return nil
}
