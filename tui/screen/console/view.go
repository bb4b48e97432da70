package console

import (
	"strings"

	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// logHeight is the room between the title and the field.
func (s *Screen) logHeight() int { return max(s.look.Height-3, 1) }

// View draws the log with the newest line at its end, and the field below.
func (s *Screen) View() string {
	l := s.look
	log := s.log()
	if len(log) == 0 {
		log = s.intro()
	}
	height := s.logHeight()
	s.up = max(0, min(s.up, len(log)-height))
	end := len(log) - s.up
	shown := log[max(0, end-height):end]
	remark := l.T("tui.console.guarded")
	if s.up > 0 {
		remark = l.Theme.Glyphs.Down + " " + l.N("tui.console.below", s.up)
	}
	body := widget.Block(strings.Join(shown, "\n"), l.Width, height)
	page := widget.Panel(l, l.Width, l.T("tui.console.title"), l.Paint(theme.Faint, remark), body)
	return widget.Block(page+"\n\n"+s.field(), l.Width, l.Height)
}

// field is where the person types.
func (s *Screen) field() string {
	l := s.look
	if !s.Typing() {
		return l.Paint(theme.Faint, l.Theme.Glyphs.Point+" "+l.T("tui.console.asleep"))
	}
	return l.Paint(theme.Accent, l.Theme.Glyphs.Point) + " " + s.input.View()
}

func (s *Screen) log() []string {
	var out []string
	for _, e := range s.entries {
		if s.drawn[e] == nil {
			s.drawn[e] = s.draw(e)
		}
		if len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, s.drawn[e]...)
	}
	return out
}

// intro says what can be typed, while nothing was.
func (s *Screen) intro() []string {
	l := s.look
	if !s.link.Up() {
		return strings.Split(widget.Empty(l, l.Width, l.T("tui.console.no_car"), l.T("tui.console.no_car_hint")), "\n")
	}
	out := []string{""}
	for _, example := range []struct{ line, key string }{
		{"0100", "tui.console.try_pids"}, {"010C", "tui.console.try_speed"}, {"03", "tui.console.try_codes"}, {"09 02", "tui.console.try_vin"},
		{"22F190", "tui.console.try_did"}, {"7E0.22F190", "tui.console.try_one"},
	} {
		out = append(out, l.Paint(theme.Accent, widget.Fit(example.line, 12))+" "+l.T(example.key))
	}
	out = append(out, "")
	for _, key := range []string{"tui.console.only_reads", "tui.console.no_adapter"} {
		for _, w := range widget.Wrap(l.T(key), l.Width) {
			out = append(out, l.Paint(theme.Faint, w))
		}
	}
	return out
}
