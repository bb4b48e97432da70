package overview

import (
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/tui/screen"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// View draws the page from what is read so far.
func (s *Screen) View() string {
	l := s.look
	if s.state.Scan == nil {
		return s.empty()
	}
	var page string
	if l.Wide() {
		left := (l.Width - 4) * 58 / 100
		right := l.Width - 4 - left
		page = widget.Beside(4,
			widget.Block(widget.Stack(s.codes(left), s.tests(left), s.values(left), s.unread(left)), left, 200),
			widget.Block(widget.Stack(s.readiness(right), s.findings(right)), right, 200))
	} else {
		page = widget.Stack(s.codes(l.Width), s.tests(l.Width), s.readiness(l.Width), s.findings(l.Width), s.unread(l.Width), s.values(l.Width))
	}
	page = s.tiles() + "\n\n" + strings.TrimRight(page, " \n")
	room := l.Height
	var head string
	if s.state.Running {
		head = s.progress() + "\n\n"
		room -= 2
	}
	return head + s.window(page, room)
}

// window shows as much of the page as there is room for, from the line that was scrolled to.
func (s *Screen) window(page string, room int) string {
	lines := strings.Split(page, "\n")
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	top := s.top.Keep(len(lines), room)
	shown := lines[top:min(len(lines), top+room)]
	if rest := len(lines) - top - len(shown); rest > 0 && len(shown) > 1 {
		shown = append(shown[:len(shown)-1:len(shown)-1], s.look.Paint(theme.Faint, s.look.Theme.Glyphs.Down+" "+s.look.N("tui.overview.more", rest+1)))
	}
	return strings.Join(shown, "\n")
}

func (s *Screen) empty() string {
	l := s.look
	if s.state.Running {
		return s.progress()
	}
	if s.link.Up() {
		return widget.Empty(l, l.Width, l.T("tui.overview.not_scanned"), l.T("tui.overview.not_scanned_hint"))
	}
	return widget.Empty(l, l.Width, l.T("tui.overview.nothing"), l.T("tui.overview.nothing_hint"))
}

func (s *Screen) progress() string {
	l := s.look
	spin := l.Paint(theme.Accent, l.Theme.Glyphs.Spin[s.spin%len(l.Theme.Glyphs.Spin)])
	words := l.T("tui.overview.reading", "step", l.T("step."+string(s.state.Step)), "n", s.state.Done, "all", s.state.Total)
	if l.Linear {
		return words
	}
	bar := max(8, min(30, l.Width/3))
	return widget.Fit(widget.Progress(l, s.state.Done, s.state.Total, bar)+" "+spin+" "+words, l.Width)
}

// tiles are the four figures that are looked at first.
func (s *Screen) tiles() string {
	return widget.Tiles(s.look, s.look.Width, s.lampTile(), s.codesTile(), s.readyTile(), s.voltTile())
}

func (s *Screen) lampTile() widget.Tile {
	l, scan := s.look, s.state.Scan
	g := l.Theme.Glyphs
	t := widget.Tile{Label: l.T("tile.lamp"), Value: g.Off + " " + l.T("word.off"), Tone: theme.Good}
	switch {
	case scan.MIL:
		t.Value, t.Tone = g.On+" "+strings.ToUpper(l.T("word.on")), theme.Bad
	case !s.read(obd.StepReadiness):
		t.Value, t.Tone = g.Unknown+" "+l.T("word.unknown"), theme.Warn
	}
	far := 0.0 // the control unit with the lamp on counts, the others tell 0
	for _, r := range scan.Readings {
		if r.Signal == "MIL_DIST" && scan.MIL && r.Value > far {
			far = r.Value
			n, unit := l.Quantity(r.Value, r.Unit)
			t.Note = l.T("tui.overview.with_mil", "distance", n+" "+unit)
		}
	}
	return t
}

func (s *Screen) codesTile() widget.Tile {
	l := s.look
	faults := s.faults()
	t := widget.Tile{Label: l.T("tile.codes"), Value: l.Words.Number(float64(len(faults)), 0), Note: l.T("tui.overview.no_codes"), Tone: theme.Good}
	worst := theme.Unrated
	for _, f := range faults {
		worst = max(worst, f.Severity)
	}
	switch {
	case len(faults) > 0:
		t.Tone, t.Note = worst.Tone(), worst.Glyph(l.Theme.Glyphs)+" "+l.T(worst.Key())
	case !s.read(obd.StepStored) || !s.read(obd.StepPending):
		t.Value, t.Note, t.Tone = l.Theme.Glyphs.Unknown, l.T("tui.overview.not_read"), theme.Warn
	}
	return t
}

func (s *Screen) readyTile() widget.Tile {
	l, scan := s.look, s.state.Scan
	done, all := 0, 0
	for _, m := range scan.Readiness.SinceClear {
		if m.Supported {
			all++
			if m.Complete {
				done++
			}
		}
	}
	t := widget.Tile{Label: l.T("tui.overview.inspection"), Note: l.T("tui.overview.complete", "n", done, "all", all)}
	switch scan.Assessment.Inspection.Verdict {
	case obd.Pass:
		t.Value, t.Tone = l.Theme.Glyphs.Good+" "+l.T("tui.overview.pass"), theme.Good
	case obd.Fail:
		t.Value, t.Tone = l.Theme.Glyphs.Bad+" "+l.T("tui.overview.fail"), theme.Bad
	default:
		t.Value, t.Tone = l.Theme.Glyphs.Unknown+" "+l.T("tui.overview.cannot_tell"), theme.Warn
	}
	return t
}

func (s *Screen) voltTile() widget.Tile {
	l, scan := s.look, s.state.Scan
	t := widget.Tile{Label: l.T("tile.voltage"), Value: "–", Tone: theme.Faint}
	volts := s.link.Volts
	if scan.Voltage != nil {
		volts = scan.Voltage.Volts
		t.Note = l.T("tui.overview.by_car")
		if scan.Voltage.Source == "adapter" {
			t.Note = l.T("tui.overview.by_adapter")
		}
	}
	if volts > 0 {
		t.Value, t.Tone = l.Words.Number(volts, 1)+" V", theme.Strong
	}
	for _, f := range scan.Assessment.Findings {
		if f.ID == "battery_low" || f.ID == "charging_low" || f.ID == "charging_high" {
			t.Tone = theme.SeverityOf(f.Severity).Tone()
			t.Note = l.T("finding." + f.ID + ".text")
		}
	}
	return t
}

// kinds are the lists that hold a code, in words.
func kinds(l screen.Look, f screen.Fault) string {
	words := make([]string, len(f.Kinds))
	for i, k := range f.Kinds {
		words[i] = l.T("kind." + string(k))
	}
	return strings.Join(words, " + ")
}
