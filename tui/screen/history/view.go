package history

import (
	"slices"
	"strconv"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// both tells that there is room for scans and codes at once.
func (s *Screen) both() bool       { return s.beside() || s.look.Height >= 17 }
func (s *Screen) showsScans() bool { return s.both() || !s.inCodes }
func (s *Screen) showsCodes() bool { return s.both() || s.inCodes }

// beside tells that the codes stand at the right of the scans. Which vehicle it was needs room of its own.
func (s *Screen) beside() bool { return s.look.Wide() && (s.which() != "" || s.look.Width >= 130) }

// sizes are those of the two lists with their titles.
func (s *Screen) sizes() (scansW, scansH, codesW, codesH int) {
	l := s.look
	switch {
	case s.beside():
		w := (l.Width - 4) / 2
		return w, l.Height, l.Width - 4 - w, l.Height
	case s.both():
		h := max(5, min(len(s.scans)+2, l.Height/2))
		return l.Width, h, l.Width, l.Height - h - 1
	}
	return l.Width, l.Height, l.Width, l.Height
}

// rows fills both lists and places them.
func (s *Screen) rows() {
	l := s.look
	if l.Words == nil || l.Theme == nil {
		return
	}
	t := l.T
	w, h, cw, ch := s.sizes()
	s.list.Columns = []widget.Column{
		{Width: 1}, {Title: t("tui.history.when")}, {Title: t("tui.history.vehicle"), Max: 20, Drop: 2},
		{Title: t("tui.history.codes"), Right: true}, {Title: t("tui.history.found"), Flex: true},
	}
	s.course.Columns = []widget.Column{
		{Width: 1}, {Title: t("col.code")}, {Title: t("tui.history.meaning"), Flex: true}, {Title: t("tui.history.state"), Max: 22},
		{Title: t("tui.history.first"), Drop: 2}, {Title: t("tui.history.last"), Drop: 1}, {Title: t("tui.history.vehicle"), Max: 20, Drop: 3},
	}
	if s.which() != "" { // all rows are of one vehicle
		s.list.Columns[2] = widget.Column{Width: 1, Drop: 9}
		s.course.Columns = s.course.Columns[:6]
	}
	s.list.Blurred, s.course.Blurred = s.inCodes, !s.inCodes
	top := 1
	s.list.Place(0, top, w, h-1)
	if s.beside() {
		s.course.Place(w+4, top, cw, ch-1)
	} else if s.both() {
		s.course.Place(0, h+2, cw, ch-1)
	} else {
		s.course.Place(0, top, cw, ch-1)
	}
	s.list.SetRows(s.scanRows())
	s.course.SetRows(s.codeRows())
}

func (s *Screen) scanRows() []widget.Row {
	l := s.look
	rows := make([]widget.Row, len(s.scans))
	for i, k := range s.scans {
		mark, vehicle := " ", k.Vehicle
		if slices.Contains(s.marked, k.ID.String()) {
			mark = l.Theme.Glyphs.On
		}
		if s.which() != "" {
			vehicle = ""
		}
		when := l.When(k.Started)
		if l.Narrow() {
			when = l.Words.ShortDate(k.Started.In(l.Zone))
		}
		sev, words := found(l, k)
		rows[i] = widget.Row{Cells: []widget.Cell{
			{Text: mark, Tone: theme.Accent}, {Text: when, Tone: theme.Strong}, {Text: vehicle, Tone: theme.Faint},
			{Text: strconv.Itoa(k.Codes)}, {Text: sev.Glyph(l.Theme.Glyphs) + " " + words, Tone: sev.Tone()},
		}}
	}
	return rows
}

// found is what a scan came to, in a word.
func found(l screen.Look, k Scan) (theme.Severity, string) {
	switch {
	case k.MIL:
		return theme.High, l.T("tui.history.lamp_on")
	case k.Verdict == obd.Pass:
		return theme.Fine, l.T("word.pass")
	case k.Verdict == obd.Fail:
		return theme.Medium, l.T("word.fail")
	}
	return theme.Unsure, l.T("word.unknown")
}

func (s *Screen) codeRows() []widget.Row {
	l := s.look
	rows := make([]widget.Row, len(s.codes))
	day := l.Words.ShortDate
	for i, c := range s.codes {
		sev := theme.SeverityOf(c.Severity)
		state, tone, sign := l.T("kind."+string(c.Kind)), sev.Tone(), sev.Glyph(l.Theme.Glyphs)
		if c.Gone != nil {
			state, tone, sign = l.T("tui.history.gone", "day", day(c.Gone.In(l.Zone))), theme.Good, l.Theme.Glyphs.Good
			if l.Narrow() {
				state = l.T("compare.change.gone")
			}
		}
		rows[i] = widget.Row{Cells: []widget.Cell{
			{Text: sign, Tone: tone}, {Text: c.Code, Tone: theme.Strong}, {Text: c.Description}, {Text: state, Tone: tone},
			{Text: day(c.FirstSeen.In(l.Zone)), Tone: theme.Faint}, {Text: day(c.LastSeen.In(l.Zone)), Tone: theme.Faint}, {Text: c.Vehicle, Tone: theme.Faint},
		}}
	}
	return rows
}

// View draws the lists, or the comparison.
func (s *Screen) View() string {
	l := s.look
	switch {
	case s.result != nil:
		return s.comparison()
	case s.failure != nil:
		return widget.Empty(l, l.Width, l.T("tui.history.unread"), widget.Clean(s.failure.Error()))
	case !s.loaded:
		return l.Paint(theme.Faint, l.T("tui.history.reading"))
	case len(s.scans) == 0:
		return widget.Empty(l, l.Width, l.T("tui.history.nothing"), l.T("tui.history.nothing_hint"))
	}
	w, h, cw, ch := s.sizes()
	title := l.T("tui.history.scans_all")
	if s.which() != "" {
		title = l.T("tui.history.scans")
	}
	scans := widget.Block(widget.Panel(l, w, title, l.Paint(theme.Faint, l.N("tui.history.count", len(s.scans))), s.list.View(l)), w, h)
	body := s.course.View(l)
	if len(s.codes) == 0 {
		body = widget.Mark(l, theme.Fine, l.T("tui.history.no_codes"))
	}
	codes := widget.Block(widget.Panel(l, cw, l.T("tui.history.course"), s.still(), body), cw, ch)
	switch {
	case s.beside():
		return widget.Beside(4, scans, codes)
	case s.both():
		return scans + "\n\n" + codes
	case s.inCodes:
		return codes
	}
	return scans
}

// still says how many codes are there still.
func (s *Screen) still() string {
	n := 0
	for _, c := range s.codes {
		if c.Gone == nil {
			n++
		}
	}
	return s.look.Paint(theme.Faint, s.look.N("tui.history.there", n))
}
