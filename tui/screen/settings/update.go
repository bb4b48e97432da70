package settings

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

type (
	settingsMsg struct {
		all []Setting
		err error
	}
	keptMsg struct {
		kept Kept
		err  error
	}
	savedMsg struct {
		name, value string
		all         []Setting
		err         error
	}
)

// Update takes what was read and saved, and moves the cursor.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case settingsMsg:
		if msg.err == nil {
			s.all = msg.all
			s.fill()
		}
		return screen.Fail(msg.err)
	case keptMsg:
		if errs.KindOf(msg.err) == errs.Cancelled {
			return nil
		}
		s.kept, s.keptErr = &msg.kept, msg.err
	case savedMsg:
		return s.saved(msg)
	case tea.KeyPressMsg, tea.MouseClickMsg, tea.MouseWheelMsg:
		if _, entered := s.table.Update(msg); entered {
			return s.change()
		}
	}
	return nil
}

// change offers the choices of the setting under the cursor, or asks for its text.
func (s *Screen) change() tea.Cmd {
	c, ok := s.chosen()
	if !ok {
		return nil
	}
	title := s.label(c.Name)
	if len(c.Choices) == 0 {
		return screen.Open(widget.NewPrompt(title, s.look.T("tui.settings.hint_"+c.Name), c.Saved,
			func(v string) error { return s.desk.Check(c.Name, v) },
			func(v string) tea.Cmd { return s.save(c.Name, v) }))
	}
	var choices []widget.Choice
	for _, v := range c.Choices {
		note := ""
		if v == c.Value {
			note = s.look.T("tui.settings.now")
		}
		choices = append(choices, widget.Choice{Text: s.value(c.Name, v), Note: note, Run: func() tea.Cmd { return s.save(c.Name, v) }})
	}
	return screen.Open(widget.NewPicker(title, s.look.T("tui.settings.pick"), choices))
}

// save writes a setting and reads all of them again.
func (s *Screen) save(name, value string) tea.Cmd {
	return screen.Do(s.ctx, func(ctx context.Context) ([]Setting, error) {
		if err := s.desk.Save(ctx, name, value); err != nil {
			return nil, err
		}
		return s.desk.Settings(ctx)
	}, func(all []Setting, err error) tea.Msg { return savedMsg{name, value, all, err} })
}

// saved tells what came of it, and truly: what a flag or a variable says wins over the file.
func (s *Screen) saved(msg savedMsg) tea.Cmd {
	if msg.err != nil {
		return screen.Fail(msg.err)
	}
	s.all = msg.all
	s.fill()
	for _, c := range s.all {
		if c.Name != msg.name {
			continue
		}
		pairs := []any{"name", s.label(c.Name), "value", s.value(c.Name, msg.value), "by", c.By}
		switch {
		case c.By != "":
			return screen.Toast(theme.Medium, s.look.T("tui.settings.saved_overridden", pairs...))
		case c.Later:
			return screen.Toast(theme.Fine, s.look.T("tui.settings.saved_later", pairs...))
		}
		return screen.Toast(theme.Fine, s.look.T("tui.settings.saved", pairs...))
	}
	return nil
}
