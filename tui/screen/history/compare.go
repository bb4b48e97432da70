package history

import (
	"slices"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// comparison says what changed between two scans, the verdict first.
func (s *Screen) comparison() string {
	l, r := s.look, s.result
	parts := []string{s.verdict(l.Width), s.sides(l.Width)}
	codes, rest := s.codeChanges, []func(int) string{s.moves, s.tests}
	if l.Wide() {
		w := (l.Width - 4) / 2
		var right []string
		for _, part := range rest {
			right = append(right, part(l.Width-4-w))
		}
		left, beside := codes(w), widget.Stack(right...)
		n := max(strings.Count(left, "\n"), strings.Count(beside, "\n")) + 1
		parts = append(parts, widget.Beside(4, widget.Block(left, w, n), widget.Block(beside, l.Width-4-w, n)))
	} else {
		parts = append(parts, codes(l.Width))
		for _, part := range rest {
			parts = append(parts, part(l.Width))
		}
	}
	if len(r.Software) > 0 {
		parts = append(parts, widget.Mark(l, theme.Note, l.T("compare.software")))
	}
	lines := strings.Split(widget.Stack(parts...), "\n")
	top := s.top.Keep(len(lines), l.Height)
	shown := lines[top:min(len(lines), top+l.Height)]
	if left := len(lines) - top - len(shown); left > 0 {
		shown = append(shown[:len(shown)-1:len(shown)-1], l.Paint(theme.Faint, l.Theme.Glyphs.Down+" "+l.T("tui.shell.more")))
	}
	return strings.Join(shown, "\n")
}

// severity is how an answer is drawn.
func severity(a compare.Answer) theme.Severity {
	switch a {
	case compare.Fixed:
		return theme.Fine
	case compare.Worse:
		return theme.High
	case compare.Improved, compare.Unproven:
		return theme.Medium
	case compare.Unchanged:
		return theme.Note
	}
	return theme.Unsure
}

// shownBelow are the reasons that the tables say by themselves.
var shownBelow = []string{"codes_new", "codes_kept", "codes_gone", "monitors_open", "test_fails", "test_passes"}

func (s *Screen) verdict(width int) string {
	l, v := s.look, s.result.Verdict
	key := "compare.answer." + string(v.Answer)
	sev := severity(v.Answer)
	lines := []string{}
	for _, w := range widget.Wrap(sev.Glyph(l.Theme.Glyphs)+" "+l.T(key), width) {
		lines = append(lines, l.Paint(sev.Tone(), w))
	}
	lines = append(lines, widget.Wrap(l.T(key+"_means"), width)...)
	for _, reason := range v.Reasons {
		if slices.Contains(shownBelow, reason.ID) {
			continue
		}
		for i, w := range widget.Wrap(widget.Clean(report.Reason(l.Words, reason)), width-2) {
			lead := "  "
			if i == 0 {
				lead = l.Paint(theme.Accent, l.Theme.Glyphs.Point) + " "
			}
			lines = append(lines, lead+w)
		}
	}
	return strings.Join(lines, "\n")
}

// sides puts when and the counts of both scans beside each other.
func (s *Screen) sides(width int) string {
	l, r := s.look, s.result
	side := func(name string, x compare.Side) widget.Tile {
		tile := widget.Tile{Label: name + "  " + l.When(x.At), Value: l.N("tui.overview.codes", x.Codes), Note: l.T("tui.history.lamp_off"), Tone: theme.Good}
		if x.Codes > 0 {
			tile.Tone = theme.Warn
		}
		if x.MIL {
			tile.Note, tile.Tone = l.T("tui.history.lamp_on"), theme.Bad
		}
		return tile
	}
	return widget.Tiles(l, width, side(l.T("compare.before"), r.Before), side(l.T("compare.after"), r.After))
}

func (s *Screen) codeChanges(width int) string {
	l := s.look
	if len(s.result.Codes) == 0 {
		return widget.Panel(l, width, l.T("section.codes"), "", widget.Mark(l, theme.Fine, l.T("compare.no_codes")))
	}
	var rows []widget.Row
	for _, c := range s.result.Codes {
		sev := map[compare.Change]theme.Severity{compare.Gone: theme.Fine, compare.New: theme.High, compare.Kept: theme.Medium, compare.Blind: theme.Unsure}[c.Change]
		word := l.T("compare.change." + string(c.Change))
		if c.Remains {
			sev, word = theme.Low, l.T("kind.permanent")
		}
		rows = append(rows, widget.Row{Cells: []widget.Cell{
			{Text: sev.Glyph(l.Theme.Glyphs) + " " + word, Tone: sev.Tone()}, {Text: c.Code, Tone: theme.Strong}, {Text: c.Description},
			{Text: lists(l, c.Before) + " → " + lists(l, c.After), Tone: theme.Faint},
		}})
	}
	t := widget.Table{Bare: true, Still: true, Rows: rows, Columns: []widget.Column{{Max: 18}, {Max: 16}, {Flex: true}, {Max: 40, Drop: 1}}}
	t.Place(0, 0, width, len(rows))
	return widget.Panel(l, width, l.T("section.codes"), "", t.View(l))
}

func lists(l screen.Look, kinds []obd.CodeKind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = l.T("kind." + string(k))
	}
	if len(words) == 0 {
		return "–"
	}
	return strings.Join(words, "+")
}

