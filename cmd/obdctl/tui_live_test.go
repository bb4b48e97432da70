package main

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
)

// toLive opens the live page once the scan of the car is done.
func toLive(t *testing.T, args ...string) *terminal {
	t.Helper()
	x := newTerminal(t, 100, 30, nil, args...)
	x.shows("P0301", "would not pass")
	x.keys("5")
	x.shows("Engine at a glance", "Engine speed", "values/s")
	return x
}

// kept is how many readings of a signal are in the database.
func (x *terminal) kept(t *testing.T, signal string) int {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(x.run(t, "export", "--quiet", "--signal", signal))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return len(rows) - 1
}

func TestARecordingIsKeptWhenTheWorkstationIsLeft(t *testing.T) {
	x := toLive(t, "--adapter", "sim:")
	x.keys("r")
	x.shows("r stop", "recording 0:0")
	x.keys("v")
	x.shows("v plots", "━")
	x.keys("v")
	x.shows("A‹", "B›", "last 30 s")
	recorded := regexp.MustCompile(`recording 0:0[2-9]`)
	x.until("records for two seconds", recorded.MatchString)
	x.keys("3") // the recording goes on behind another page
	x.shows("would not pass", "recording")
	x.keys("q")
	x.shows("left with 0")
	if n := x.kept(t, "RPM"); n < 10 {
		t.Errorf("%d values of two seconds are in the database", n)
	}
}

func TestALostLinkEndsNoRecording(t *testing.T) {
	x := toLive(t, "--adapter", "sim:?drop=every:8s")
	x.keys("r")
	x.shows("r stop", "recording 0:0")
	x.shows("The link was lost and came back after", "r stop")
	before := x.kept(t, "RPM")
	x.until("goes on to record", func(string) bool { return x.kept(t, "RPM") > before+5 })
	x.keys("C-c")
	x.shows("left with 0")
	if n := x.kept(t, "RPM"); n <= before {
		t.Errorf("%d values, %d before the link was lost", n, before)
	}
}
