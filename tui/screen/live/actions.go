package live

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/theme"
)

// Help says what the page is for.
func (s *Screen) Help() string { return s.look.T("tui.live.about") }

// Actions are what a person can do here.
func (s *Screen) Actions() []screen.Action {
	var all []screen.Action
	add := func(key, not string, run func() tea.Cmd, keys ...string) {
		all = append(all, screen.Action{
			ID: "live." + key, Title: s.look.T("tui.live." + key), Short: s.look.T("tui.live." + key + "_short"),
			Keys: keys, Not: not, Run: run,
		})
	}
	noCar, noValues := "", ""
	if s.menu == nil {
		noCar = s.look.T("tui.live.no_car")
	}
	if len(s.rows) == 0 {
		noValues = s.look.T("tui.live.no_values")
	}
	switch {
	case s.look.Linear:
		add("now", noValues, quietly(s.refresh), "space", "enter")
	case s.paused:
		add("go_on", "", quietly(s.pause), "space", "esc")
	default:
		add("pause", noValues, quietly(s.pause), "space")
	}
	if !s.look.Linear {
		add([]string{"to_gauges", "to_plots", "to_numbers"}[s.face], "", quietly(func() { s.face = (s.face + 1) % faces; s.fill() }), "v")
	}
	if s.link.Keeping {
		add("stop", "", s.stopRecording, "r")
	} else {
		add("record", noValues, func() tea.Cmd { return s.record("") }, "r")
	}
	add("signals", noCar, s.pickSignals, "s")
	add("presets", noCar, s.pickPreset, "p")
	add("limits", noValues, s.askLimits, "a")
	if !s.look.Linear {
		add("plot", noValues, s.togglePlot, "x")
		add("mark", noValues, quietly(s.mark), "m")
		add("closer", "", quietly(func() { s.zoom(-1) }), "+", "=")
		add("further", "", quietly(func() { s.zoom(1) }), "-")
	}
	add("reset", noValues, quietly(func() { s.board.Reset(); s.refresh() }), "z")
	return all
}

func quietly(f func()) func() tea.Cmd {
	return func() tea.Cmd { f(); return nil }
}

func (s *Screen) zoom(by int) { s.span = max(0, min(s.span+by, len(spans())-1)) }

// mark sets a marker under the cursor, or now.
func (s *Screen) mark() {
	const most = 100
	at := s.board.Newest()
	if s.cursor >= 0 {
		at = s.at(s.cursor)
	}
	s.markers = append(s.markers, at)
	s.markers = s.markers[max(0, len(s.markers)-most):]
}

// togglePlot takes the chosen signal into the plots or out of them.
func (s *Screen) togglePlot() tea.Cmd {
	const most = 6 // tones for lines
	r, ok := s.row()
	if !ok {
		return nil
	}
	if s.plotted == nil {
		plotted := []trace.Key{}
		for _, x := range s.lines() {
			plotted = append(plotted, x.Key)
		}
		s.plotted = plotted
	}
	if i := slices.Index(s.plotted, r.Key); i >= 0 {
		s.plotted = slices.Delete(s.plotted, i, i+1)
		s.fill()
		return nil
	}
	switch {
	case r.Text != "":
		return screen.Toast(theme.Medium, s.look.T("tui.live.no_number"))
	case len(s.plotted) >= most:
		return screen.Toast(theme.Medium, s.look.T("tui.live.enough", "n", most))
	}
	s.plotted = append(s.plotted, r.Key)
	s.fill()
	return nil
}
