package simulator

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

var protocolCommands = []atCommand{
	{name: "SP", digits: []int{1, 2}, run: func(a *adapter, arg string) error { return a.choose(arg, true) }},
	{name: "TP", digits: []int{1, 2}, run: func(a *adapter, arg string) error { return a.choose(arg, false) }},
	{name: "DP", run: says((*adapter).describe)},
	{name: "DPN", run: says(func(a *adapter) string {
		p := a.proto.active
		if p == obd.ProtocolUnknown {
			p = a.proto.chosen
		}
		if a.proto.auto {
			return fmt.Sprintf("A%X", uint8(p))
		}
		return fmt.Sprintf("%X", uint8(p))
	})},
	{name: "PC", run: func(a *adapter, _ string) error {
		a.proto.active = obd.ProtocolUnknown
		a.line("OK")
		return nil
	}},
	{name: "SH", digits: []int{3, 6, 8}, run: func(a *adapter, arg string) error {
		if len(arg) == 3 {
			arg = "0" + arg
		}
		a.set.header, _ = hexBytes(arg)
		a.line("OK")
		return nil
	}},
	{name: "TA", digits: []int{2}, since: 14, run: accepted},
	{name: "RA", digits: []int{2}, since: 13, run: accepted},
	{name: "SR", digits: []int{2}, since: 12, run: accepted},
	{name: "SS", since: 14, run: accepted},
	{name: "AR", run: ok(func(s *settings) { s.filtered = false })},
}

// choose is AT SP and AT TP: a number from 0 to C, with A in front or behind for "search if it fails".
func (a *adapter) choose(arg string, store bool) error {
	digit := arg
	auto := false
	if len(arg) == 2 {
		switch {
		case arg == "00": // also erases the stored protocol
			digit = "0"
		case arg[0] == 'A':
			digit, auto = arg[1:], true
		case arg[1] == 'A':
			digit, auto = arg[:1], true
		default:
			digit = strings.TrimPrefix(arg, "0")
		}
	}
	n, err := strconv.ParseUint(digit, 16, 8)
	if err != nil || n > uint64(obd.CANUser2) {
		a.line("?")
		return nil
	}
	p := obd.Protocol(n)
	a.proto.chosen, a.proto.auto = p, auto || p == obd.ProtocolUnknown
	a.proto.active = obd.ProtocolUnknown
	if store {
		a.proto.stored = p
	}
	a.line("OK")
	return nil
}
