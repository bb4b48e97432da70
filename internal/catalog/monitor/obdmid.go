package monitor

import "fmt"

// Name says what a monitor id (OBDMID) watches; "" for ids that are reserved or a maker's own (E1 to FF).
func Name(mid byte) string {
	for _, g := range groups {
		if mid >= g.first && mid <= g.last {
			return g.name(int(mid - g.first))
		}
	}
	return ""
}

// IsSupport tells that mid asks which of the next 32 ids are supported.
func IsSupport(mid byte) bool { return mid%0x20 == 0 }

// group is a run of monitor ids that differ only in bank, sensor or cylinder.
type group struct {
	first, last byte
	name        func(n int) string
}

var groups = []group{
	{0x01, 0x10, sensors("oxygen sensor")},
	{0x21, 0x24, banks("catalyst")},
	{0x31, 0x34, banks("EGR")},
	{0x35, 0x38, banks("variable valve timing")},
	{0x39, 0x39, one("EVAP leak, cap off or 3.8 mm")},
	{0x3A, 0x3A, one("EVAP leak, 2.3 mm")},
	{0x3B, 0x3B, one("EVAP leak, 1.0 mm")},
	{0x3C, 0x3C, one("EVAP leak, 0.5 mm")},
	{0x3D, 0x3D, one("EVAP purge flow")},
	{0x41, 0x50, sensors("oxygen sensor heater")},
	{0x61, 0x64, banks("heated catalyst")},
	{0x71, 0x74, numbered("secondary air")},
	{0x81, 0x84, banks("fuel system")},
	{0x85, 0x86, banks("boost pressure control")},
	{0x90, 0x91, banks("NOx adsorber")},
	{0x98, 0x99, banks("NOx catalyst")},
	{0xA1, 0xA1, one("misfire, all cylinders")},
	{0xA2, 0xAD, func(n int) string { return fmt.Sprintf("misfire, cylinder %d", n+1) }},
	{0xB0, 0xB1, banks("particulate filter")},
}

func one(what string) func(int) string { return func(int) string { return what } }

func numbered(what string) func(int) string {
	return func(n int) string { return fmt.Sprintf("%s %d", what, n+1) }
}

func banks(what string) func(int) string {
	return func(n int) string { return fmt.Sprintf("%s, bank %d", what, n+1) }
}

// sensors counts four sensors on each of four banks.
func sensors(what string) func(int) string {
	return func(n int) string { return fmt.Sprintf("%s, bank %d sensor %d", what, n/4+1, n%4+1) }
}
