package trips

import (
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/tui/theme"
	"github.com/fleetms/obdctl/tui/widget"
)

// listHeight is that of the list with its title.
func (s *Screen) listHeight() int { return max(4, min(len(s.trips)+2, s.look.Height/3)) }

func (s *Screen) rows() {
	l := s.look
	if l.Words == nil || l.Theme == nil {
		return
	}
	s.list.Columns = []widget.Column{
		{Title: l.T("trip.start")}, {Title: l.T("trip.distance"), Right: true}, {Title: l.T("trip.duration"), Right: true},
		{Title: l.T("trip.fuel"), Right: true, Drop: 2}, {Title: l.T("section.events"), Right: true, Drop: 1}, {Title: l.T("col.vehicle"), Max: 20, Drop: 3},
	}
	if s.which() != "" {
		s.list.Columns = s.list.Columns[:5]
	}
	rows := make([]widget.Row, len(s.trips))
	for i, t := range s.trips {
		fuel := "–"
		if t.FuelL != nil {
			fuel = s.quantity(*t.FuelL, "L")
		}
		rows[i] = widget.Row{Cells: []widget.Cell{
			{Text: l.When(t.Start), Tone: theme.Strong}, {Text: s.quantity(t.DistanceKm, "km")}, {Text: l.Words.Duration(t.End.Sub(t.Start))},
			{Text: fuel}, {Text: strconv.Itoa(len(t.Events)), Tone: theme.Faint}, {Text: t.Vehicle, Tone: theme.Faint},
		}}
	}
	s.list.SetRows(rows)
	s.list.Place(0, 1, l.Width, s.listHeight()-1)
}

func (s *Screen) quantity(v float64, unit string) string {
	number, symbol := s.look.Quantity(v, unit)
	return strings.TrimSpace(number + " " + symbol)
}

// View draws the list, and below it the trip under the cursor.
func (s *Screen) View() string {
	l := s.look
	switch {
	case s.failure != nil:
		return widget.Empty(l, l.Width, l.T("tui.history.unread"), widget.Clean(s.failure.Error()))
	case !s.loaded:
		return l.Paint(theme.Faint, l.T("tui.history.reading"))
	case len(s.trips) == 0:
		return widget.Empty(l, l.Width, l.T("tui.trips.nothing"), l.T("tui.trips.nothing_hint"))
	}
	h := s.listHeight()
	head := widget.Block(widget.Panel(l, l.Width, l.T("section.trips"), l.Paint(theme.Faint, l.N("tui.trips.count", len(s.trips))), s.list.View(l)), l.Width, h)
	t, ok := s.chosen()
	if !ok {
		return head
	}
	figures := s.figures(t.Trip)
	room := l.Height - h - 1 - strings.Count(figures, "\n") - 2
	return head + "\n\n" + widget.Stack(figures, s.journey(t.Trip, room))
}

func (s *Screen) figures(t fleet.Trip) string {
	l := s.look
	tiles := []widget.Tile{
		{Label: l.T("trip.distance"), Value: s.quantity(t.DistanceKm, "km"), Note: l.Words.Duration(t.End.Sub(t.Start))},
		{Label: l.T("trip.mean"), Value: s.quantity(t.MeanKmh, "km/h"), Note: l.T("trip.top", "speed", s.quantity(t.MaxKmh, "km/h"))},
	}
	if t.FuelL != nil {
		fuel := widget.Tile{Label: l.T("trip.fuel"), Value: s.quantity(*t.FuelL, "L")}
		if t.DistanceKm > 0 && !l.Imperial {
			fuel.Note = l.Words.Number(*t.FuelL/t.DistanceKm*100, 1) + " L/100 km"
		}
		tiles = append(tiles, fuel)
	}
	hard := widget.Tile{Label: l.T("trip.hard_tile"), Value: strconv.Itoa(t.HardBrakes + t.HardStarts), Tone: theme.Good,
		Note: l.T("trip.idle", "time", l.Words.Duration(time.Duration(t.IdleS*float64(time.Second))))}
	if t.HardBrakes+t.HardStarts > 0 {
		hard.Tone = theme.Warn
	}
	tiles = append(tiles, hard)
	if l.Height < 17 {
		tiles = tiles[:2] // the plot needs the rest
	}
	return widget.Tiles(l, l.Width, tiles...)
}

