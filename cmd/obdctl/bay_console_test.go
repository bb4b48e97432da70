package main

import (
	"errors"
	"testing"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen/console"
)

func TestWhatIsTypedGoesToWhoeverItNames(t *testing.T) {
	for line, want := range map[string]struct{ target, header obd.Address }{
		"0100":              {},
		"09 02":             {},
		"22f190":            {},
		"7E0.22F190":        {obd.CAN11(0x7E8), obd.CAN11(0x7E0)},
		"DB33.010C":         {},
		"18DA10F1.22F190":   {obd.CAN29(0x18DAF110), obd.CAN29(0x18DA10F1)},
		"6B4.694.22D410":    {obd.CAN11(0x694), obd.CAN11(0x6B4)},
		"10 01":             {}, // the default session
		"7E0.7E8.19 02 FF ": {obd.CAN11(0x7E8), obd.CAN11(0x7E0)},
	} {
		r, _, err := typed(line)
		if err != nil || r.Target != want.target || r.Header != want.header {
			t.Errorf("%q goes to %s by %s: %v, want %s by %s", line, r.Target, r.Header, err, want.target, want.header)
		}
	}
}

func TestWhatCouldChangeTheCarIsRefused(t *testing.T) {
	for line, want := range map[string]console.Refusal{
		"04":           {Why: console.Changes, Service: 0x04, Command: "obdctl dtc clear"},
		"14FFFFFF":     {Why: console.Changes, Service: 0x14, Command: "obdctl dtc clear"},
		"7E0.2EF19000": {Why: console.Changes, Service: 0x2E, Command: "obdctl uds write"},
		"1003":         {Why: console.Changes, Service: 0x10, Command: "obdctl uds session"},
		"0801":         {Why: console.Changes, Service: 0x08, Command: "obdctl raw --allow 08"},
		"1002":         {Why: console.Programs, Service: 0x10},
		"3400":         {Why: console.Programs, Service: 0x34},
		" at sp 6":     {Why: console.Adapter, Command: "obdctl raw ATSP6"},
		"STPX":         {Why: console.Adapter, Command: "obdctl raw STPX"},
	} {
		_, _, err := typed(line)
		if r, ok := errors.AsType[*console.Refusal](err); !ok || *r != want {
			t.Errorf("%q: %v, want %+v", line, err, want)
		}
	}
}

func TestWhatIsNoRequestIsToldWithAHint(t *testing.T) {
	for _, line := range []string{"", "1", "hello", "6B4.22D410", "7E0.", "a.b.c.d"} {
		_, _, err := typed(line)
		if errs.KindOf(err) != errs.Usage || errs.HintOf(err) == "" {
			t.Errorf("%q: %v (%v), want a usage error with a hint", line, err, errs.HintOf(err))
		}
	}
}