// moves are the readiness monitors before and after.
func (s *Screen) moves(width int) string {
	l := s.look
	var rows []widget.Row
	ready, moved := 0, 0
	state := func(word string) widget.Cell {
		switch word {
		case "complete":
			return widget.Cell{Text: l.Theme.Glyphs.Good + " " + l.T("word.complete"), Tone: theme.Good}
		case "open":
			return widget.Cell{Text: l.Theme.Glyphs.Off + " " + l.T("word.open"), Tone: theme.Warn}
		}
		return widget.Cell{Text: "–", Tone: theme.Faint}
	}
	for _, m := range s.result.Monitors {
		if m.After == "complete" {
			ready++
		}
		if m.Before == m.After && m.After == "complete" {
			continue
		}
		moved++
		rows = append(rows, widget.Row{Cells: []widget.Cell{{Text: l.T("monitor." + string(m.Monitor))}, state(m.Before), {Text: "→", Tone: theme.Faint}, state(m.After)}})
	}
	if len(s.result.Monitors) == 0 {
		return ""
	}
	remark := l.Paint(theme.Faint, strconv.Itoa(ready)+" / "+strconv.Itoa(len(s.result.Monitors)))
	if moved == 0 {
		return widget.Panel(l, width, l.T("section.readiness"), remark, widget.Mark(l, theme.Fine, l.T("tui.history.all_ready")))
	}
	t := widget.Table{Bare: true, Still: true, Rows: rows, Columns: []widget.Column{{Flex: true}, {}, {}, {}}}
	t.Place(0, 0, width, len(rows))
	return widget.Panel(l, width, l.T("section.readiness"), remark, t.View(l))
}

// tests are the monitor tests whose margin moved, in percent of the allowed span.
func (s *Screen) tests(width int) string {
	l := s.look
	var rows []widget.Row
	for _, c := range s.result.Tests {
		sev, ok := map[string]theme.Severity{"fails_now": theme.High, "passes_now": theme.Fine, "worse": theme.Medium, "better": theme.Fine}[c.Move]
		if !ok {
			continue
		}
		name := c.Name
		if c.TestName != "" {
			name = strings.TrimPrefix(name+": "+c.TestName, ": ")
		}
		if name == "" {
			name = "TID " + strconv.FormatUint(uint64(c.TID), 16)
		}
		rows = append(rows, widget.Row{Cells: []widget.Cell{
			{Text: sev.Glyph(l.Theme.Glyphs) + " " + l.T("compare.move."+c.Move), Tone: sev.Tone()}, {Text: name},
			{Text: margin(l, c.Before) + " → " + margin(l, c.After), Tone: sev.Tone()},
		}})
	}
	if len(s.result.Tests) == 0 {
		return ""
	}
	if len(rows) == 0 {
		return widget.Panel(l, width, l.T("section.tests"), "", l.Paint(theme.Faint, l.T("tui.history.tests_same")))
	}
	t := widget.Table{Bare: true, Still: true, Rows: rows, Columns: []widget.Column{{}, {Flex: true}, {Right: true, Drop: 1}}}
	t.Place(0, 0, width, len(rows))
	return widget.Panel(l, width, l.T("section.tests"), l.Paint(theme.Faint, l.T("tui.history.margin")), t.View(l))
}

func margin(l screen.Look, r *compare.TestResult) string {
	if r == nil || r.Margin == nil {
		return "–"
	}
	return l.Words.Number(*r.Margin*100, 0) + " %"
}
