package info

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// unit is one control unit: who it is, its software, what it counts.
func (s *Screen) unit(e *obd.ECU, width int) string {
	l := s.look
	var out []string
	if e.VIN != "" && e.VIN != s.state.Scan.Vehicle.VIN {
		out = append(out, widget.Fit(widget.Mark(l, theme.Medium, l.T("tui.info.other_vin", "vin", widget.Clean(e.VIN))), width))
	}
	if len(e.Calibrations) > 0 {
		out = append(out, s.software(e.Calibrations, width))
	}
	p := pairs{s: s}
	p.add("tui.info.serial", e.ESN, theme.Plain)
	p.add("tui.info.approval", e.Regulation, theme.Plain)
	for _, r := range e.Info {
		if !r.Absent {
			p.all = append(p.all, s.told(r))
		}
	}
	if len(p.all) > 0 {
		out = append(out, widget.Pairs(l, width, p.all...))
	}
	if e.InUse != nil {
		out = append(out, "", s.counters(e.InUse, width))
	}
	for _, line := range s.missing(e.Address) {
		out = append(out, widget.Fit(widget.Mark(l, theme.Unsure, line), width))
	}
	if len(out) == 0 {
		out = append(out, l.Paint(theme.Faint, l.T("tui.info.tells_nothing")))
	}
	title := e.Address.String()
	if e.Name != "" {
		title += "  " + widget.Clean(e.Name)
	}
	return widget.Panel(l, width, title, "", strings.Join(out, "\n"))
}

// software lists what runs on the control unit; the number proves that nobody changed it.
func (s *Screen) software(all []obd.Calibration, width int) string {
	l := s.look
	t := widget.Table{Still: true, Columns: []widget.Column{{Title: l.T("col.calibration"), Max: max(width-20, 12)}, {Title: l.T("col.cvn")}}}
	for _, c := range all {
		t.Rows = append(t.Rows, widget.Row{Cells: []widget.Cell{{Text: c.ID}, {Text: c.CVN, Tone: theme.Strong}}})
	}
	t.Place(0, 0, width, len(t.Rows)+1)
	return t.View(l)
}

// told is another thing that the control unit says of itself.
func (s *Screen) told(r obd.Reading) widget.Pair {
	name := r.Name
	if name == "" {
		name = r.Signal
	}
	if r.Text != "" {
		return widget.Pair{Label: name, Value: r.Text}
	}
	number, unit := s.look.Quantity(r.Value, r.Unit)
	return widget.Pair{Label: name, Value: number, Note: unit}
}

// counters are in-use performance tracking: how often each monitor ran of the drives in which it could have.
func (s *Screen) counters(u *obd.InUse, width int) string {
	l := s.look
	width = min(width, 96) // farther apart, a monitor and its counters are not read as one line
	count := func(n uint16) string { return l.Words.Number(float64(n), 0) }
	t := widget.Table{Still: true, Columns: []widget.Column{
		{Title: l.T("col.monitor"), Flex: true}, {Title: l.T("col.completions"), Right: true, Drop: 1},
		{Title: l.T("col.conditions"), Right: true, Drop: 2}, {Title: l.T("col.ratio"), Right: true},
	}}
	for _, c := range u.Counters {
		name := c.Name
		if name == "" {
			name = c.ID
		}
		t.Rows = append(t.Rows, widget.Row{Cells: []widget.Cell{
			{Text: upper(name)}, {Text: count(c.Completions)}, {Text: count(c.Conditions)},
			{Text: s.ratio(c), Tone: theme.Strong},
		}})
	}
	t.Place(0, 0, width, len(t.Rows)+1)
	title := l.Paint(theme.Accent, l.T("section.in_use"))
	cycles := l.Paint(theme.Faint, l.T("tui.info.cycles", "cycles", count(u.IgnitionCycles), "conditions", count(u.Conditions)))
	head := widget.Split(title, cycles, width)
	if ansi.StringWidth(title)+ansi.StringWidth(cycles)+2 > width {
		head = widget.Fit(title, width) + "\n" + widget.Fit(cycles, width)
	}
	if len(t.Rows) == 0 {
		return head
	}
	return head + "\n" + t.View(l)
}

// ratio is completions for each general condition in percent; a monitor that never could run has none.
func (s *Screen) ratio(c obd.InUseCounter) string {
	if c.Conditions == 0 {
		return "–"
	}
	return s.look.Words.Number(float64(c.Completions)/float64(c.Conditions)*100, 0) + " %"
}

func upper(s string) string {
	for _, first := range s {
		return strings.ToUpper(string(first)) + s[len(string(first)):]
	}
	return s
}

// missing says what of the control unit could not be read, each reason once.
func (s *Screen) missing(a obd.Address) []string {
	l := s.look
	seen := map[string]bool{}
	var out []string
	for _, u := range s.state.Scan.Unread {
		if u.Step != obd.StepInfo || u.ECU != a || u.Reason == obd.NotSupported {
			continue
		}
		line := l.T("tui.info.unread", "request", u.Request, "reason", l.T("reason."+string(u.Reason)))
		if !seen[line] {
			seen[line] = true
			out = append(out, line)
		}
	}
	return out
}
