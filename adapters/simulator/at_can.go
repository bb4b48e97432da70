package simulator

import (
	"strconv"
	"strings"
)

var canCommands = []atCommand{
	{name: "CAF0", run: ok(func(s *settings) { s.autoFormat = false })},
	{name: "CAF1", run: ok(func(s *settings) { s.autoFormat = true })},
	{name: "CFC0", run: ok(func(s *settings) { s.flowControl = false })},
	{name: "CFC1", run: ok(func(s *settings) { s.flowControl = true })},
	{name: "CP", digits: []int{2}, run: func(a *adapter, arg string) error {
		a.set.priority = byte(hexNumber(arg)) & 0x1F
		a.line("OK")
		return nil
	}},
	{name: "CRA", digits: []int{0, 3, 8}, since: 13, wild: true, run: func(a *adapter, arg string) error {
		a.set.filter, a.set.mask, a.set.filtered = hexNumber(strings.ReplaceAll(arg, "X", "0")), wildMask(arg), arg != ""
		a.line("OK")
		return nil
	}},
	{name: "CF", digits: []int{3, 8}, run: func(a *adapter, arg string) error {
		a.set.filter, a.set.filtered = hexNumber(arg), true
		if a.set.mask == 0 {
			a.set.mask = 0x1FFFFFFF
		}
		a.line("OK")
		return nil
	}},
	{name: "CM", digits: []int{3, 8}, run: func(a *adapter, arg string) error {
		a.set.mask, a.set.filtered = hexNumber(arg), true
		a.line("OK")
		return nil
	}},
	{name: "FCSM", digits: []int{1}, since: 11, run: func(a *adapter, arg string) error {
		mode := byte(hexNumber(arg))
		if mode > 2 || mode > 0 && len(a.set.flowData) == 0 {
			a.line("?")
			return nil
		}
		a.set.flowMode = mode
		a.line("OK")
		return nil
	}},
	{name: "FCSH", digits: []int{3, 8}, since: 11, run: func(a *adapter, arg string) error {
		a.set.flowHeader = hexNumber(arg)
		a.line("OK")
		return nil
	}},
	{name: "FCSD", digits: []int{2, 4, 6, 8, 10}, since: 11, run: func(a *adapter, arg string) error {
		a.set.flowData, _ = hexBytes(arg)
		a.line("OK")
		return nil
	}},
	{name: "CEA", digits: []int{0, 2}, since: 14, run: accepted},
	{name: "AMC", since: 20, run: func(a *adapter, _ string) error { a.line("00"); return nil }},
	{name: "CTM1", since: 21, run: accepted}, {name: "CTM5", since: 21, run: accepted},
	{name: "CSM0", since: 14, run: accepted}, {name: "CSM1", since: 14, run: accepted},
	{name: "CS", run: says(func(*adapter) string { return "T:00 R:00" })},
	{name: "V0", since: 13, run: accepted}, {name: "V1", since: 13, run: accepted},
	{name: "RTR", since: 13, run: accepted},
}

// wildMask has a zero digit where the filter has an X.
func wildMask(arg string) uint32 {
	mask := uint32(0x1FFFFFFF)
	for i, digit := range arg {
		if digit == 'X' {
			mask &^= 0xF << (4 * (len(arg) - 1 - i))
		}
	}
	return mask
}

func hexNumber(text string) uint32 {
	n, _ := strconv.ParseUint(text, 16, 32)
	return uint32(n)
}
