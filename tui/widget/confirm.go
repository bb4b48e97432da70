package widget

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Confirm asks before something that cannot be undone. "No" is chosen at first; where a word is asked for, "yes"
// cannot be chosen before it is typed.
type Confirm struct {
	ask   screen.AskMsg
	yes   bool
	input textinput.Model
}

// NewConfirm asks what the message says.
func NewConfirm(ask screen.AskMsg) *Confirm {
	c := &Confirm{ask: ask, input: textinput.New()}
	c.input.Prompt, c.input.CharLimit = "", 40
	c.input.SetWidth(20)
	if ask.Word != "" {
		c.input.Focus()
	}
	return c
}

func (c *Confirm) ready() bool { return c.ask.Word == "" || c.input.Value() == c.ask.Word }

// Update takes the keys of the question.
func (c *Confirm) Update(msg tea.Msg) (bool, tea.Cmd) {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return false, nil
	}
	switch k := key.String(); {
	case k == "esc" || c.ask.Word == "" && (k == "n" || k == "q"):
		return true, nil
	case k == "left" || k == "right" || k == "tab" || k == "shift+tab":
		c.yes = !c.yes && c.ready()
	case k == "y" && c.ask.Word == "":
		c.yes = true
	case k == "enter":
		if c.ask.Word != "" && c.ready() {
			c.yes = true
		}
		if c.yes && c.ready() {
			return true, c.ask.Run()
		}
		return c.ask.Word == "", nil
	case c.ask.Word != "":
		var cmd tea.Cmd
		c.input, cmd = c.input.Update(msg)
		c.yes = c.yes && c.ready()
		return false, cmd
	}
	return false, nil
}

// View draws the question.
func (c *Confirm) View(l screen.Look) string {
	width := min(l.Width-6, 62)
	var lines []string
	for paragraph := range strings.SplitSeq(c.ask.Text, "\n") {
		lines = append(lines, Wrap(paragraph, width)...)
	}
	if len(c.ask.Points) > 0 {
		lines = append(lines, "")
	}
	for _, p := range c.ask.Points {
		for i, w := range Wrap(p, width-2) {
			lead := "  "
			if i == 0 {
				lead = l.Paint(theme.Warn, l.Theme.Glyphs.Point) + " "
			}
			lines = append(lines, lead+w)
		}
	}
	lines = append(lines, "")
	if c.ask.Word != "" {
		lines = append(lines, l.T("tui.shell.type_word", "word", c.ask.Word), l.Paint(theme.Accent, l.Theme.Glyphs.Point)+" "+c.input.View(), "")
	}
	tone := theme.Accent
	if c.ask.Danger {
		tone = theme.Bad
	}
	lines = append(lines, c.buttons(l, tone))
	return Box(l, tone, c.ask.Title, strings.Join(lines, "\n"))
}

func (c *Confirm) buttons(l screen.Look, tone theme.Tone) string {
	button := func(text string, chosen, possible bool, tone theme.Tone) string {
		switch {
		case chosen:
			return l.Theme.Style(tone).Reverse(true).Render(" " + l.Theme.Glyphs.Point + " " + text + " ")
		case !possible:
			return l.Paint(theme.Faint, "   "+text+" ")
		}
		return "   " + text + " "
	}
	return button(l.T("tui.shell.no"), !c.yes, true, theme.Accent) + "  " + button(c.ask.Yes, c.yes, c.ready(), tone)
}
