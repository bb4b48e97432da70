package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestWorkstationReadsACar goes from the first page to a diagnosis and out again, in a real terminal.
func TestWorkstationReadsACar(t *testing.T) {
	x := newTerminal(t, 100, 30, nil)
	x.shows("Adapters", "Search everywhere", "d demo car")
	x.keys("d")
	x.shows("Trouble codes", "P0301", "P0171", "would not pass", "Ford")
	x.keys("?")
	x.shows("One complete diagnosis at a glance")
	x.keys("Escape")
	x.gone("One complete diagnosis at a glance")
	x.keys(":")
	x.shows("type to find a command")
	x.text("go to connect")
	x.keys("Enter")
	x.shows("disconnect")
	x.keys("q")
	x.shows("left with 0")
	if strings.Contains(x.screen(), "Adapters") {
		t.Errorf("the terminal was not put back:\n%s", x.screen())
	}
	out := x.run(t, "scan", "list")
	if !strings.Contains(out, "1FADP3E21EL200017") {
		t.Errorf("the scan was not kept: %s", out)
	}
}

// run runs the program beside the workstation, with the same home.
func (x *terminal) run(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("obdctl", args...)
	cmd.Env = append(cmd.Environ(), "HOME="+x.home, "XDG_CONFIG_HOME="+x.home, "XDG_STATE_HOME="+x.home, "XDG_DATA_HOME="+x.home)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("obdctl %v: %v: %s", args, err, out)
	}
	return string(out)
}

func TestWorkstationSurvivesAStormOfSizes(t *testing.T) {
	x := newTerminal(t, 80, 24, nil, "tui", "--adapter", "sim:?pace=0")
	x.shows("P0301")
	for _, size := range [][2]int{{200, 60}, {40, 20}, {20, 6}, {5, 2}, {132, 43}, {60, 10}, {110, 24}, {80, 24}} {
		x.resize(size[0], size[1])
	}
	x.shows("P0301", "? help")
}

func TestCtrlCEndsTheWorkstationAtOnce(t *testing.T) {
	x := newTerminal(t, 80, 24, nil, "--adapter", "sim:?ecu_latency=3s")
	x.shows("connecting")
	x.keys("C-c")
	x.shows("left with 0")
}

func TestADumbTerminalGetsTheHelp(t *testing.T) {
	x := newTerminal(t, 80, 60, []string{"TERM=dumb"})
	x.shows("for more information about a command", "left with 0")
	y := newTerminal(t, 80, 24, []string{"TERM=dumb"}, "tui")
	y.shows("needs a terminal", "left with 8")
}

// TestALostLinkComesBackByItself pulls the plug every few seconds while nobody asks the car for anything: that is
// noticed, told, and over by itself.
func TestALostLinkComesBackByItself(t *testing.T) {
	x := newTerminal(t, 100, 30, nil, "tui", "--adapter", "sim:?drop=every:8s")
	x.shows("P0301", "would not pass")
	x.shows("The link was lost and came back after")
	x.shows("P0301", "connected")
	x.keys("s")
	x.shows("P0301", "connected")
}