// journey is the speed with the events on it; room is in lines.
func (s *Screen) journey(t fleet.Trip, room int) string {
	l := s.look
	remark := ""
	title := l.T("tui.trips.speed", "unit", s.unit())
	if s.cursor >= 0 && s.cursor < len(t.Events) {
		if remark = s.eventWords(t.Events[s.cursor]); l.Narrow() {
			room-- // it gets a line of its own
		}
	} else if n := len(t.Events); n > 0 {
		remark = l.Paint(theme.Faint, l.N("tui.trips.events", n))
	}
	if l.Linear {
		var lines []string
		for _, e := range t.Events {
			lines = append(lines, s.eventWords(e))
		}
		return widget.Panel(l, l.Width, l.T("section.events"), "", strings.Join(lines, "\n"))
	}
	if room < 4 {
		return ""
	}
	if len(s.speed) == 0 {
		return widget.Panel(l, l.Width, title, remark, l.Paint(theme.Faint, l.T("tui.trips.no_speed")))
	}
	p := widget.Plot{Width: l.Width, Height: room - 1, Cursor: -1, From: l.Words.Clock(t.Start.In(l.Zone)), To: l.Words.Clock(t.End.In(l.Zone))}
	n := p.Buckets()
	p.Lines = []widget.Line{{Tone: theme.Series1, Buckets: s.joined(n)}}
	for i, e := range t.Events {
		at := place(t, e.At, n)
		if p.Markers = append(p.Markers, at); i == s.cursor {
			p.Cursor = at
		}
	}
	return widget.Panel(l, l.Width, title, remark, p.View(l))
}

func (s *Screen) unit() string {
	_, unit := s.look.In(0, "km/h")
	return unit
}

func (s *Screen) eventWords(e fleet.TripEvent) string {
	l := s.look
	words := l.Words.Clock(e.At.In(l.Zone)) + " " + widget.Clean(e.Kind)
	if key := "event." + e.Kind; l.Words.Has(key) {
		words = l.Words.Clock(e.At.In(l.Zone)) + " " + l.T(key)
	}
	if e.Unit != "" {
		words += ", " + s.quantity(e.Value, e.Unit)
	}
	return widget.Mark(l, theme.Medium, words)
}

// place is the bucket of a time within a trip.
func place(t fleet.Trip, at time.Time, n int) int {
	whole := t.End.Sub(t.Start)
	if whole <= 0 {
		return 0
	}
	return max(0, min(int(float64(at.Sub(t.Start))/float64(whole)*float64(n)), n-1))
}

// joined is the speed in n buckets, in the person's unit.
func (s *Screen) joined(n int) []widget.Bucket {
	out := make([]widget.Bucket, n)
	for i := range out {
		from := i * len(s.speed) / n
		sum := 0.0
		for _, b := range s.speed[from:max(from+1, (i+1)*len(s.speed)/n)] {
			if b.Count == 0 {
				continue
			}
			lo, _ := s.look.In(b.Min, "km/h")
			hi, _ := s.look.In(b.Max, "km/h")
			mean, _ := s.look.In(b.Mean, "km/h")
			if out[i].Count == 0 {
				out[i].Min, out[i].Max = lo, hi
			}
			out[i].Min, out[i].Max = min(out[i].Min, lo), max(out[i].Max, hi)
			out[i].Count += int(b.Count)
			sum += mean * float64(b.Count)
		}
		if out[i].Count > 0 {
			out[i].Mean = sum / float64(out[i].Count)
		}
	}
	return out
}
