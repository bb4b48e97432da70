package main

import "testing"

// TestGarageKeepsAndOpensVehicles scans a car, adds another one, and opens the first from the garage again.
func TestGarageKeepsAndOpensVehicles(t *testing.T) {
	x := newTerminal(t, 100, 30, nil, "tui", "--adapter", "sim:?pace=0")
	x.shows("P0301", "would not pass")
	x.keys("2")
	x.shows("1 vehicle", "lamp on", "here", "Last scan")
	x.keys("a")
	x.shows("17 characters")
	x.text("1FADP3E")
	x.keys("Enter")
	x.shows("This is no VIN")
	x.text("21EL200017")
	x.keys("Enter")
	x.shows("It is in the garage as")
	x.keys("C-u")
	x.text("5YJ3E1EA3KF200817")
	x.keys("Enter")
	x.shows("was added", "2 vehicles", "never scanned")
	x.keys("/")
	x.text("nobody")
	x.shows("nothing found")
	x.keys("Escape")
	x.gone("nothing found")
	x.keys("Home", "Enter")
	x.shows("P0301", "would not pass")
	x.keys("4")
	x.shows("Codes of ") // the scan is one of the past
	x.keys("f")
	x.shows("1 frame", "Engine speed")
}
