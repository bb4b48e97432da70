package settings

import (
	"strings"

	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// label is what a setting is called.
func (s *Screen) label(name string) string { return s.look.T("tui.settings.name_" + name) }

// value is a value in words; what a person typed stays as it is.
func (s *Screen) value(name, v string) string {
	switch {
	case v == "" || v == "auto" && name == "adapter":
		return s.look.T("tui.settings.own_" + name)
	case name == "theme" || name == "units" || name == "language" || name == "linear":
		return s.look.T("tui.settings.value_" + v)
	}
	return v
}

// origin is where a value comes from.
func (s *Screen) origin(c Setting) string {
	if c.By != "" {
		return c.By
	}
	return s.look.T("tui.settings.from_" + c.Origin)
}

// fill makes the rows of the table and places it.
func (s *Screen) fill() {
	l := s.look
	if l.Words == nil {
		return
	}
	var rows []widget.Row
	for _, c := range s.all {
		tone := theme.Faint
		if c.By != "" {
			tone = theme.Warn
		}
		rows = append(rows, widget.Row{Cells: []widget.Cell{
			{Text: s.label(c.Name)}, {Text: s.value(c.Name, c.Value), Tone: theme.Strong}, {Text: s.origin(c), Tone: tone},
		}})
	}
	s.table.Columns = []widget.Column{{Max: 22}, {Flex: true}, {Max: 20, Drop: 1}}
	s.table.SetRows(rows)
	s.table.Place(0, 1, l.Width, max(1, min(len(rows), l.Height-1)))
}

// View draws the settings, what is to be said of the one under the cursor, and what is kept.
func (s *Screen) View() string {
	l := s.look
	if len(s.all) == 0 {
		return widget.Empty(l, l.Width, l.T("tui.settings.reading"), "")
	}
	list := widget.Panel(l, l.Width, l.T("tui.settings.title"), "", s.table.View(l))
	return widget.Block(widget.Stack(list+"\n"+s.remark(), s.keeping()), l.Width, l.Height)
}

// remark says what the setting under the cursor does, and when a change of it would not hold.
func (s *Screen) remark() string {
	l := s.look
	c, ok := s.chosen()
	if !ok {
		return ""
	}
	tone, text := theme.Faint, l.T("tui.settings.hint_"+c.Name)
	switch {
	case c.By != "" && c.Saved != "":
		tone, text = theme.Warn, l.T("tui.settings.overridden", "by", c.By, "value", s.value(c.Name, c.Saved))
	case c.By != "":
		tone, text = theme.Warn, l.T("tui.settings.overridden_unsaved", "by", c.By)
	case c.Later:
		text += " " + l.T("tui.settings.later")
	}
	var out []string
	for _, w := range widget.Wrap(widget.Clean(text), l.Width) {
		out = append(out, l.Paint(tone, w))
	}
	return strings.Join(out, "\n")
}

// keeping is what stands on this computer, and with whom it is shared: with nobody.
func (s *Screen) keeping() string {
	l := s.look
	var out []string
	wrapped := func(tone theme.Tone, text string) {
		for _, w := range widget.Wrap(widget.Clean(text), l.Width) {
			out = append(out, l.Paint(tone, w))
		}
	}
	wrapped(theme.Plain, l.T("tui.settings.no_fleet"))
	switch k := s.kept; {
	case s.keptErr != nil:
		wrapped(theme.Warn, s.keptErr.Error())
	case k == nil:
		wrapped(theme.Faint, l.T("tui.settings.reading"))
	case !k.Exists:
		out = append(out, widget.Pairs(l, l.Width, widget.Pair{Label: l.T("tui.settings.name_db"), Value: k.Path}))
		wrapped(theme.Faint, l.T("tui.settings.no_database"))
	default:
		note := ""
		if k.Encrypted {
			note = l.T("tui.settings.encrypted")
		}
		number := func(n int64) string { return l.Words.Number(float64(n), 0) }
		out = append(out, widget.Pairs(l, l.Width,
			widget.Pair{Label: l.T("tui.settings.name_db"), Value: k.Path},
			widget.Pair{Label: l.T("tui.settings.size"), Value: k.Size, Note: note},
			widget.Pair{Label: l.T("tui.settings.vehicles"), Value: number(k.Vehicles)},
			widget.Pair{Label: l.T("tui.settings.scans"), Value: number(k.Scans)},
			widget.Pair{Label: l.T("tui.settings.readings"), Value: number(k.Readings)},
		))
	}
	return widget.Panel(l, l.Width, l.T("tui.settings.kept"), "", strings.Join(out, "\n"))
}
