package live

import (
	"errors"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// askLimits asks for the limits of the chosen signal, in the person's unit.
func (s *Screen) askLimits() tea.Cmd {
	r, ok := s.row()
	if !ok {
		return nil
	}
	_, symbol := s.look.In(0, r.Unit)
	title := strings.TrimSpace(s.look.T("tui.live.limits_of", "signal", widget.Clean(r.Name)) + " " + symbol)
	check := func(text string) error { _, err := s.parseLimits(text, r.Unit); return err }
	return screen.Open(widget.NewPrompt(title, s.look.T("tui.live.limits_hint"), s.writeLimits(r), check, func(text string) tea.Cmd {
		limits, err := s.parseLimits(text, r.Unit)
		if err != nil {
			return screen.Fail(err)
		}
		before := r.Limits
		s.board.Limit(r.Signal, limits)
		s.refresh()
		told := s.look.T("tui.live.limits_off", "signal", r.Name)
		if limits.IsSet() {
			told = s.look.T("tui.live.limits_on", "signal", r.Name)
		}
		return screen.Undoable(told, func() tea.Cmd {
			s.board.Limit(r.Signal, before)
			s.refresh()
			return nil
		})
	}))
}

// parseLimits reads "10..110", "..110", "10.." or nothing, with either decimal sign.
func (s *Screen) parseLimits(text, code string) (trace.Limits, error) {
	wrong := errors.New(s.look.T("tui.live.limits_hint"))
	if strings.TrimSpace(text) == "" {
		return trace.Limits{}, nil
	}
	low, high, ok := strings.Cut(strings.ReplaceAll(text, ",", "."), "..")
	if !ok {
		return trace.Limits{}, wrong
	}
	var l trace.Limits
	for _, end := range []struct {
		text string
		to   **float64
	}{{low, &l.Low}, {high, &l.High}} {
		if end.text = strings.TrimSpace(end.text); end.text == "" {
			continue
		}
		v, err := strconv.ParseFloat(end.text, 64)
		if err != nil || v-v != 0 {
			return trace.Limits{}, wrong
		}
		*end.to = new(s.metric(v, code))
	}
	if !l.IsSet() || l.Low != nil && l.High != nil && *l.Low >= *l.High {
		return trace.Limits{}, wrong
	}
	return l, nil
}

// metric takes a value in the person's unit back into the signal's: the units differ by a factor and an offset.
func (s *Screen) metric(v float64, code string) float64 {
	zero, _ := s.look.In(0, code)
	one, _ := s.look.In(1, code)
	return (v - zero) / (one - zero)
}

func (s *Screen) writeLimits(r trace.Row) string {
	end := func(v *float64) string {
		if v == nil {
			return ""
		}
		shown, _ := s.look.In(*v, r.Unit)
		return strconv.FormatFloat(shown, 'g', 6, 64)
	}
	if !r.Limits.IsSet() {
		return ""
	}
	return end(r.Limits.Low) + ".." + end(r.Limits.High)
}

// alarm says which limit a signal left, and how far.
func (s *Screen) alarm(r trace.Row) string {
	number, symbol := s.number(r, r.Value), s.symbol(r)
	return widget.Clean(r.Name) + " " + s.beyond(r) + ": " + strings.TrimSpace(number+" "+symbol)
}

// beyond names the limit that a signal left, "" for none.
func (s *Screen) beyond(r trace.Row) string {
	switch r.Side {
	case trace.Below:
		return s.look.T("tui.live.below", "limit", s.number(r, *r.Limits.Low))
	case trace.Above:
		return s.look.T("tui.live.above", "limit", s.number(r, *r.Limits.High))
	}
	return ""
}

// alarmTone is that of a signal's value.
func alarmTone(r trace.Row, otherwise theme.Tone) theme.Tone {
	if r.Side != trace.Within {
		return theme.Bad
	}
	return otherwise
}
