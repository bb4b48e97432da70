package console

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// sentMsg brings what came of a line.
type sentMsg struct {
	entry *entry
	got   Exchange
	err   error
}

// Update takes what is typed and what is answered.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case screen.Link:
		s.link = msg
	case sentMsg:
		e := msg.entry
		e.got, e.err, e.busy = msg.got, msg.err, false
		delete(s.drawn, e)
	case tea.KeyPressMsg:
		return s.key(msg)
	case tea.MouseWheelMsg:
		if msg.Button == tea.MouseWheelUp {
			s.scroll(3)
		} else {
			s.scroll(-3)
		}
	case tea.PasteMsg:
		msg.Content = strings.Join(strings.Fields(msg.Content), " ")
		return s.edit(msg)
	}
	return nil
}

func (s *Screen) key(msg tea.KeyPressMsg) tea.Cmd {
	page := max(s.logHeight()-1, 1)
	switch k := msg.String(); k {
	case "pgup":
		s.scroll(page)
	case "pgdown":
		s.scroll(-page)
	case "up":
		s.remember(-1)
	case "down":
		s.remember(1)
	case "enter":
		if s.Typing() {
			return s.send()
		}
	case "esc":
		s.input.Blur()
	case "ctrl+l":
		return s.wipe()
	default:
		return s.edit(msg)
	}
	return nil
}

func (s *Screen) edit(msg tea.Msg) tea.Cmd {
	if !s.Typing() {
		return nil
	}
	var cmd tea.Cmd
	s.input, cmd = s.input.Update(msg)
	return cmd
}

// scroll moves the log; View keeps it off its ends.
func (s *Screen) scroll(by int) { s.up = max(0, s.up+by) }

// remember puts an earlier or later line into the field.
func (s *Screen) remember(by int) {
	to := s.recall + by
	if !s.Typing() || to < 0 || to > len(s.lines) {
		return
	}
	if s.recall == len(s.lines) {
		s.draft = s.input.Value()
	}
	s.recall = to
	text := s.draft
	if to < len(s.lines) {
		text = s.lines[to]
	}
	s.input.SetValue(text)
	s.input.CursorEnd()
}

// send sends what is in the field. One line is under way at a time; what was typed meanwhile stays.
func (s *Screen) send() tea.Cmd {
	line := strings.TrimSpace(s.input.Value())
	switch {
	case line == "":
		return nil
	case s.busy():
		return screen.Toast(theme.Medium, s.look.T("tui.console.busy"))
	case !s.link.Up():
		return screen.Toast(theme.Medium, s.look.T("tui.console.no_car"))
	}
	s.input.SetValue("")
	if n := len(s.lines); n == 0 || s.lines[n-1] != line {
		s.lines = last(append(s.lines, line), maxLines)
	}
	s.recall, s.draft, s.up = len(s.lines), "", 0
	e := &entry{line: line, busy: true}
	s.entries = append(s.entries, e)
	for len(s.entries) > maxEntries {
		delete(s.drawn, s.entries[0])
		s.entries = s.entries[1:]
	}
	return screen.Do(s.ctx, func(ctx context.Context) (Exchange, error) {
		return s.sender.Send(ctx, line)
	}, func(x Exchange, err error) tea.Msg { return sentMsg{e, x, err} })
}

func last(all []string, n int) []string { return all[max(0, len(all)-n):] }

// wipe empties the log; what is under way stays, and so do the lines to go back to.
func (s *Screen) wipe() tea.Cmd {
	if s.busy() {
		s.entries = s.entries[len(s.entries)-1:]
	} else {
		s.entries = nil
	}
	clear(s.drawn)
	s.up = 0
	return nil
}
