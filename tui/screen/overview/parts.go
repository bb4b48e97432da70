package overview

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// codes lists the faults, the worst first.
func (s *Screen) codes(width int) string {
	l := s.look
	faults := s.faults()
	remark := ""
	if n := len(faults); n > 0 {
		remark = l.Paint(theme.Faint, l.N("tui.overview.codes", n))
	}
	if len(faults) == 0 {
		body := widget.Mark(l, theme.Fine, l.T("tui.overview.no_codes"))
		if !s.read(obd.StepStored) {
			body = l.Paint(theme.Faint, l.T("tui.overview.not_read"))
		}
		return widget.Panel(l, width, l.T("section.codes"), remark, body)
	}
	var rows []widget.Row
	for _, f := range faults {
		tone := f.Severity.Tone()
		what := f.Description
		if what == "" {
			what = l.T("tui.overview.no_words")
		}
		rows = append(rows, widget.Row{Cells: []widget.Cell{
			{Text: f.Severity.Glyph(l.Theme.Glyphs), Tone: tone}, {Text: f.Code, Tone: tone}, {Text: what}, {Text: kinds(l, f), Tone: theme.Faint},
		}})
	}
	table := widget.Table{Bare: true, Still: true, Rows: rows, Columns: []widget.Column{
		{Width: 1}, {Max: 16}, {Flex: true}, {Max: 28, Drop: 1},
	}}
	table.Place(0, 0, width, len(rows))
	return widget.Panel(l, width, l.T("section.codes"), remark, table.View(l))
}

// readiness shows the verdict with its reasons, and the monitors in columns.
func (s *Screen) readiness(width int) string {
	l, scan := s.look, s.state.Scan
	if len(scan.Readiness.SinceClear) == 0 {
		return ""
	}
	lines := s.monitors(width)
	for _, c := range scan.Assessment.Coach {
		if c.Blocked != "" && !l.Narrow() {
			lines = append(lines, widget.Fit(l.Paint(theme.Faint, l.T("monitor."+string(c.Monitor))+": "+widget.Clean(c.Blocked)), width))
		}
	}
	return widget.Panel(l, width, l.T("section.readiness"), s.verdict(), strings.Join(lines, "\n"))
}

// monitors lists the readiness monitors in two columns where there is room.
func (s *Screen) monitors(width int) []string {
	l := s.look
	var names []string
	for _, m := range s.state.Scan.Readiness.SinceClear {
		switch {
		case !m.Supported:
		case m.Complete:
			names = append(names, widget.Mark(l, theme.Fine, l.T("monitor."+string(m.ID))))
		default:
			names = append(names, l.Paint(theme.Warn, l.Theme.Glyphs.Off+" "+l.T("monitor."+string(m.ID))))
		}
	}
	if width < 60 || l.Linear {
		return names
	}
	rows := (len(names) + 1) / 2
	var lines []string
	for i := range rows {
		line := widget.Fit(names[i], (width-2)/2) + "  "
		if i+rows < len(names) {
			line += widget.Fit(names[i+rows], (width-2)/2)
		}
		lines = append(lines, line)
	}
	return lines
}

func (s *Screen) verdict() string {
	l := s.look
	switch s.state.Scan.Assessment.Inspection.Verdict {
	case obd.Pass:
		return widget.Mark(l, theme.Fine, l.T("inspection.pass"))
	case obd.Fail:
		return widget.Mark(l, theme.High, l.T("inspection.fail"))
	}
	return widget.Mark(l, theme.Unsure, l.T("inspection.unknown"))
}

// tests lists the monitor tests that failed, then those that passed with little margin, with their bars.
func (s *Screen) tests(width int) string {
	l, scan := s.look, s.state.Scan
	if !s.read(obd.StepTests) && len(scan.Tests) == 0 {
		return ""
	}
	var lines []string
	failed := 0
	for i := range scan.Tests {
		if t := &scan.Tests[i]; !t.Passed && !t.NotRun {
			failed++
			lines = append(lines, s.testLine(t, theme.High, width))
		}
	}
	near := 0
	for _, c := range scan.Assessment.CloseToLimit {
		if t := s.test(c); t != nil && t.Passed {
			near++
			lines = append(lines, s.testLine(t, theme.Medium, width))
		}
	}
	if len(lines) == 0 {
		return widget.Panel(l, width, l.T("section.tests"), "", widget.Mark(l, theme.Fine, l.T("tui.overview.none_close")))
	}
	remark := l.Paint(theme.Faint, l.T("tui.overview.tests", "failed", failed, "near", near))
	return widget.Panel(l, width, l.T("section.tests"), remark, strings.Join(lines, "\n"))
}

// testLine is a test with its name, where it stands between its limits, and the margin.
func (s *Screen) testLine(t *obd.MonitorTest, severity theme.Severity, width int) string {
	l := s.look
	const bar, percent = 20, 6
	margin, picture := "", ""
	if t.Margin != nil {
		margin = l.Words.Number(*t.Margin*100, 0) + " %"
	}
	if width >= 50 && !l.Linear {
		picture = widget.Margin{Value: t.Value, Min: t.Min, Max: t.Max, Severity: severity}.View(l, bar) + " "
	}
	words := widget.Clean(t.Name)
	if t.TestName != "" {
		words += ": " + widget.Clean(t.TestName)
	}
	name := widget.Fit(l.Paint(severity.Tone(), severity.Glyph(l.Theme.Glyphs))+" "+words, width-ansi.StringWidth(picture)-percent-1)
	return name + " " + picture + l.Paint(severity.Tone(), widget.FitRight(margin, percent))
}

// test finds the monitor test that a close call is about.
func (s *Screen) test(c obd.CloseCall) *obd.MonitorTest {
	for i, t := range s.state.Scan.Tests {
		if t.ECU == c.ECU && t.TID == c.TID && (t.MID == nil) == (c.MID == nil) && (t.MID == nil || *t.MID == *c.MID) {
			return &s.state.Scan.Tests[i]
		}
	}
	return nil
}

// findings are other things worth a look.
func (s *Screen) findings(width int) string {
	l := s.look
	var lines []string
	for _, f := range s.state.Scan.Assessment.Findings {
		if f.ID == "test_failed" {
			continue // stands among the tests
		}
		sev := theme.SeverityOf(f.Severity)
		for i, w := range widget.Wrap(widget.Clean(f.Text), width-2) {
			sign := "  "
			if i == 0 {
				sign = l.Paint(sev.Tone(), sev.Glyph(l.Theme.Glyphs)) + " "
			}
			lines = append(lines, sign+w)
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return widget.Panel(l, width, l.T("section.findings"), "", strings.Join(lines, "\n"))
}

// unread says what is missing: an empty list is not good when it could not be read.
func (s *Screen) unread(width int) string {
	l := s.look
	seen := map[string]bool{}
	var lines []string
	for _, u := range s.state.Scan.Unread {
		if u.Reason == obd.NotSupported {
			continue
		}
		line := l.T("step."+string(u.Step)) + ": " + l.T("reason."+string(u.Reason))
		if !seen[line] {
			seen[line] = true
			lines = append(lines, widget.Fit(widget.Mark(l, theme.Unsure, line), width))
		}
	}
	if len(lines) == 0 || s.state.Running {
		return ""
	}
	return widget.Panel(l, width, l.T("section.unread"), "", strings.Join(lines, "\n"))
}
