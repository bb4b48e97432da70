package widget_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen/screentest"
	"github.com/fleetms/obdctl/tui/widget"
)

// TestScrollStaysOnThePage walks through a page of 30 lines on a screen of 10.
func TestScrollStaysOnThePage(t *testing.T) {
	var s widget.Scroll
	for _, step := range []struct {
		msg  tea.Msg
		want int
	}{
		{screentest.Press("up"), 0}, {screentest.Press("down"), 1}, {screentest.Press("pgdown"), 11}, {screentest.Press("x"), 11},
		{tea.MouseWheelMsg{Button: tea.MouseWheelUp}, 10}, {screentest.Press("end"), 20}, {screentest.Press("down"), 20},
		{screentest.Press("pgup"), 10}, {screentest.Press("home"), 0},
	} {
		s.Input(step.msg, 10)
		if got := s.Keep(30, 10); got != step.want {
			t.Fatalf("%v: line %d, want %d", step.msg, got, step.want)
		}
	}
	if s = 7; s.Keep(5, 10) != 0 {
		t.Error("a page that fits was scrolled")
	}
}
