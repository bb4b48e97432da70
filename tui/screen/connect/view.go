package connect

import (
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// rows fills the list and places it.
func (s *Screen) rows() {
	l := s.look
	if l.Words == nil {
		return
	}
	rows := make([]widget.Row, len(s.sights))
	for i, k := range s.sights {
		name := k.Name
		if name == "" {
			name = k.Address
		}
		tone := theme.Strong
		if !k.Likely && k.Last.IsZero() && k.Medium != mediumDemo || k.Gone {
			tone = theme.Plain
		}
		medium := k.Medium
		switch {
		case medium == mediumDemo:
			medium = l.T("tui.connect.medium_demo")
		case k.Address == anywhere:
			name, medium, k.About = l.T("tui.connect.search"), "", l.T("tui.connect.search_about")
		}
		rows[i] = widget.Row{Cells: []widget.Cell{
			{Text: name, Tone: tone}, {Text: medium, Tone: theme.Faint}, {Text: k.About, Tone: theme.Faint}, {Text: s.used(k), Tone: theme.Faint},
		}}
	}
	s.table.SetRows(rows)
	w, h := s.listSize()
	s.table.Place(0, 1, w, h-1)
}

func (s *Screen) used(k Sight) string {
	switch {
	case s.link.Up() && s.link.Address == k.Address:
		return s.look.T("tui.connect.in_use")
	case k.Gone:
		return s.look.T("tui.connect.away")
	case k.Last.IsZero():
		return ""
	}
	return s.look.Words.ShortDate(k.Last.In(s.look.Zone))
}

// listSize is the room of the list with its title.
func (s *Screen) listSize() (width, height int) {
	if s.look.Wide() {
		return s.look.Width * 11 / 20, s.look.Height
	}
	return s.look.Width, max(4, min(len(s.sights)+1, s.look.Height/2))
}

// View draws the list, and beside or below it what matters now.
func (s *Screen) View() string {
	l := s.look
	w, h := s.listSize()
	remark := l.Paint(theme.Faint, l.T("tui.connect.looking"))
	if n := len(s.sights) - 1; n > 0 {
		remark = l.Paint(theme.Faint, l.N("tui.connect.in_sight", n))
	}
	list := widget.Panel(l, w, l.T("tui.connect.adapters"), remark, s.table.View(l))
	if l.Wide() {
		rest := l.Width - w - 4
		return widget.Beside(4, widget.Block(list, w, l.Height), widget.Block(s.details(rest, l.Height), rest, l.Height))
	}
	return widget.Block(list, w, h) + "\n\n" + s.details(l.Width, l.Height-h-1)
}

// details is the dialogue while one runs, then what came of it, else what is known of the row under the cursor.
func (s *Screen) details(width, height int) string {
	switch {
	case s.trying != "":
		return s.dialoguePanel(width, height)
	case s.failure != nil:
		return s.failurePanel(width)
	case s.card != nil:
		return s.cardPanel(width)
	}
	return s.waysPanel(width)
}

func (s *Screen) dialoguePanel(width, height int) string {
	l := s.look
	spin := l.Theme.Glyphs.Spin[s.spin%len(l.Theme.Glyphs.Spin)]
	lines := s.said[max(0, len(s.said)-height+2):]
	var out []string
	for _, line := range lines {
		tone := theme.Plain
		if line.Warning {
			tone = theme.Warn
		}
		out = append(out, widget.Fit(l.Paint(theme.Faint, line.At.In(l.Zone).Format("15:04:05"))+"  "+l.Paint(tone, widget.Clean(line.Text)), width))
	}
	return widget.Panel(l, width, l.T("tui.connect.opening", "address", widget.Clean(s.trying)), l.Paint(theme.Accent, spin), strings.Join(out, "\n"))
}

func (s *Screen) failurePanel(width int) string {
	l := s.look
	var lines []string
	for i, w := range widget.Wrap(widget.Clean(s.failure.Error()), width-2) {
		sign := "  "
		if i == 0 {
			sign = l.Paint(theme.Bad, l.Theme.Glyphs.Bad) + " "
		}
		lines = append(lines, sign+w)
	}
	lines = append(lines, "", l.Paint(theme.Strong, l.T("tui.connect.try")))
	for _, point := range s.advice() {
		for i, w := range widget.Wrap(point, width-2) {
			sign := "  "
			if i == 0 {
				sign = l.Paint(theme.Accent, l.Theme.Glyphs.Point) + " "
			}
			lines = append(lines, sign+w)
		}
	}
	return widget.Panel(l, width, l.T("tui.connect.came_to_nothing"), "", strings.Join(lines, "\n"))
}

// advice is what to try next, by the kind of failure.
func (s *Screen) advice() []string {
	var out []string
	if hint := errs.HintOf(s.failure); hint != "" {
		out = append(out, widget.Clean(hint))
	}
	kind := errs.KindOf(s.failure).String()
	for _, n := range []string{"1", "2", "3"} {
		if key := "tui.connect.try_" + kind + "." + n; s.look.Words.Has(key) {
			out = append(out, s.look.T(key))
		}
	}
	return append(out, s.look.T("tui.connect.try_demo"))
}

func (s *Screen) cardPanel(width int) string {
	l, c := s.look, s.card
	verdict := widget.Mark(l, theme.Fine, l.T("tui.connect.honest"))
	if !c.Honest {
		verdict = widget.Mark(l, theme.Medium, l.T("tui.connect.less_honest"))
	}
	pairs := []widget.Pair{{Label: l.T("tui.connect.claims"), Value: c.Claims, Tone: theme.Strong}}
	add := func(key, value, note string) {
		if value != "" {
			pairs = append(pairs, widget.Pair{Label: l.T(key), Value: value, Note: note})
		}
	}
	add("tui.connect.behaves", c.Behaves, "")
	if c.Baud > 0 {
		add("tui.connect.speed", l.Words.Number(float64(c.Baud), 0)+" baud", "")
	}
	add("tui.connect.answers", ms(l, c.Answer), "")
	add("tui.connect.request", ms(l, c.Request), "")
	if c.Batch > 0 {
		add("tui.connect.batch", l.Words.Number(float64(c.Batch), 0), "")
	}
	add("tui.connect.refuses", strings.Join(c.Refuses, " "), "")
	return widget.Panel(l, width, l.T("tui.connect.card"), verdict, widget.Pairs(l, width, pairs...)+
		"\n\n"+l.Paint(theme.Faint, l.T("tui.connect.card_made", "day", l.Words.ShortDate(c.Made.In(l.Zone)))))
}

func ms(l screen.Look, d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return l.Words.Number(float64(d)/float64(time.Millisecond), 1) + " ms"
}

// waysPanel says how to bring an adapter into sight, and where could not be looked.
func (s *Screen) waysPanel(width int) string {
	l := s.look
	var lines []string
	for _, key := range []string{"tui.connect.way_usb", "tui.connect.way_bluetooth", "tui.connect.way_wifi", "tui.connect.way_demo"} {
		for i, w := range widget.Wrap(l.T(key), width-2) {
			sign := "  "
			if i == 0 {
				sign = l.Paint(theme.Accent, l.Theme.Glyphs.Point) + " "
			}
			lines = append(lines, sign+w)
		}
	}
	if len(s.blind) > 0 {
		lines = append(lines, "")
		for _, b := range s.blind {
			lines = append(lines, widget.Fit(l.Paint(theme.Faint, l.T("tui.connect.blind", "medium", b.Medium)+": "+widget.Clean(b.Blind.Error())), width))
		}
	}
	return widget.Panel(l, width, l.T("tui.connect.how"), "", strings.Join(lines, "\n"))
}
