package live

import (
	"strings"
	"time"

	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// parts is how many parts the plots' time is cut into: two columns of dots a character. All plots are of the same
// width, with room for two scales, so that the cursor stands in all at the same time.
func (s *Screen) parts() int {
	return max(2, (&widget.Plot{Width: s.look.Width, Lines: []widget.Line{{Right: true}}}).Buckets())
}

// until is the right edge of the plots.
func (s *Screen) until() time.Time { return s.newest.Add(-s.past) }

// at is the time of a part.
func (s *Screen) at(part int) time.Time {
	span := spans()[s.span]
	return s.until().Add(-span + span*time.Duration(2*part+1)/time.Duration(2*s.parts()))
}

// group is what shares a plot: the signals of at most two units.
type group struct {
	lines []trace.Row
	tones []int
}

func (g group) units() []string {
	var units []string
	for _, r := range g.lines {
		if len(units) == 0 || units[0] != r.Unit && (len(units) < 2 || units[1] != r.Unit) {
			units = append(units, r.Unit)
		}
	}
	return units
}

// groups puts signals of the same unit together, two units to a plot.
func groups(lines []trace.Row) []group {
	var units []string
	byUnit := map[string][]int{}
	for i, r := range lines {
		if byUnit[r.Unit] == nil {
			units = append(units, r.Unit)
		}
		byUnit[r.Unit] = append(byUnit[r.Unit], i)
	}
	var out []group
	for n, u := range units {
		if n%2 == 0 {
			out = append(out, group{})
		}
		g := &out[len(out)-1]
		for _, i := range byUnit[u] {
			g.lines, g.tones = append(g.lines, lines[i]), append(g.tones, i)
		}
	}
	return out
}

// plotLeast is the least height of a plot, with the line of its time.
const plotLeast = 5

// plotsView stacks the plots over the height that there is; those that do not fit are counted.
func (s *Screen) plotsView(height int) string {
	all := groups(s.lines())
	if len(all) == 0 {
		return widget.Empty(s.look, s.look.Width, s.look.T("tui.live.nothing_plotted"), s.look.T("tui.live.nothing_plotted_hint"))
	}
	need, shown := 0, 0
	for _, g := range all {
		if more := len(g.lines) + plotLeast; shown == 0 || need+more <= height {
			need += more
			shown++
			continue
		}
		break
	}
	spare := max(0, height-need)
	var lines []string
	for i, g := range all[:shown] {
		extra := spare / shown
		if i < spare%shown {
			extra++
		}
		lines = append(lines, s.plot(g, plotLeast+extra))
	}
	if rest := len(all) - shown; rest > 0 {
		last := strings.Split(lines[len(lines)-1], "\n")
		last[len(last)-1] = s.look.Paint(theme.Faint, s.look.Theme.Glyphs.Down+" "+s.look.N("tui.live.more_plots", rest))
		lines[len(lines)-1] = strings.Join(last, "\n")
	}
	return strings.Join(lines, "\n")
}

// plot draws one plot below the names of its lines.
func (s *Screen) plot(g group, height int) string {
	l := s.look
	span, n := spans()[s.span], s.parts()
	units := g.units()
	p := widget.Plot{Width: l.Width, Height: height, Cursor: s.cursor, From: s.clock(s.until().Add(-span)), To: s.clock(s.until())}
	var heads []string
	for i, r := range g.lines {
		parts := make([]trace.Bucket, n)
		s.board.Window(r.Key, s.until().Add(time.Nanosecond), span, parts)
		line := widget.Line{Tone: theme.Series(g.tones[i]), Sign: string(rune('A' + g.tones[i])), Right: len(units) > 1 && r.Unit == units[1], Buckets: make([]widget.Bucket, n)}
		for j, b := range parts {
			lo, _ := l.In(b.Min, r.Unit)
			hi, _ := l.In(b.Max, r.Unit)
			mean, _ := l.In(b.Mean, r.Unit)
			line.Buckets[j] = widget.Bucket{Min: lo, Max: hi, Mean: mean, Count: b.Count}
		}
		p.Lines = append(p.Lines, line)
		heads = append(heads, s.legend(r, line, parts))
	}
	p.TwoScales = true
	for _, m := range s.markers {
		if at := m.Sub(s.until().Add(-span)); at >= 0 && at <= span {
			p.Markers = append(p.Markers, min(int(at*time.Duration(n)/span), n-1))
		}
	}
	return strings.Join(heads, "\n") + "\n" + p.View(l)
}

// legend names a line: its letter, the value now or under the cursor, and what it did within the plot.
func (s *Screen) legend(r trace.Row, line widget.Line, parts []trace.Bucket) string {
	l := s.look
	sum, least, most, count := 0.0, 0.0, 0.0, 0
	for _, b := range parts {
		if b.Count == 0 {
			continue
		}
		if count == 0 {
			least, most = b.Min, b.Max
		}
		least, most, sum, count = min(least, b.Min), max(most, b.Max), sum+b.Mean*float64(b.Count), count+b.Count
	}
	value := s.number(r, r.Value)
	if s.cursor >= 0 && s.cursor < len(parts) {
		if value = "–"; parts[s.cursor].Count > 0 {
			value = s.number(r, parts[s.cursor].Mean)
		}
	}
	side := l.Theme.Glyphs.Left
	if line.Right {
		side = l.Theme.Glyphs.Right
	}
	left := l.Paint(line.Tone, line.Sign+side) + " " + widget.Clean(r.Name)
	if words := s.beyond(r); words != "" {
		left += "  " + widget.Mark(l, theme.High, words)
	}
	right := l.Paint(alarmTone(r, theme.Strong), widget.FitRight(value, 7)) + " " + l.Paint(theme.Faint, widget.Fit(s.symbol(r), 5))
	if count > 0 && l.Width >= 72 {
		column := func(v float64) string { return widget.FitRight(s.number(r, v), 6) }
		right += l.Paint(theme.Faint, " "+l.T("tui.live.span", "min", column(least), "mean", column(sum/float64(count)), "max", column(most)))
	}
	return split(left, right, l.Width)
}

func (s *Screen) clock(t time.Time) string {
	if s.newest.IsZero() {
		return ""
	}
	return t.In(s.look.Zone).Format("15:04:05")
}
