package main

import (
	"path/filepath"
	"testing"
)

func TestCodesAreNotClearedWhileTheEngineRuns(t *testing.T) {
	x := newTerminal(t, 100, 30, nil, "tui", "--adapter", "sim:?pace=0")
	x.shows("P0301", "would not pass")
	x.keys("4")
	x.shows("Likely causes", "P0171", "This code on this car") // the past is read when the scan is done
	x.keys("x")
	x.shows("the engine is running", "switch the engine off")
	x.shows("P0301")
	if kept, _ := filepath.Glob(filepath.Join(x.home, "obdctl", "before-clear", "*")); len(kept) != 0 {
		t.Errorf("something was begun: %v", kept)
	}
}

// TestCodesAreClearedAfterAQuestion answers first no, then yes, and finds the scan from before on the disk.
func TestCodesAreClearedAfterAQuestion(t *testing.T) {
	x := newTerminal(t, 100, 30, nil, "tui", "--adapter", "sim:?pace=0&at=engine-off")
	x.shows("P0301", "would not pass")
	x.keys("4")
	x.shows("Likely causes", "This code on this car")
	x.keys("x")
	x.shows("Clearing repairs nothing", "readiness", "Permanent codes stay")
	x.keys("Enter") // "no" is chosen at first
	x.gone("Clearing repairs nothing")
	x.shows("P0171")
	x.keys("x")
	x.shows("Clearing repairs nothing")
	x.keys("y", "Enter")
	x.shows("1 code", "✓ gone", "No freeze frame was kept") // by the scan after it; the permanent code stays
	x.gone("P0171")
	kept, err := filepath.Glob(filepath.Join(x.home, "obdctl", "before-clear", "*.json"))
	if err != nil || len(kept) != 1 {
		t.Errorf("%v, %d scans from before were kept, want one", err, len(kept))
	}
}
