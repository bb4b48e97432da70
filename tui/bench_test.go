package tui_test

import (
	"testing"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui"
	"github.com/fleetms/obdctl/tui/screen/live"
	"github.com/fleetms/obdctl/tui/screen/overview"
	"github.com/fleetms/obdctl/tui/screen/screentest"
)

// BenchmarkNewToView is the workstation's own part of the first frame: the frame is made, gets its size, and draws.
func BenchmarkNewToView(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m := tui.New(b.Context(), tui.Options{
			Pages: []tui.Page{{Screen: live.New(b.Context(), nil), Key: "5"}, {Screen: overview.New(b.Context(), nil), Key: "3"}},
			Look:  screentest.Look(), Theme: "dark",
		})
		m.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
		if m.View().Content == "" {
			b.Fatal("nothing is drawn")
		}
	}
}
