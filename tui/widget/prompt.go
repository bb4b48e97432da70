package widget

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Prompt asks for one line of text.
type Prompt struct {
	title, hint string
	check       func(string) error
	run         func(string) tea.Cmd
	input       textinput.Model
	wrong       error
}

// NewPrompt asks for text; check, which may be nil, says what is wrong with it, and run gets it.
func NewPrompt(title, hint, value string, check func(string) error, run func(string) tea.Cmd) *Prompt {
	p := &Prompt{title: title, hint: hint, check: check, run: run, input: textinput.New()}
	p.input.Prompt, p.input.CharLimit = "", 500
	p.input.SetValue(value)
	p.input.CursorEnd()
	p.input.Focus()
	return p
}

// Update takes the keys of the field.
func (p *Prompt) Update(msg tea.Msg) (bool, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok {
		switch key.String() {
		case "esc":
			return true, nil
		case "enter":
			text := strings.TrimSpace(p.input.Value())
			if p.check != nil {
				if p.wrong = p.check(text); p.wrong != nil {
					return false, nil
				}
			}
			return true, p.run(text)
		}
		p.wrong = nil
	}
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	return false, cmd
}

// View draws the field.
func (p *Prompt) View(l screen.Look) string {
	width := min(l.Width-6, 62)
	p.input.SetWidth(width - 3)
	lines := []string{Fit(l.Paint(theme.Accent, l.Theme.Glyphs.Point)+" "+p.input.View(), width), ""}
	if p.wrong != nil {
		lines = append(lines, Wrap(Mark(l, theme.High, Clean(p.wrong.Error())), width)...)
	} else {
		for _, w := range Wrap(p.hint, width) {
			lines = append(lines, l.Paint(theme.Faint, w))
		}
	}
	return Box(l, theme.Accent, p.title, strings.Join(lines, "\n"))
}
