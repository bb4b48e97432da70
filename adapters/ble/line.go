package ble

import (
	"cmp"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// line is a service that makers use as a serial line.
type line struct {
	service, notify, write string
	seen                   string // in which devices
}

// lines are the serial services, the commonest first.
func lines() []line {
	return []line{
		{"FFF0", "FFF1", "FFF2", "most ELM327 LE adapters, OBDLink CX, Veepeak"},
		{"18F0", "2AF0", "2AF1", "vLinker, Vgate iCar, Viecar"},
		{"FFE0", "FFE1", "FFE1", "HM-10 and its clones, LELink"},
		{"FFE0", "FFE1", "FFE2", "JDY modules"},
		{"E7810A71-73AE-499D-8C15-FAA9AEF0C3F2", "BEF8D6C9-9C21-4C9E-B632-BD58C1009F9F", "BEF8D6C9-9C21-4C9E-B632-BD58C1009F9F", "IOS-Vlink, iCar Pro"},
		{"6E400001-B5A3-F393-E0A9-E50E24DCCA9E", "6E400003-B5A3-F393-E0A9-E50E24DCCA9E", "6E400002-B5A3-F393-E0A9-E50E24DCCA9E", "Nordic UART: ESP32 and nRF5 devices"},
		{"49535343-FE7D-4AE5-8FA9-9FAFD205E455", "49535343-1E4D-4BD9-BA61-23C647249616", "49535343-8841-43F4-A8D4-ECBE34729BB3", "Microchip (ISSC) transparent UART"},
		{"00035B03-58E6-07DD-021A-08123A000300", "00035B03-58E6-07DD-021A-08123A000301", "00035B03-58E6-07DD-021A-08123A000301", "Microchip MLDP"},
		{"569A1101-B87F-490C-92CB-11BA5EA5167C", "569A2000-B87F-490C-92CB-11BA5EA5167C", "569A2001-B87F-490C-92CB-11BA5EA5167C", "Laird virtual serial port"},
	}
}

// isSerialService tells a service of the table.
func isSerialService(u UUID) bool {
	return slices.ContainsFunc(lines(), func(l line) bool { return known(l.service) == u })
}

// known reads a UUID of the table, whose spelling a test checks.
func known(s string) UUID {
	u, _ := ParseUUID(s)
	return u
}

// Wish names characteristics outright; a zero part is found by itself.
type Wish struct{ Service, Notify, Write UUID }

// Pair is what a serial line is made of.
type Pair struct{ Notify, Write Characteristic }

// Choose picks the characteristics of the serial line: as wished, as the table has them, or in an unknown
// service that has just such a pair. What counts are the properties: some makers exchange the two.
func Choose(all []Characteristic, w Wish) (Pair, error) {
	if w != (Wish{}) {
		if p, ok := pairIn(all, w); ok {
			return p, nil
		}
		return Pair{}, errs.New(errs.NoAdapter, "the device has no such pair of characteristics; it has %s", describe(all)).
			WithHint("one must be able to notify and one to be written; without service, write and notify they are found")
	}
	for _, l := range lines() {
		for _, w := range []Wish{
			{known(l.service), known(l.notify), known(l.write)},
			{known(l.service), known(l.write), known(l.notify)}, // exchanged
			{Service: known(l.service)},
		} {
			if p, ok := pairIn(all, w); ok {
				return p, nil
			}
		}
	}
	for _, c := range all {
		if isStandard(c.Service()) {
			continue
		}
		if p, ok := pairIn(all, Wish{Service: c.Service()}); ok {
			return p, nil
		}
	}
	return Pair{}, errs.New(errs.NoAdapter, "the device has no serial line; it has %s", describe(all)).
		WithHint("is it an OBD adapter? service=, write= and notify= name the characteristics of an unknown one")
}

// pairIn finds a pair that fits the wish, both in one service.
func pairIn(all []Characteristic, w Wish) (Pair, bool) {
	fits := func(c Characteristic, want UUID) bool {
		return (w.Service == UUID{} || c.Service() == w.Service) && (want == UUID{} || c.UUID() == want)
	}
	for _, n := range all {
		if !fits(n, w.Notify) || !n.Properties().Tells() {
			continue
		}
		var writers []Characteristic
		for _, c := range all {
			if fits(c, w.Write) && c.Service() == n.Service() && c.Properties().Takes() {
				writers = append(writers, c)
			}
		}
		if len(writers) == 0 {
			continue
		}
		// One that only takes is meant for it; where there is none, one does both.
		slices.SortStableFunc(writers, func(a, b Characteristic) int { return cmp.Compare(both(a), both(b)) })
		return Pair{n, writers[0]}, true
	}
	return Pair{}, false
}

func both(c Characteristic) int {
	if c.Properties().Tells() {
		return 1
	}
	return 0
}

// isStandard tells the services of the Bluetooth SIG (1800 to 18FF) that every device may have; 18F0 was
// never given out and is in the table.
func isStandard(u UUID) bool { return u.IsShort() && u[2] == 0x18 && u != Short(0x18F0) }

func describe(all []Characteristic) string {
	var names []string
	for _, c := range all {
		names = append(names, c.Service().String()+"/"+c.UUID().String())
	}
	if len(names) == 0 {
		return "none at all"
	}
	return strings.Join(names[:min(len(names), 12)], ", ")
}
