package report

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// history is everything that is kept of a vehicle: codes over time, tests that decline, scans, trips.
func history(p *page) {
	p.head(nil)
	p.section("overview")
	p.historyOverview()
	p.codeLine()
	p.codeTable()
	p.forecasts()
	p.predictions()
	p.marginTrends()
	p.scanTable()
	p.tripTable()
	p.notes()
}

func (p *page) historyOverview() {
	scans := slices.Clone(p.in.Scans)
	slices.SortFunc(scans, func(a, b fleet.ScanInfo) int { return a.Started.Compare(b.Started) })
	p.in.Scans = scans
	open := 0
	for _, c := range p.in.Codes {
		if c.Gone == nil {
			open++
		}
	}
	tiles := []document.Tile{
		{Name: p.t("history.scans"), Value: p.w.Number(float64(len(scans)), 0)},
		{Name: p.t("history.codes"), Value: p.w.Number(float64(len(p.in.Codes)), 0)},
		{Name: p.t("history.open"), Value: p.w.Number(float64(open), 0), Level: document.Good},
		{Name: p.t("history.trips"), Value: p.w.Number(float64(len(p.in.Trips)), 0)},
	}
	if open > 0 {
		tiles[2].Level = document.High
	}
	if len(scans) == 0 {
		p.lead(p.t("history.empty"))
	} else {
		p.lead(p.n("history.sentence", len(scans), "from", p.w.Date(p.local(scans[0].Started)), "to", p.w.Date(p.local(scans[len(scans)-1].Started))))
	}
	p.add(document.Block{Tiles: tiles})
}

func stamp(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// codeLine shows how many codes each scan found.
func (p *page) codeLine() {
	if len(p.in.Scans) < 2 {
		return
	}
	p.section("timeline")
	zero := 0.0
	c := &chart.Chart{Kind: chart.XY, Title: p.t("history.codes_over_time"), Alt: p.t("history.codes_alt"), X: chart.Axis{Time: true}, Y: chart.Axis{Min: &zero, Whole: true}}
	line := chart.Series{Name: p.t("tile.codes"), Style: chart.Step}
	dots := chart.Series{Name: p.t("history.scans"), Style: chart.Dots}
	for _, s := range p.in.Scans {
		pt := chart.Point{X: stamp(s.Started), Y: float64(s.Codes)}
		line.Points, dots.Points = append(line.Points, pt), append(dots.Points, pt)
	}
	c.Series = []chart.Series{line, dots}
	for _, code := range p.in.Codes {
		if code.Gone != nil {
			c.Marks = append(c.Marks, chart.Mark{At: stamp(*code.Gone), Name: p.t("history.gone_mark", "code", code.Code), Level: chart.Good})
		}
	}
	slices.SortFunc(c.Marks, func(a, b chart.Mark) int { return cmp.Compare(a.At, b.At) })
	p.add(document.Block{Chart: c})
}

func (p *page) codeTable() {
	p.section("code_history")
	if len(p.in.Codes) == 0 {
		p.say(p.t("history.no_codes"))
		return
	}
	p.catalogue = true
	t := &document.Table{ID: "codes", Title: p.t("section.code_history"), Columns: []document.Column{
		{ID: "code", Title: p.t("col.code"), Kind: document.Code},
		{ID: "state", Title: p.t("col.state"), Kind: document.Badge},
		{ID: "meaning", Title: p.t("col.meaning"), Kind: document.Words, Weight: 2},
		{ID: "kind", Title: p.t("col.list"), Kind: document.Words},
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Code},
		{ID: "first", Title: p.t("col.first_seen"), Kind: document.Time},
		{ID: "last", Title: p.t("col.last_seen"), Kind: document.Time},
		{ID: "scans", Title: p.t("history.scans"), Kind: document.Number},
	}}
	for _, c := range p.in.Codes {
		state := badge(document.High, p.t("word.there"))
		if c.Gone != nil {
			state = badge(document.Good, p.t("word.gone"))
		}
		t.Rows = append(t.Rows, []document.Cell{
			strong(c.Code), state, words(p.o.Explain(c.Code).Description), words(p.kinds([]obd.CodeKind{c.Kind})), words(dash(c.ECU.String())),
			p.day(c.FirstSeen), p.day(c.LastSeen), p.count(c.Scans),
		})
	}
	p.add(document.Block{Table: t})
}

// forecasts say which of the car's own tests will fail next.
func (p *page) forecasts() {
	if len(p.in.Forecasts) == 0 {
		return
	}
	p.section("forecast")
	p.say(p.t("forecast.intro"))
	t := &document.Table{ID: "forecast", Title: p.t("section.forecast"), Columns: []document.Column{
		{ID: "test", Title: p.t("col.test"), Kind: document.Words, Weight: 2},
		{ID: "margin", Title: p.t("col.margin"), Unit: "%", Kind: document.Number},
		{ID: "month", Title: p.t("col.per_month"), Unit: "%", Kind: document.Number, Digits: 1},
		{ID: "reaches", Title: p.t("col.reaches"), Kind: document.Time},
		{ID: "earliest", Title: p.t("col.earliest"), Kind: document.Time},
		{ID: "latest", Title: p.t("col.latest"), Kind: document.Time},
		{ID: "points", Title: p.t("col.results"), Kind: document.Number},
	}}
	for _, f := range p.in.Forecasts {
		latest := words("–")
		if f.Latest != nil {
			latest = p.day(*f.Latest)
		}
		t.Rows = append(t.Rows, []document.Cell{
			words(capital(f.Name)), p.number(f.Margin*100, 0), p.number(f.PerMonth*100, 1), p.day(f.Reaches), p.day(f.Earliest), latest, p.count(f.Points),
		})
	}
	p.add(document.Block{Table: t})
	p.small(p.t("forecast.note"))
}

