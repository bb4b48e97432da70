package simulator

import (
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

var olderCommands = []atCommand{
	{name: "SW", digits: []int{2}, run: func(a *adapter, arg string) error {
		a.set.wake = time.Duration(hexNumber(arg)) * 20 * time.Millisecond
		a.line("OK")
		return nil
	}},
	{name: "WM", digits: []int{2, 4, 6, 8, 10, 12}, run: accepted},
	{name: "BI", run: func(a *adapter, _ string) error {
		a.proto.active, a.proto.awake = a.proto.chosen, a.t
		if a.proto.chosen == obd.ProtocolUnknown {
			a.line("?")
			return nil
		}
		a.line("OK")
		return nil
	}},
	{name: "FI", since: 14, run: func(a *adapter, _ string) error {
		if a.proto.chosen != obd.KWPFast {
			a.line("?")
			return nil
		}
		_, err := a.initialise(obd.KWPFast)
		return err
	}},
	{name: "SI", since: 14, run: func(a *adapter, _ string) error {
		if a.proto.chosen != obd.ISO9141 && a.proto.chosen != obd.KWPSlow {
			a.line("?")
			return nil
		}
		_, err := a.initialise(a.proto.chosen)
		return err
	}},
	{name: "IB10", run: accepted}, {name: "IB48", run: accepted}, {name: "IB96", run: accepted},
	{name: "IB12", since: 14, run: accepted}, {name: "IB15", since: 14, run: accepted},
	{name: "IIA", digits: []int{2}, since: 12, run: func(a *adapter, arg string) error {
		a.set.slowInit = byte(hexNumber(arg))
		a.line("OK")
		return nil
	}},
	{name: "KW", since: 13, run: says(func(a *adapter) string {
		switch a.proto.active {
		case obd.ISO9141:
			return "1:08 2:08"
		case obd.KWPFast, obd.KWPSlow:
			return "1:EF 2:8F"
		}
		return "1:00 2:00"
	})},
	{name: "KW0", since: 12, run: accepted}, {name: "KW1", since: 12, run: accepted},
	{name: "IFR0", run: accepted}, {name: "IFR1", run: accepted}, {name: "IFR2", run: accepted},
	{name: "IFRH", run: accepted}, {name: "IFRS", run: accepted},
}
