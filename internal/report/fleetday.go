package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/report/document"
)

// fleetDay is one day of all vehicles: who drove how far, and who needs attention.
func fleetDay(p *page) {
	p.doc.Subtitle = p.w.Date(p.local(p.in.Day))
	p.section("day")
	p.dayTiles()
	p.attention()
	p.dayChart()
	p.dayTable()
	p.dayTrips()
}

// daySum is what one vehicle did.
type daySum struct {
	km, fuel, max float64
	fuelKnown     bool
	moving, idle  time.Duration
	hard          int
}

func sumOf(r DayRow) daySum {
	var s daySum
	for _, t := range r.Trips {
		s.km += t.DistanceKm
		s.moving += seconds(t.MovingS)
		s.idle += seconds(t.IdleS)
		s.max = max(s.max, t.MaxKmh)
		s.hard += t.HardBrakes + t.HardStarts
		if t.FuelL != nil {
			s.fuel, s.fuelKnown = s.fuel+*t.FuelL, true
		}
	}
	return s
}

func (p *page) dayTiles() {
	var all daySum
	trips, drove, faulty := 0, 0, 0
	for _, r := range p.in.Rows {
		s := sumOf(r)
		all.km += s.km
		all.fuel += s.fuel
		all.moving += s.moving
		trips += len(r.Trips)
		if len(r.Trips) > 0 {
			drove++
		}
		if needsAttention(r) {
			faulty++
		}
	}
	attention := document.Tile{Name: p.t("day.attention"), Value: p.w.Number(float64(faulty), 0), Level: document.Good}
	if faulty > 0 {
		attention.Level = document.High
	}
	p.lead(p.n("day.sentence", len(p.in.Rows), "drove", drove, "distance", asText(p.value(all.km, "km", 0)), "trips", trips))
	p.add(document.Block{Tiles: []document.Tile{
		{Name: p.t("day.vehicles"), Value: p.w.Number(float64(len(p.in.Rows)), 0), Note: p.n("day.drove", drove)},
		{Name: p.t("trip.distance"), Value: asText(p.value(all.km, "km", 0)), Note: p.n("day.trips", trips)},
		{Name: p.t("trip.moving"), Value: p.w.Duration(all.moving)},
		{Name: p.t("trip.fuel"), Value: asText(p.value(all.fuel, "L", 1))},
		attention,
	}})
}

func needsAttention(r DayRow) bool { return len(r.New) > 0 || r.Scan != nil && r.Scan.MIL }

// attention lists the vehicles that somebody should look at.
func (p *page) attention() {
	var lines []string
	for _, r := range p.in.Rows {
		if !needsAttention(r) {
			continue
		}
		line := p.t("day.lamp", "vehicle", r.Vehicle.Title())
		if len(r.New) > 0 {
			line = p.t("day.new_codes", "vehicle", r.Vehicle.Title(), "codes", p.w.List(r.New))
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		p.callout(document.Good, p.t("day.all_well"))
		return
	}
	p.callout(document.High, p.n("day.look", len(lines)), lines...)
}

func (p *page) dayChart() {
	c := &chart.Chart{Kind: chart.Columns, Title: p.t("day.chart"), Alt: p.t("day.chart")}
	for _, r := range p.in.Rows {
		km := sumOf(r).km
		v, _ := p.convert(km, "km")
		if km > 0 && isFinite(v) {
			c.Bars = append(c.Bars, chart.Bar{Name: r.Vehicle.Title(), Value: v, Text: asText(p.value(km, "km", 0))})
		}
	}
	slices.SortStableFunc(c.Bars, func(a, b chart.Bar) int { return cmp.Compare(b.Value, a.Value) })
	c.Bars = c.Bars[:min(len(c.Bars), 20)]
	if len(c.Bars) > 1 {
		p.section("distances")
		p.add(document.Block{Chart: c})
	}
}

func (p *page) dayTable() {
	p.section("vehicles")
	t := &document.Table{ID: "vehicles", Title: p.t("section.vehicles"), Columns: []document.Column{
		{ID: "vehicle", Title: p.t("col.vehicle"), Kind: document.Words, Weight: 2},
		{ID: "trips", Title: p.t("section.trips"), Kind: document.Number},
		{ID: "distance", Title: p.t("trip.distance"), Unit: p.symbol("km"), Kind: document.Number, Digits: 1},
		{ID: "moving", Title: p.t("trip.moving"), Unit: "min", Kind: document.Number},
		{ID: "idle", Title: p.t("day.idle"), Unit: "min", Kind: document.Number},
		{ID: "max", Title: p.t("trip.max"), Unit: p.symbol("km/h"), Kind: document.Number},
		{ID: "fuel", Title: p.t("trip.fuel"), Unit: p.symbol("L"), Kind: document.Number, Digits: 1},
		{ID: "hard", Title: p.t("trip.hard_tile"), Kind: document.Number},
		{ID: "lamp", Title: p.t("tile.lamp"), Kind: document.Badge},
		{ID: "codes", Title: p.t("tile.codes"), Kind: document.Words},
	}, Chart: &document.TableChart{Title: p.t("day.chart"), X: 0, Y: []int{2}}}
	for _, r := range p.in.Rows {
		s := sumOf(r)
		fuel, lamp := words("–"), words("–")
		if s.fuelKnown {
			fuel = p.plainValue(s.fuel, "L", 1)
		}
		if r.Scan != nil {
			lamp = p.lamp(r.Scan.MIL)
		}
		t.Rows = append(t.Rows, []document.Cell{
			strong(r.Vehicle.Title()), p.count(len(r.Trips)), p.plainValue(s.km, "km", 1), p.number(s.moving.Minutes(), 0), p.number(s.idle.Minutes(), 0),
			p.plainValue(s.max, "km/h", 0), fuel, p.count(s.hard), lamp, words(dash(strings.Join(r.Codes, ", "))),
		})
	}
	p.add(document.Block{Table: t})
}

func (p *page) dayTrips() {
	p.section("trips")
	columns := append([]document.Column{{ID: "vehicle", Title: p.t("col.vehicle"), Kind: document.Words, Weight: 2}}, p.tripColumns()...)
	t := &document.Table{ID: "trips", Title: p.t("section.trips"), Columns: columns}
	for _, r := range p.in.Rows {
		for _, trip := range r.Trips {
			t.Rows = append(t.Rows, append([]document.Cell{words(r.Vehicle.Title())}, p.tripRow(trip)...))
		}
	}
	if len(t.Rows) > 0 {
		p.add(document.Block{Table: t})
	}
}
