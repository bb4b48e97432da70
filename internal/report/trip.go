package report

import (
	"time"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/report/document"
)

// trip is one journey: figures, charts over time, and what happened on the way.
func trip(p *page) {
	t := p.in.Trip
	p.head(nil)
	p.doc.Subtitle = p.w.Date(p.local(t.Start)) + ", " + p.w.Clock(p.local(t.Start)) + " – " + p.w.Clock(p.local(t.End))
	p.section("journey")
	p.lead(p.tripSentence(t))
	p.tripTiles(t)
	p.tripFacts(t)
	p.tripCharts(t)
	p.tripEvents(t)
	p.notes()
	if p.in.Readings != nil {
		p.section("readings")
		p.now.Detail = true
		p.add(document.Block{Table: p.readingsTable(p.in.Readings)})
	}
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

func (p *page) tripSentence(t *fleet.Trip) string {
	out := p.t("trip.sentence", "distance", asText(p.value(t.DistanceKm, "km", 1)),
		"time", p.w.Duration(t.End.Sub(t.Start)), "mean", asText(p.value(t.MeanKmh, "km/h", 0)), "max", asText(p.value(t.MaxKmh, "km/h", 0)))
	switch n := t.HardBrakes + t.HardStarts; {
	case n > 0:
		out += " " + p.n("trip.hard", n)
	default:
		out += " " + p.t("trip.calm")
	}
	return out
}

func (p *page) tripTiles(t *fleet.Trip) {
	tiles := []document.Tile{
		{Name: p.t("trip.distance"), Value: asText(p.value(t.DistanceKm, "km", 1))},
		{Name: p.t("trip.duration"), Value: p.w.Duration(t.End.Sub(t.Start)), Note: p.t("trip.idle", "time", p.w.Duration(seconds(t.IdleS)))},
		{Name: p.t("trip.mean"), Value: asText(p.value(t.MeanKmh, "km/h", 0)), Note: p.t("trip.top", "speed", asText(p.value(t.MaxKmh, "km/h", 0)))},
	}
	if t.FuelL != nil {
		tile := document.Tile{Name: p.t("trip.fuel"), Value: asText(p.value(*t.FuelL, "L", 2))}
		if c, ok := p.consumption(*t.FuelL, t.DistanceKm); ok {
			tile.Note = c
		}
		tiles = append(tiles, tile)
	}
	hard := document.Tile{Name: p.t("trip.hard_tile"), Value: p.w.Number(float64(t.HardBrakes+t.HardStarts), 0), Level: document.Good}
	if t.HardBrakes+t.HardStarts > 0 {
		hard.Level = document.Medium
	}
	p.add(document.Block{Tiles: append(tiles, hard)})
}

// consumption is litres on 100 km, or miles to the US gallon.
func (p *page) consumption(litres, km float64) (string, bool) {
	if km < 1 || litres <= 0 {
		return "", false
	}
	if p.o.Imperial {
		return p.w.Number(km/1.609344/(litres/3.785411784), 1) + "\u00a0mpg", true
	}
	return p.w.Number(litres/km*100, 1) + "\u00a0L/100\u00a0km", true
}

func (p *page) tripFacts(t *fleet.Trip) {
	facts := []document.Fact{
		{Name: p.t("trip.start"), Cell: p.when(t.Start)}, {Name: p.t("trip.end"), Cell: p.when(t.End)},
		{Name: p.t("trip.moving"), Cell: words(p.w.Duration(seconds(t.MovingS)))},
		{Name: p.t("trip.hard_brakes"), Cell: p.count(t.HardBrakes)}, {Name: p.t("trip.hard_starts"), Cell: p.count(t.HardStarts)},
	}
	if t.ColdStart != nil {
		answer := p.t("word.no")
		if *t.ColdStart {
			answer = p.t("word.yes")
		}
		facts = append(facts, document.Fact{Name: p.t("trip.cold_start"), Cell: words(answer)})
	}
	if t.MaxCoolantC != nil {
		facts = append(facts, document.Fact{Name: p.t("trip.max_coolant"), Cell: p.value(*t.MaxCoolantC, "Cel", 0)})
	}
	if t.MinVoltage != nil {
		facts = append(facts, document.Fact{Name: p.t("trip.min_voltage"), Cell: p.value(*t.MinVoltage, "V", 1)})
	}
	facts = append(facts, document.Fact{Name: p.t("trip.readings"), Cell: p.count(t.Readings)}, document.Fact{Name: p.t("trip.gaps"), Cell: p.count(t.Gaps)})
	p.add(document.Block{Facts: facts})
}

// tripCharts draws each signal over the time of the trip.
func (p *page) tripCharts(t *fleet.Trip) {
	p.section("charts")
	for _, s := range p.in.Signals {
		name := s.Name
		if name == "" {
			name = s.Signal
		}
		_, symbol := p.convert(0, s.Unit)
		c := &chart.Chart{Kind: chart.XY, Title: name, X: chart.Axis{Time: true}, Y: chart.Axis{Unit: symbol},
			Alt: p.t("trip.alt", "signal", name)}
		c.Series = []chart.Series{{Name: name, Style: chart.Band, Buckets: p.buckets(s)}}
		if s.Signal == "VSS" {
			c.Marks = p.tripMarks(t)
		}
		if s.Unit == "km/h" || s.Unit == "/min" || s.Unit == "%" {
			zero := 0.0
			if lowest(s.Buckets) >= 0 {
				c.Y.Min = &zero
			}
		}
		p.catalogue = true
		p.add(document.Block{Chart: c})
	}
	if len(p.in.Signals) > 0 {
		p.small(p.t("trip.band"))
	}
}

func lowest(all []fleet.Bucket) float64 {
	low := 0.0
	for _, b := range all {
		if b.Count > 0 {
			low = min(low, b.Min)
		}
	}
	return low
}

func (p *page) buckets(s Signal) []fleet.Bucket {
	joined := chart.Bridge(s.Buckets)
	out := make([]fleet.Bucket, len(joined))
	for i, b := range joined {
		if !isFinite(b.Min) || !isFinite(b.Max) || !isFinite(b.Mean) {
			out[i] = fleet.Bucket{Start: b.Start} // a gap
			continue
		}
		b.Min, _ = p.convert(b.Min, s.Unit)
		b.Max, _ = p.convert(b.Max, s.Unit)
		b.Mean, _ = p.convert(b.Mean, s.Unit)
		out[i] = b
	}
	return out
}

func (p *page) tripMarks(t *fleet.Trip) []chart.Mark {
	var out []chart.Mark
	for _, e := range t.Events {
		m := chart.Mark{At: float64(e.At.UnixMicro()) / 1e6, Name: p.event(e.Kind), Level: chart.Warn}
		if e.Kind == "hot" || e.Kind == "code" {
			m.Level = chart.Bad
		}
		out = append(out, m)
	}
	return out
}

func (p *page) event(kind string) string {
	if key := "event." + kind; p.w.Has(key) {
		return p.t(key)
	}
	return kind
}

func (p *page) tripEvents(t *fleet.Trip) {
	if len(t.Events) == 0 {
		return
	}
	p.section("events")
	table := &document.Table{ID: "events", Title: p.t("section.events"), Columns: []document.Column{
		{ID: "at", Title: p.t("col.time"), Kind: document.Time},
		{ID: "event", Title: p.t("col.event"), Kind: document.Words, Weight: 2},
		{ID: "value", Title: p.t("col.value"), Kind: document.Number},
	}}
	for _, e := range t.Events {
		table.Rows = append(table.Rows, []document.Cell{p.clock(e.At), words(p.event(e.Kind)), p.value(e.Value, e.Unit, -1)})
	}
	p.add(document.Block{Table: table})
}

// clock is a time of which a person reads the time of day only.
func (p *page) clock(t time.Time) document.Cell {
	c := p.when(t)
	c.Text = p.local(t).Format("15:04:05")
	return c
}
