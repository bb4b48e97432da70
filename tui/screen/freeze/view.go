package freeze

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// fill makes the rows of the list and places it.
func (s *Screen) fill() {
	l := s.look
	if l.Words == nil {
		return
	}
	var rows []widget.Row
	s.rows = s.rows[:0]
	for i, f := range s.frames {
		if i == 0 || s.frames[i-1].ECU != f.ECU {
			rows = append(rows, widget.Row{Head: true, Cells: []widget.Cell{{Text: s.unit(f.ECU)}}})
			s.rows = append(s.rows, -1)
		}
		fault := s.fault(f)
		tone := fault.Severity.Tone()
		rows = append(rows, widget.Row{Cells: []widget.Cell{
			{Text: fault.Severity.Glyph(l.Theme.Glyphs), Tone: tone}, {Text: s.code(f), Tone: tone}, {Text: s.words(fault)},
			{Text: l.N("tui.freeze.values", len(present(f))), Tone: theme.Faint},
		}})
		s.rows = append(s.rows, i)
	}
	s.table.Columns = []widget.Column{{Width: 1}, {Max: 16}, {Flex: true}, {Max: 14, Drop: 1}}
	s.table.SetRows(rows)
	w, h := s.listSize()
	s.table.Place(0, 1, w, h-1)
}

// listSize is the room of the list with its title.
func (s *Screen) listSize() (width, height int) {
	l := s.look
	if l.Wide() {
		return (l.Width - 4) * 2 / 5, l.Height
	}
	return l.Width, max(4, min(len(s.rows)+1, l.Height*2/5))
}

// code is the code of a frame. Some cars keep one without telling which code caused it.
func (s *Screen) code(f obd.FreezeFrame) string {
	if f.Code == "" {
		return s.look.T("tui.freeze.no_code")
	}
	return f.Code
}

func (s *Screen) words(f screen.Fault) string {
	if f.Description != "" {
		return f.Description
	}
	return s.look.T("tui.freeze.no_words")
}

// present are the readings of sensors that the car has.
func present(f obd.FreezeFrame) []obd.Reading {
	var out []obd.Reading
	for _, r := range f.Readings {
		if !r.Absent {
			out = append(out, r)
		}
	}
	return out
}

// View draws the list of frames, and beside or below it the values of the one under the cursor.
func (s *Screen) View() string {
	l := s.look
	f, ok := s.chosen()
	if !ok {
		return s.empty()
	}
	w, h := s.listSize()
	remark := l.Paint(theme.Faint, l.N("tui.freeze.count", len(s.frames)))
	list := widget.Block(widget.Panel(l, w, s.heading(), remark, s.table.View(l)), w, h)
	if l.Wide() {
		rest := l.Width - w - 4
		return widget.Beside(4, list, s.values(f, rest, l.Height))
	}
	return list + "\n\n" + s.values(f, l.Width, l.Height-h-1)
}

func (s *Screen) heading() string {
	if s.state.Past {
		return s.look.T("tui.freeze.of", "time", s.look.When(s.state.Scan.Started))
	}
	return s.look.T("section.freeze")
}

// values are what the control unit kept, with what the code means above it.
func (s *Screen) values(f obd.FreezeFrame, width, height int) string {
	l := s.look
	title := s.code(f)
	if f.Index > 0 {
		title = l.T("tui.freeze.number", "code", title, "n", f.Index)
	}
	fault := s.fault(f)
	var out []string
	for _, w := range widget.Wrap(widget.Clean(s.words(fault)), width) {
		out = append(out, l.Paint(theme.Strong, w))
	}
	if fault.Kinds == nil {
		out = append(out, widget.Fit(l.Paint(theme.Faint, l.T("tui.freeze.code_gone")), width))
	} else {
		out = append(out, widget.Fit(widget.Badge(l, fault.Severity)+l.Paint(theme.Faint, "  "+kinds(l, fault)), width))
	}
	out = append(out, "")
	out = append(out, s.readings(present(f), width)...)
	remark := l.Paint(theme.Faint, widget.Clean(s.unit(f.ECU)))
	return s.window(widget.Panel(l, width, title, remark, strings.Join(out, "\n")), width, height)
}