// mostTrends is how many tests one chart of trends shows: those with the smallest margin.
const mostTrends = 5

// marginTrends draws the margins of the tests that are nearest to their limit.
func (p *page) marginTrends() {
	type line struct {
		key  string
		last float64
		s    chart.Series
	}
	var lines []*line
	at := map[string]*line{}
	points := slices.Clone(p.in.Tests)
	slices.SortStableFunc(points, func(a, b fleet.TestPoint) int { return a.At.Compare(b.At) })
	for _, pt := range points {
		if pt.Test.Margin == nil || pt.Test.NotRun || !isFinite(*pt.Test.Margin) {
			continue
		}
		key := pt.Test.ECU.String() + testID(pt.Test)
		l := at[key]
		if l == nil {
			name := strings.TrimSpace(capital(testName(pt.Test)) + " " + testID(pt.Test))
			l = &line{key: key, s: chart.Series{Name: name, Style: chart.Line}}
			at[key] = l
			lines = append(lines, l)
		}
		l.last = *pt.Test.Margin
		l.s.Points = append(l.s.Points, chart.Point{X: stamp(pt.At), Y: *pt.Test.Margin * 100})
	}
	lines = slices.DeleteFunc(lines, func(l *line) bool { return len(l.s.Points) < 2 })
	slices.SortFunc(lines, func(a, b *line) int { return cmp.Or(cmp.Compare(a.last, b.last), cmp.Compare(a.key, b.key)) })
	if len(lines) == 0 {
		return
	}
	p.section("trends")
	p.catalogue = true
	p.say(p.t("trends.intro"))
	c := &chart.Chart{Kind: chart.XY, Alt: p.t("trends.alt"), X: chart.Axis{Time: true}, Y: chart.Axis{Label: p.t("col.margin"), Unit: "%"},
		Lines: []chart.Limit{{Name: p.t("trends.limit"), Value: 0, Level: chart.Bad}}}
	for _, l := range lines[:min(len(lines), mostTrends)] {
		c.Series = append(c.Series, l.s)
	}
	p.add(document.Block{Chart: c})
}

func (p *page) scanTable() {
	if len(p.in.Scans) == 0 {
		return
	}
	p.section("scans")
	t := &document.Table{ID: "scans", Title: p.t("section.scans"), Columns: []document.Column{
		{ID: "at", Title: p.t("col.time"), Kind: document.Time},
		{ID: "lamp", Title: p.t("tile.lamp"), Kind: document.Badge},
		{ID: "codes", Title: p.t("tile.codes"), Kind: document.Number},
		{ID: "inspection", Title: p.t("col.inspection"), Kind: document.Badge},
		{ID: "line", Title: p.t("vehicle.line"), Kind: document.Words},
	}}
	for _, s := range slices.Backward(p.in.Scans) {
		t.Rows = append(t.Rows, []document.Cell{p.when(s.Started), p.lamp(s.MIL), p.count(s.Codes), p.verdict(s.Verdict), words(s.Protocol.Name())})
	}
	p.add(document.Block{Table: t})
}

func (p *page) lamp(on bool) document.Cell {
	if on {
		return badge(document.High, p.t("word.on"))
	}
	return badge(document.Good, p.t("word.off"))
}

func (p *page) verdict(v obd.Verdict) document.Cell {
	switch v {
	case obd.Pass:
		return badge(document.Good, p.t("word.pass"))
	case obd.Fail:
		return badge(document.High, p.t("word.fail"))
	}
	return badge(document.None, p.t("word.unknown"))
}

func (p *page) tripTable() {
	if len(p.in.Trips) == 0 {
		return
	}
	p.section("trips")
	t := &document.Table{ID: "trips", Title: p.t("section.trips"), Columns: p.tripColumns()}
	for _, trip := range p.in.Trips {
		t.Rows = append(t.Rows, p.tripRow(trip))
	}
	p.add(document.Block{Table: t})
}

func (p *page) tripColumns() []document.Column {
	return []document.Column{
		{ID: "start", Title: p.t("trip.start"), Kind: document.Time},
		{ID: "duration", Title: p.t("trip.duration"), Unit: "min", Kind: document.Number},
		{ID: "distance", Title: p.t("trip.distance"), Unit: p.symbol("km"), Kind: document.Number, Digits: 1},
		{ID: "mean", Title: p.t("trip.mean"), Unit: p.symbol("km/h"), Kind: document.Number},
		{ID: "max", Title: p.t("trip.max"), Unit: p.symbol("km/h"), Kind: document.Number},
		{ID: "fuel", Title: p.t("trip.fuel"), Unit: p.symbol("L"), Kind: document.Number, Digits: 1},
		{ID: "hard", Title: p.t("trip.hard_tile"), Kind: document.Number},
	}
}

func (p *page) tripRow(t fleet.Trip) []document.Cell {
	fuel := words("–")
	if t.FuelL != nil {
		fuel = p.plainValue(*t.FuelL, "L", 1)
	}
	return []document.Cell{
		p.when(t.Start), p.number(t.End.Sub(t.Start).Minutes(), 0), p.plainValue(t.DistanceKm, "km", 1),
		p.plainValue(t.MeanKmh, "km/h", 0), p.plainValue(t.MaxKmh, "km/h", 0), fuel, p.count(t.HardBrakes + t.HardStarts),
	}
}
