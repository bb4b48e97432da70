package live

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/widget"
)

// pickSignals lets a person find signals as they type and mark as many as they like.
func (s *Screen) pickSignals() tea.Cmd {
	signals := s.menu.Signals
	choices := make([]widget.Choice, len(signals))
	marked := map[int]bool{}
	for i, x := range signals {
		choices[i] = widget.Choice{Text: x.Name + "  " + unit.Symbol(x.Unit), Note: x.ID}
		marked[i] = slices.Contains(s.chosen, x.ID)
	}
	p := widget.NewPicker(s.look.T("tui.live.signals"), s.look.T("tui.live.signals_prompt"), choices)
	p.Many, p.Marked = true, marked
	p.Done = func(chosen []int) tea.Cmd {
		var ids []string
		for _, i := range chosen {
			ids = append(ids, signals[i].ID)
		}
		s.choose(ids, "")
		return s.watch()
	}
	return screen.Open(p)
}

// pickPreset lets a person choose a group.
func (s *Screen) pickPreset() tea.Cmd {
	var choices []widget.Choice
	for _, p := range s.menu.Presets {
		choices = append(choices, widget.Choice{Text: s.presetTitle(p.Name), Note: s.look.N("tui.live.count", len(p.Signals)), Run: func() tea.Cmd {
			s.choose(p.Signals, p.Name)
			return s.watch()
		}})
	}
	all := s.menu.Signals
	choices = append(choices, widget.Choice{Text: s.look.T("tui.live.everything"), Note: s.look.N("tui.live.count", len(all)), Run: func() tea.Cmd {
		var ids []string
		for _, x := range all {
			ids = append(ids, x.ID)
		}
		s.choose(ids, "")
		return s.watch()
	}})
	return screen.Open(widget.NewPicker(s.look.T("tui.live.presets"), s.look.T("tui.live.presets_prompt"), choices))
}

func (s *Screen) presetTitle(name string) string { return s.look.T("tui.live.preset." + name) }
