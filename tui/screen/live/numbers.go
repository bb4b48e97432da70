package live

import (
	"math"
	"time"

	"github.com/fleetms/obdctl/tui/screen/live/trace"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// trendSpan is the time of the small curve beside a value.
const trendSpan = 30 * time.Second

// fill writes the rows into the table.
func (s *Screen) fill() {
	if s.look.Theme == nil {
		return
	}
	l := s.look
	trend := 12
	if l.Wide() {
		trend = max(12, min(l.Width-78, 40))
	}
	title := func(key string) string { return l.T("tui.live.column." + key) }
	s.table.Columns = []widget.Column{
		{Width: 1}, {Title: title("signal"), Width: 20, Flex: true}, {Title: title("value"), Width: 8, Right: true}, {Width: 5},
		{Title: title("min"), Width: 7, Right: true, Drop: 2}, {Title: title("mean"), Width: 7, Right: true, Drop: 4},
		{Title: title("max"), Width: 7, Right: true, Drop: 3}, {Title: title("trend"), Width: trend, Drop: 1},
		{Title: title("rate"), Width: 4, Right: true, Drop: 5},
	}
	if l.Narrow() {
		s.table.Columns[1].Width = 16
	}
	lines := s.lines()
	rows := make([]widget.Row, len(s.rows))
	for i, r := range s.rows {
		if s.face == numbers || l.Linear {
			rows[i] = s.numbersRow(r, lines)
		}
	}
	s.table.Place(0, 2, l.Width, max(1, l.Height-2))
	s.table.SetRows(rows)
	if l.Linear || s.face != numbers {
		return
	}
	from, until := s.table.Shown()
	for i, r := range s.rows[from:until] {
		if cells := rows[from+i].Cells; len(cells) > trendColumn {
			cells[trendColumn].Text = s.trend(r.Key, trend)
		}
	}
}

// trendColumn holds the small curve, which only rows in sight have.
const trendColumn = 7

func (s *Screen) numbersRow(r trace.Row, lines []trace.Row) widget.Row {
	l := s.look
	sign := widget.Cell{Tone: theme.Accent}
	for i, x := range lines {
		if x.Key == r.Key && !l.Linear {
			sign = widget.Cell{Text: string(rune('A' + i)), Tone: theme.Series(i)}
		}
	}
	name := r.Name
	if r.Side != trace.Within {
		sign = widget.Cell{Text: theme.High.Glyph(l.Theme.Glyphs), Tone: theme.Bad}
		name = s.beyond(r) + "  " + name
	}
	cells := []widget.Cell{sign, {Text: name, Tone: alarmTone(r, theme.Plain)}}
	if r.Text != "" {
		return widget.Row{Cells: append(cells, widget.Cell{Text: r.Text, Tone: theme.Strong})}
	}
	cells = append(cells, widget.Cell{Text: s.number(r, r.Value), Tone: alarmTone(r, theme.Strong)}, widget.Cell{Text: s.symbol(r), Tone: theme.Faint})
	if r.Count == 0 {
		return widget.Row{Cells: cells}
	}
	for _, v := range []float64{r.Min, r.Mean, r.Max} {
		cells = append(cells, widget.Cell{Text: s.number(r, v), Tone: theme.Faint})
	}
	return widget.Row{Cells: append(cells, widget.Cell{Tone: theme.Info}, widget.Cell{Text: l.Words.Number(r.Rate, 0), Tone: theme.Faint})}
}

// trend is the small curve of the last half minute.
func (s *Screen) trend(k trace.Key, width int) string {
	parts := make([]trace.Bucket, width)
	s.board.Window(k, s.newest.Add(time.Nanosecond), trendSpan, parts)
	values := make([]float64, width)
	for i, p := range parts {
		if values[i] = p.Mean; p.Count == 0 {
			values[i] = math.NaN()
		}
	}
	return widget.Spark(s.look, theme.Plain, values, width)
}

// number writes a value of a signal with as many digits as its largest needs, so that they stand still.
func (s *Screen) number(r trace.Row, v float64) string {
	shown, symbol := s.look.In(v, r.Unit)
	_, plain := s.look.In(0, "")
	if r.Whole && v == math.Trunc(v) && (symbol == plain || !s.look.Imperial) {
		return s.look.Words.Number(shown, 0)
	}
	most := math.Abs(shown)
	if r.Count > 0 {
		lo, _ := s.look.In(r.Min, r.Unit)
		hi, _ := s.look.In(r.Max, r.Unit)
		most = max(math.Abs(lo), math.Abs(hi))
	}
	return s.look.Words.Number(shown, places(most))
}

// places are as many as make three digits.
func places(most float64) int {
	switch {
	case most >= 100:
		return 0
	case most >= 10:
		return 1
	case most >= 1:
		return 2
	}
	return 3
}

func (s *Screen) symbol(r trace.Row) string {
	_, symbol := s.look.In(0, r.Unit)
	return symbol
}
