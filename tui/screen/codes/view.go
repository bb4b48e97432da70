package codes

import (
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// fill makes the rows of the table and places it.
func (s *Screen) fill() {
	l := s.look
	if l.Words == nil {
		return
	}
	var rows []widget.Row
	s.rows = s.rows[:0]
	for i, f := range s.faults {
		if i == 0 || s.faults[i-1].ECU != f.ECU {
			rows = append(rows, widget.Row{Head: true, Cells: []widget.Cell{{Text: s.unit(f.ECU)}}})
			s.rows = append(s.rows, -1)
		}
		tone := f.Severity.Tone()
		rows = append(rows, widget.Row{Cells: []widget.Cell{
			{Text: f.Severity.Glyph(l.Theme.Glyphs), Tone: tone}, {Text: f.Code, Tone: tone}, {Text: s.words(f)}, {Text: kinds(l, f), Tone: theme.Faint},
		}})
		s.rows = append(s.rows, i)
	}
	s.table.Columns = []widget.Column{{Width: 1}, {Max: 16}, {Flex: true}, {Max: 22, Drop: 1}}
	if l.Wide() {
		s.table.Columns[3].Max = 12
	}
	s.table.SetRows(rows)
	w, h := s.listSize()
	s.table.Place(0, 1, w, h-1)
}

// listSize is the room of the list with its title.
func (s *Screen) listSize() (width, height int) {
	l := s.look
	if l.Wide() {
		return (l.Width - 4) * 2 / 5, max(4, min(len(s.rows)+1, l.Height*2/5))
	}
	return l.Width, max(4, min(len(s.rows)+1, l.Height*2/5))
}

func (s *Screen) words(f screen.Fault) string {
	if f.Description != "" {
		return f.Description
	}
	return s.look.T("tui.codes.no_words")
}

// kinds are the lists that hold a code, in words.
func kinds(l screen.Look, f screen.Fault) string {
	words := make([]string, len(f.Kinds))
	for i, k := range f.Kinds {
		words[i] = l.T("kind." + string(k))
	}
	return strings.Join(words, " + ")
}

// View draws the list, and beside or below it the code under the cursor.
func (s *Screen) View() string {
	l := s.look
	f, ok := s.chosen()
	if s.state.Scan == nil || !ok {
		return s.empty()
	}
	if s.open {
		return s.page(f)
	}
	w, h := s.listSize()
	list := widget.Block(widget.Panel(l, w, s.heading(), s.remark(), s.table.View(l)), w, h)
	if !l.Wide() {
		return list + "\n\n" + s.window(s.short(f, l.Width), l.Width, l.Height-h-1, 0)
	}
	rest := l.Width - w - 4
	left := widget.Stack(list, s.frame(f, w), s.history(f, w))
	return widget.Beside(4, widget.Block(left, w, l.Height), s.window(s.meaning(f, rest), rest, l.Height, 0))
}

// heading is the title of the list: what is going on, or whose codes they are.
func (s *Screen) heading() string {
	switch {
	case s.clearing:
		return s.look.T("tui.codes.clearing")
	case s.state.Past:
		return s.look.T("tui.codes.of", "time", s.look.When(s.state.Scan.Started))
	}
	return s.look.T("section.codes")
}

func (s *Screen) remark() string {
	l := s.look
	return l.Paint(theme.Faint, l.N("tui.codes.count", len(s.faults)))
}

// page is one code on the whole screen.
func (s *Screen) page(f screen.Fault) string {
	l := s.look
	if l.Width < 76 || l.Linear {
		text := widget.Stack(s.meaning(f, l.Width), s.frame(f, l.Width), s.history(f, l.Width))
		return s.window(text, l.Width, l.Height, s.top.Keep(lines(text), l.Height))
	}
	left := (l.Width - 4) * 56 / 100
	right := l.Width - 4 - left
	a, b := s.meaning(f, left), widget.Stack(s.frame(f, right), s.history(f, right))
	top := s.top.Keep(max(lines(a), lines(b)), l.Height)
	return widget.Beside(4, s.window(a, left, l.Height, top), s.window(b, right, l.Height, top))
}

func lines(s string) int { return strings.Count(s, "\n") + 1 }

// window shows as much of a text as there is room for, from a line on, and says how much is below.
func (s *Screen) window(text string, width, height, top int) string {
	l := s.look
	all := strings.Split(text, "\n")
	top = max(0, min(top, len(all)-1))
	shown := all[top:min(len(all), top+max(height, 0))]
	if rest := len(all) - top - len(shown); rest > 0 && len(shown) > 1 {
		shown = append(shown[:len(shown)-1:len(shown)-1], l.Paint(theme.Faint, l.Theme.Glyphs.Down+" "+l.N("tui.codes.more", rest+1)))
	}
	return widget.Block(strings.Join(shown, "\n"), width, height)
}

// empty says why there is nothing to see; a list that could not be read is not a good one.
func (s *Screen) empty() string {
	l := s.look
	switch {
	case s.state.Scan == nil && s.link.Up():
		return widget.Empty(l, l.Width, l.T("tui.codes.not_scanned"), l.T("tui.codes.not_scanned_hint"))
	case s.state.Scan == nil:
		return widget.Empty(l, l.Width, l.T("tui.codes.no_car"), l.T("tui.codes.no_car_hint"))
	case s.state.Running:
		return widget.Empty(l, l.Width, l.T("tui.codes.reading"), l.T("step."+string(s.state.Step)))
	}
	out := []string{""}
	for _, list := range []struct {
		step obd.Step
		kind obd.CodeKind
	}{{obd.StepStored, obd.Stored}, {obd.StepPending, obd.Pending}, {obd.StepPermanent, obd.Permanent}} {
		word := l.T("kind." + string(list.kind))
		switch {
		case s.state.Has(list.step):
			out = append(out, widget.Mark(l, theme.Fine, l.T("tui.codes.list_empty", "list", word)))
		case s.refused(list.step):
			out = append(out, l.Paint(theme.Faint, l.Theme.Glyphs.Info+" "+l.T("tui.codes.list_missing", "list", word)))
		default:
			out = append(out, widget.Mark(l, theme.Unsure, l.T("tui.codes.list_unread", "list", word)))
		}
	}
	for i := range out {
		out[i] = widget.Fit(out[i], l.Width)
	}
	return widget.Panel(l, l.Width, s.heading(), s.remark(), strings.Join(out, "\n"))
}

// refused tells that the car does not know a list at all, as old ones do not know permanent codes.
func (s *Screen) refused(step obd.Step) bool {
	for _, u := range s.state.Scan.Unread {
		if u.Step == step && u.Reason == obd.NotSupported {
			return true
		}
	}
	return false
}
