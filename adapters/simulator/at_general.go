package simulator

import (
	"fmt"
	"io"
	"strconv"
	"strings"
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
	if a.prof.nul {
		a.print("\xFC")
	}
	a.line("")
	a.line("")
	a.line(a.prof.id)
	return nil
}

// parameters is AT PPS: every programmable parameter with its value, F = off.
func parameters(a *adapter, _ string) error {
	for row := 0; row < 0x30; row += 4 {
		var text strings.Builder
		for i := row; i < row+4; i++ {
			fmt.Fprintf(&text, "%02X:FF F  ", i)
		}
		a.line(text.String())
	}
	return nil
}
