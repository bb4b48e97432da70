package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A setting that is changed holds at once and is in the file; one that a variable wins over says so. The adapter is opened
// although another page is first, and connecting does not leave that page.
func TestSettingsHoldAtOnceAndAreKept(t *testing.T) {
	x := newTerminal(t, 100, 30, []string{"OBDCTL_UNITS=metric"}, "tui", "--page", "settings", "--adapter", "sim:")
	x.shows("belongs to no fleet", "OBDCTL_UNITS", "--adapter", "● connected")
	x.keys("Down", "Down", "Enter")
	x.shows("type to find a choice")
	x.text("Deutsch")
	x.shows("Deutsch")
	x.keys("Enter")
	x.shows("gehört zu keiner Flotte")
	x.text(":")
	x.text("Einheiten: imperial")
	x.keys("Enter")
	x.shows("OBDCTL_UNITS geht vor")
	file, err := os.ReadFile(filepath.Join(x.home, "obdctl", "config.yaml"))
	if err != nil || !strings.Contains(string(file), "language: de\n") || !strings.Contains(string(file), "units: imperial\n") {
		t.Errorf("the file holds %q, %v", file, err)
	}
}
