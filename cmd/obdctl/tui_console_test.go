package main

import "testing"

// TestTheConsoleReadsAndRefuses types requests by hand: what reads is answered with its meaning, what could change the
// car is refused, and the codes are still there afterwards.
func TestTheConsoleReadsAndRefuses(t *testing.T) {
	x := newTerminal(t, 100, 30, nil, "tui", "--adapter", "sim:?pace=0")
	x.shows("P0301", "would not pass")
	x.keys(":")
	x.shows("type to find a command")
	x.text("go to console")
	x.keys("Enter")
	x.shows("read only", "7E0.22F190")
	x.text("0902")
	x.keys("Enter")
	x.shows("49 02 01", "1FADP3E21EL200017")
	x.text("7e0.010c")
	x.keys("Enter")
	x.shows("41 0C", "Engine speed")
	x.text("04")
	x.keys("Enter")
	x.shows("Service 04 can change the car", "obdctl dtc clear")
	x.text("at z")
	x.keys("Enter")
	x.shows("obdctl raw ATZ")
	x.text("3400")
	x.keys("Enter")
	x.shows("Service 34 programs control units")
	x.text("03")
	x.keys("Enter")
	x.shows("43 01 03 01", "Cylinder 1")
	x.text("0908")
	x.keys("Enter")
	x.shows("ignition cycles")
	x.keys("Up", "Up", "Up", "Up")
	x.shows("› at z")
	x.keys("Escape")
	x.shows("Enter to type")
	x.keys("q")
	x.shows("left with 0")
}
