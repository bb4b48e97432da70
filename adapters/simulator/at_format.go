package simulator

import (
	"strconv"
	"time"
)

var formatCommands = []atCommand{
	{name: "E0", run: ok(func(s *settings) { s.echo = false })},
	{name: "E1", run: ok(func(s *settings) { s.echo = true })},
	{name: "L0", run: ok(func(s *settings) { s.linefeed = false })},
	{name: "L1", run: ok(func(s *settings) { s.linefeed = true })},
	{name: "H0", run: ok(func(s *settings) { s.headers = false })},
	{name: "H1", run: ok(func(s *settings) { s.headers = true })},
	{name: "S0", since: 13, run: ok(func(s *settings) { s.spaces = false })},
	{name: "S1", since: 13, run: ok(func(s *settings) { s.spaces = true })},
	{name: "D0", since: 13, run: ok(func(s *settings) { s.dlc = false })},
	{name: "D1", since: 13, run: ok(func(s *settings) { s.dlc = true })},
	{name: "R0", run: ok(func(s *settings) { s.responses = false })},
	{name: "R1", run: ok(func(s *settings) { s.responses = true })},
	{name: "AL", run: ok(func(s *settings) { s.long = true })},
	{name: "NL", run: ok(func(s *settings) { s.long = false })},
	{name: "AT0", since: 12, run: adapt(0)},
	{name: "AT1", since: 12, run: adapt(1)},
	{name: "AT2", since: 12, run: adapt(2)},
	{name: "ST", digits: []int{1, 2}, run: func(a *adapter, arg string) error {
		n, _ := strconv.ParseUint(arg, 16, 8)
		if n == 0 {
			n = 0x32
		}
		a.set.wait = time.Duration(n) * tick
		a.learned = a.set.wait
		a.line("OK")
		return nil
	}},
	{name: "BD", run: func(a *adapter, _ string) error {
		a.line(a.hexText(append([]byte{byte(len(a.bits))}, padded(string(a.bits), 12)...)))
		return nil
	}},
	{name: "MA", run: monitorAll},
	{name: "MR", digits: []int{2}, run: monitorAll},
	{name: "MT", digits: []int{2}, run: monitorAll},
}

func adapt(mode int) func(*adapter, string) error {
	return func(a *adapter, _ string) error {
		a.set.adaptive = mode
		a.learned = a.set.wait
		a.line("OK")
		return nil
	}
}
