package garage

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

const (
	above   = 2 // lines before the table: title and search
	beneath = 9 // lines for what is known of one vehicle
)

// fill makes the rows of the list and places it.
func (s *Screen) fill() {
	l := s.look
	if l.Words == nil {
		return
	}
	var rows []widget.Row
	for _, v := range s.found {
		severity := v.severity()
		last := ""
		if v.Last != nil {
			last = l.Words.ShortDate(v.Last.Started.In(l.Zone))
		}
		name := widget.Cell{Text: v.Title()}
		if s.plugged(v) {
			name = widget.Cell{Text: v.Title() + " · " + l.T("tui.garage.here"), Tone: theme.Accent}
		}
		rows = append(rows, widget.Row{Cells: []widget.Cell{
			{Text: severity.Glyph(l.Theme.Glyphs), Tone: severity.Tone()}, name, {Text: v.about(), Tone: theme.Faint},
			{Text: s.state(v, l.Narrow()), Tone: severity.Tone()}, {Text: last, Tone: theme.Faint},
		}})
	}
	s.table.Columns = []widget.Column{{Width: 1}, {Flex: true}, {Max: 26, Drop: 2}, {Max: 24}, {Drop: 1}}
	if l.Narrow() {
		s.table.Columns[3].Max = 14
	}
	s.table.SetRows(rows)
	w, h := s.listSize()
	s.table.Place(0, above, w, h-above)
}

// beside tells that what is known of a vehicle fits beside the list without taking columns from it.
func (s *Screen) beside() bool { return s.look.Wide() && s.look.Width >= 120 }

// listSize is the room of the list with title and search.
func (s *Screen) listSize() (width, height int) {
	l := s.look
	switch {
	case s.beside():
		return (l.Width - 4) * 3 / 5, l.Height
	case l.Height >= 12:
		return l.Width, max(above+2, min(above+len(s.all), l.Height-beneath))
	}
	return l.Width, l.Height
}

// plugged tells that the vehicle stands at the adapter.
func (s *Screen) plugged(v Vehicle) bool {
	return s.link.State != screen.Unplugged && (s.atPlug.ID == v.ID.String() || s.atPlug.VIN != "" && s.atPlug.VIN == v.VIN)
}

// severity is how the vehicle was last seen.
func (v Vehicle) severity() theme.Severity {
	switch {
	case v.Last == nil:
		return theme.Unsure
	case v.Last.MIL:
		return theme.High
	case v.Last.Codes > 0 || v.Last.Verdict == obd.Fail:
		return theme.Medium
	case v.Last.Verdict == obd.Pass:
		return theme.Fine
	}
	return theme.Unsure
}

// state is lamp and codes of the last scan in words; briefly, the sign before it tells of the lamp.
func (s *Screen) state(v Vehicle, brief bool) string {
	l := s.look
	if v.Last == nil {
		return l.T("tui.garage.never")
	}
	codes := l.N("tui.garage.codes", v.Last.Codes)
	switch {
	case v.Last.Codes == 0 && v.Last.MIL:
		return l.T("tui.garage.lamp")
	case v.Last.Codes == 0:
		return l.T("tui.garage.no_codes")
	case v.Last.MIL && !brief:
		return l.T("tui.garage.with_lamp", "codes", codes)
	}
	return codes
}

func year(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// about is maker, model and year.
func (v Vehicle) about() string {
	return strings.Join(strings.Fields(v.Maker+" "+v.Model+" "+year(v.ModelYear)), " ")
}

// View draws the list, and beside or below it what is known of the vehicle under the cursor.
func (s *Screen) View() string {
	l := s.look
	w, h := s.listSize()
	switch {
	case s.failure != nil:
		return widget.Empty(l, l.Width, l.T("tui.garage.unread"), widget.Clean(s.failure.Error()))
	case !s.loaded:
		return widget.Empty(l, l.Width, l.T("tui.garage.reading"), "")
	case len(s.all) == 0:
		return widget.Empty(l, l.Width, l.T("tui.garage.none"), l.T("tui.garage.none_hint"))
	}
	body := s.table.View(l)
	if len(s.found) == 0 {
		body = l.Paint(theme.Faint, l.T("tui.garage.nothing_found"))
	}
	list := widget.Block(widget.Panel(l, w, l.T("tui.garage.title"), s.remark(), s.field(w)+"\n"+body), w, h)
	v, ok := s.chosen()
	switch {
	case h == l.Height && !s.beside():
		return list
	case !ok:
		return widget.Block(list, l.Width, l.Height)
	case s.beside():
		rest := l.Width - w - 4
		return widget.Beside(4, list, widget.Block(s.card(v, rest), rest, l.Height))
	}
	return list + "\n\n" + widget.Block(s.card(v, l.Width), l.Width, l.Height-h-1)
}

// remark is how many vehicles there are, and how many of them are seen.
func (s *Screen) remark() string {
	l := s.look
	count := l.N("tui.garage.count", len(s.all))
	if s.search.Value() != "" {
		count = l.T("tui.garage.found", "n", len(s.found), "all", count)
	}
	return l.Paint(theme.Faint, count)
}

// field is the line of the search.
func (s *Screen) field(width int) string {
	l := s.look
	if !s.Typing() && s.search.Value() == "" {
		return widget.Fit(l.Paint(theme.Faint, "/ "+l.T("tui.garage.prompt")), width)
	}
	s.search.SetWidth(max(width-4, 4))
	tone := theme.Faint
	if s.Typing() {
		tone = theme.Accent
	}
	return widget.Fit(l.Paint(tone, "/")+" "+s.search.View(), width)
}

// card is what is known of one vehicle.
func (s *Screen) card(v Vehicle, width int) string {
	l := s.look
	var pairs []widget.Pair
	add := func(label, value string, tone theme.Tone) {
		if value != "" {
			pairs = append(pairs, widget.Pair{Label: l.T(label), Value: value, Tone: tone})
		}
	}
	add("vehicle.vin", v.VIN, theme.Strong)
	add("vehicle.plate", v.Plate, theme.Plain)
	add("tui.garage.car", v.about(), theme.Plain)
	add("vehicle.engine", v.Engine, theme.Plain)
	if v.OdometerKm != nil {
		number, unit := l.Quantity(float64(int64(*v.OdometerKm)), "km")
		add("vehicle.odometer", number+" "+unit, theme.Plain)
	}
	remark := l.Paint(theme.Faint, l.N("tui.garage.scans", v.Scans))
	marks := []string{widget.Mark(l, v.severity(), s.state(v, false))}
	if v.Last != nil {
		add("tui.garage.last", l.When(v.Last.Started), theme.Plain)
		add("vehicle.line", v.Last.Protocol.Name(), theme.Faint)
		marks = append(marks, s.verdict(v.Last.Verdict))
	}
	if both := strings.Join(marks, "   "); !l.Linear && ansi.StringWidth(both) <= width {
		marks = []string{both}
	}
	for i := range marks {
		marks[i] = widget.Fit(marks[i], width)
	}
	body := strings.Join(marks, "\n")
	if len(pairs) > 0 {
		body += "\n" + widget.Pairs(l, width, pairs...)
	}
	return widget.Panel(l, width, widget.Clean(v.Title()), remark, body)
}

func (s *Screen) verdict(v obd.Verdict) string {
	l := s.look
	switch v {
	case obd.Pass:
		return widget.Mark(l, theme.Fine, l.T("inspection.pass"))
	case obd.Fail:
		return widget.Mark(l, theme.High, l.T("inspection.fail"))
	}
	return widget.Mark(l, theme.Unsure, l.T("inspection.unknown"))
}