func kinds(l screen.Look, f screen.Fault) string {
	words := make([]string, len(f.Kinds))
	for i, k := range f.Kinds {
		words[i] = l.T("kind." + string(k))
	}
	return strings.Join(words, " + ")
}

// readings are the values in one column, or in two where no name would be cut, the first half at the left: what tells the
// banks apart stands at the end of a name.
func (s *Screen) readings(all []obd.Reading, width int) []string {
	l := s.look
	if len(all) == 0 {
		return []string{l.Paint(theme.Faint, l.T("tui.freeze.no_values"))}
	}
	const gap = 4
	columns, longest := 1, 0
	for _, r := range all {
		longest = max(longest, ansi.StringWidth(r.Name))
	}
	if (width-gap)/2 >= longest+15 && !l.Linear {
		columns = 2
	}
	each := min((width-gap*(columns-1))/columns, 64) // farther apart, a name and its value are not read as one
	rows := (len(all) + columns - 1) / columns
	lines := make([]string, rows)
	for i, r := range all {
		if i >= rows {
			lines[i-rows] += strings.Repeat(" ", gap)
		}
		lines[i%rows] += reading(l, r, each)
	}
	return lines
}

func reading(l screen.Look, r obd.Reading, width int) string {
	name := widget.Clean(r.Name)
	if name == "" {
		name = r.Signal
	}
	number, unit := "", ""
	if r.Text == "" {
		number, unit = l.Quantity(r.Value, r.Unit)
	}
	switch {
	case l.Linear && r.Text != "":
		return name + ": " + widget.Clean(r.Text)
	case l.Linear:
		return strings.TrimSpace(name + ": " + number + " " + unit)
	case r.Text != "":
		room := min(18, width/2)
		return widget.Fit(name, width-room-1) + " " + l.Paint(theme.Strong, widget.Fit(widget.Clean(r.Text), room))
	}
	return widget.Fit(name, max(width-15, 4)) + " " + l.Paint(theme.Strong, widget.FitRight(number, 8)) + " " + l.Paint(theme.Faint, widget.Fit(unit, 5))
}

// window shows as much of a text as there is room for and says how much is below. The title of the panel stays.
func (s *Screen) window(text string, width, height int) string {
	l := s.look
	title, body, _ := strings.Cut(text, "\n")
	all, room := strings.Split(body, "\n"), max(height-1, 1)
	s.top = max(0, min(s.top, len(all)-room))
	shown := all[s.top:min(len(all), s.top+room)]
	if rest := len(all) - s.top - len(shown); rest > 0 && len(shown) > 1 {
		shown = append(shown[:len(shown)-1:len(shown)-1], l.Paint(theme.Faint, l.Theme.Glyphs.Down+" "+l.N("tui.freeze.more", rest+1)))
	}
	return widget.Block(title+"\n"+strings.Join(shown, "\n"), width, height)
}

// empty says why there is nothing to see; frames that could not be read are not the same as none.
func (s *Screen) empty() string {
	l := s.look
	say := func(what, hint string) string { return widget.Empty(l, l.Width, what, hint) }
	switch {
	case s.state.Scan == nil && s.link.Up():
		return say(l.T("tui.freeze.not_scanned"), l.T("tui.freeze.not_scanned_hint"))
	case s.state.Scan == nil:
		return say(l.T("tui.freeze.no_car"), l.T("tui.freeze.no_car_hint"))
	case s.state.Has(obd.StepFreeze):
		return say(l.T("tui.freeze.none"), l.T("tui.freeze.none_hint"))
	case s.state.Running:
		return say(l.T("tui.freeze.reading"), l.T("step."+string(s.state.Step)))
	}
	for _, u := range s.state.Scan.Unread {
		if u.Step == obd.StepFreeze && u.Reason == obd.NotSupported {
			return say(l.T("tui.freeze.unsupported"), "")
		}
	}
	return say(l.T("tui.freeze.unread"), l.T("tui.freeze.unread_hint"))
}
