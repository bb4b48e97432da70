package widget

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
)

// Choice is one thing that a [Picker] offers.
type Choice struct {
	Text string // what is searched
	Note string // faint, at the right
	Not  string // why it cannot be chosen
	Run  func() tea.Cmd
}

// Picker finds one or several choices as a person types. Letters need not stand side by side: "rpm" finds
// "engine RPM", "cvt" finds "coolant ... temperature".
type Picker struct {
	Title   string
	Choices []Choice
	// Many lets several be marked with space; Done then gets their indices in order of Choices.
	Many   bool
	Marked map[int]bool
	Done   func(chosen []int) tea.Cmd

	input  textinput.Model
	found  []int
	cursor int
	top    int
}

// NewPicker offers choices.
func NewPicker(title, prompt string, choices []Choice) *Picker {
	p := &Picker{Title: title, Choices: choices, Marked: map[int]bool{}, input: textinput.New()}
	p.input.Prompt, p.input.Placeholder, p.input.CharLimit = "", prompt, 80
	p.input.Focus()
	p.search()
	return p
}

// String and Len make the choices a source of fuzzy.
func (p *Picker) String(i int) string { return p.Choices[i].Text + " " + p.Choices[i].Note }

// Len is how many choices there are.
func (p *Picker) Len() int { return len(p.Choices) }

func (p *Picker) search() {
	p.found, p.cursor, p.top = p.found[:0], 0, 0
	words := strings.TrimSpace(p.input.Value())
	if words == "" {
		for i := range p.Choices {
			p.found = append(p.found, i)
		}
		return
	}
	for _, m := range fuzzy.FindFrom(words, p) {
		p.found = append(p.found, m.Index)
	}
}

// Update takes the keys of the search.
func (p *Picker) Update(msg tea.Msg) (bool, tea.Cmd) {
	key, ok := msg.(tea.KeyPressMsg)
	if !ok {
		var cmd tea.Cmd
		p.input, cmd = p.input.Update(msg)
		return false, cmd
	}
	switch key.String() {
	case "esc":
		return true, nil
	case "up", "ctrl+k":
		p.move(-1)
	case "down", "ctrl+j", "ctrl+n":
		p.move(1)
	case "pgup":
		p.move(-8)
	case "pgdown":
		p.move(8)
	case "tab":
		p.mark()
	case "space":
		if !p.Many {
			return p.typed(msg)
		}
		p.mark()
	case "enter":
		return p.enter()
	default:
		return p.typed(msg)
	}
	return false, nil
}

func (p *Picker) typed(msg tea.Msg) (bool, tea.Cmd) {
	before := p.input.Value()
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	if p.input.Value() != before {
		p.search()
	}
	return false, cmd
}

func (p *Picker) move(by int) { p.cursor = max(0, min(p.cursor+by, len(p.found)-1)) }

func (p *Picker) mark() {
	if p.Many && p.cursor < len(p.found) {
		i := p.found[p.cursor]
		p.Marked[i] = !p.Marked[i]
		p.move(1)
	}
}

func (p *Picker) enter() (bool, tea.Cmd) {
	if p.Many {
		var chosen []int
		for i := range p.Choices {
			if p.Marked[i] {
				chosen = append(chosen, i)
			}
		}
		if len(chosen) == 0 && p.cursor < len(p.found) {
			chosen = []int{p.found[p.cursor]}
		}
		return true, p.Done(chosen)
	}
	if p.cursor >= len(p.found) {
		return false, nil
	}
	c := p.Choices[p.found[p.cursor]]
	switch {
	case c.Not != "":
		return false, screen.Toast(theme.Medium, c.Not)
	case c.Run != nil:
		return true, c.Run()
	}
	return true, p.Done([]int{p.found[p.cursor]})
}

// View draws the search field and what it finds.
func (p *Picker) View(l screen.Look) string {
	width, rows := min(l.Width-6, 64), max(3, min(l.Height-8, 14))
	p.input.SetWidth(width - 3)
	lines := []string{l.Paint(theme.Accent, l.Theme.Glyphs.Point) + " " + p.input.View(), l.Paint(theme.Rule, strings.Repeat(l.Theme.Glyphs.Line, width))}
	if p.cursor < p.top {
		p.top = p.cursor
	}
	p.top = max(p.top, p.cursor-rows+1)
	for i := p.top; i < min(p.top+rows, len(p.found)); i++ {
		lines = append(lines, p.row(l, i, width))
	}
	if len(p.found) == 0 {
		lines = append(lines, l.Paint(theme.Faint, l.T("tui.shell.nothing_found")))
	}
	for len(lines) < rows+2 {
		lines = append(lines, "")
	}
	return Box(l, theme.Accent, p.Title, strings.Join(lines, "\n"))
}

func (p *Picker) row(l screen.Look, i, width int) string {
	c := p.Choices[p.found[i]]
	mark := ""
	if p.Many {
		mark = l.Theme.Glyphs.Off + " "
		if p.Marked[p.found[i]] {
			mark = l.Theme.Glyphs.On + " "
		}
	}
	line := Split("  "+mark+Clean(c.Text), Clean(c.Note)+" ", width)
	switch {
	case i == p.cursor:
		return l.Paint(theme.Chosen, l.Theme.Glyphs.Here+" "+Fit(strings.TrimPrefix(line, "  "), width-2))
	case c.Not != "":
		return l.Paint(theme.Faint, line)
	}
	return Split("  "+mark+Clean(c.Text), l.Paint(theme.Faint, Clean(c.Note))+" ", width)
}
