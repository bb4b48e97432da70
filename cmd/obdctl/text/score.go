package text

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/fleet"
)

// lineName is a line of a score in words.
func lineName(id string) string { return strings.ReplaceAll(id, "_", " ") }

// Score lays out how a vehicle was driven: the points, then line by line what took them.
func Score(s fleet.Score, badges []fleet.Badge, peers int, title string, o Options) *Page {
	p := NewPage(o.Width)
	if s.Driver != "" {
		title = s.Driver + ", " + title
	}
	p.Section("Driving of "+title, T(Faint, "%s", scoreSpan(s, o)))
	if s.Points == nil {
		p.Line(2, T(Warn, "? NO SCORE"))
		for _, m := range s.Missing {
			p.Line(2, C("· %s", strings.ReplaceAll(m, "_", " ")))
		}
		return p
	}
	p.Line(2, T(scoreTone(*s.Points), "%.0f of 100 points", *s.Points), T(Faint, "(95 %%: %.0f to %.0f)", s.Interval.Low, s.Interval.High))
	scoreLines(p, s.Lines)
	if len(s.Missing) > 0 {
		p.Section("Not measured", T(Faint, "takes no points"))
		for _, m := range s.Missing {
			id, what, _ := strings.Cut(m, ": ")
			p.Table(2, [][]Cell{{T(Strong, "%-18s", lineName(id)), C("%s", what)}})
		}
	}
	scoreWeeks(p, s, o)
	if len(badges) > 0 {
		p.Section("Badges")
		for _, b := range badges {
			p.Line(2, T(Good, "★ %s:", lineName(b.ID)), C("%s", b.Text))
		}
	}
	from := "rates of few km are drawn towards usual ones"
	if peers > 0 {
		from = fmt.Sprintf("rates of few km are drawn towards those of %s", count(peers, "vehicle"))
	}
	p.Line(0)
	p.Line(2, T(Faint, "%s; the points follow one stated tariff and prove nothing about safety", from))
	return p
}

func scoreSpan(s fleet.Score, o Options) string {
	if s.Trips == 0 {
		return "no trips"
	}
	return fmt.Sprintf("%s, %s, %s to %s", count(s.Trips, "trip"), distance(s.Km, o), s.From.In(o.Zone).Format("2006-01-02"), s.Until.In(o.Zone).Format("2006-01-02"))
}

func scoreTone(points float64) Tone {
	switch {
	case points >= 80:
		return Good
	case points >= 60:
		return Warn
	}
	return Bad
}

// scoreLines shows the lines that were measured, with how their points came about.
func scoreLines(p *Page, all []fleet.ScoreLine) {
	p.Section("What took points", T(Faint, "per 100 km"))
	var rows [][]Cell
	for _, l := range all {
		if l.Missing != "" {
			continue
		}
		points := T(Good, "0")
		if l.Points >= 0.05 {
			points = T(Warn, "-%.1f", l.Points)
		}
		points.Right = true
		rows = append(rows, []Cell{T(Strong, "%s", lineName(l.ID)), points, T(Faint, "%s", l.Why)})
	}
	p.Table(2, rows)
}

func scoreWeeks(p *Page, s fleet.Score, o Options) {
	if len(s.Weeks) < 2 {
		return
	}
	remark := "too few weeks for a trend"
	if t := s.Trend; t != nil {
		remark = fmt.Sprintf("%s: %+.1f points a week (95 %%: %+.1f to %+.1f)", t.Verdict, t.PerWeek, t.Interval.Low, t.Interval.High)
	}
	p.Section("By week", T(Faint, "%s", remark))
	var rows [][]Cell
	for _, w := range s.Weeks {
		rows = append(rows, []Cell{C("%s", w.Start.Format("2006-01-02")), R("%s", distance(w.Km, o)), R("%.0f", w.Points), T(scoreTone(w.Points), "%s", strings.Repeat("▪", int(w.Points/5)))})
	}
	p.Table(2, rows)
}

// Board lays out a leaderboard.
func Board(all []fleet.Standing, leftOut []string, leastKm float64, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Leaderboard", T(Faint, "who cannot be told apart shares a rank"))
	var rows [][]Cell
	for _, s := range all {
		rows = append(rows, []Cell{R("%d.", s.Rank), T(Strong, "%s", s.Who), R("%.0f points", s.Points), T(Faint, "(%.0f to %.0f)", s.Interval.Low, s.Interval.High), R("%s", distance(s.Km, o))})
	}
	p.Table(2, rows)
	if len(all) == 0 {
		p.Line(2, T(Faint, "nobody drove %.0f km", leastKm))
	}
	if len(leftOut) > 0 {
		p.Line(2, T(Faint, "left out, less than %.0f km or not measured: %s", leastKm, strings.Join(leftOut, ", ")))
	}
	return p
}
