package report

import (
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// health is one complete diagnosis for the owner of the car: what was found, what it means, what to do.
func health(p *page) {
	s := p.in.Scan
	p.head(s)
	p.section("summary")
	level, key := healthVerdict(s)
	p.callout(level, p.t("health.verdict."+key), p.healthReasons(s)...)
	p.tiles(s)
	p.section("advice")
	p.list(true, p.advice(s)...)
	p.codes(s)
	p.predictions()
	p.tests(s)
	p.readiness(s)
	p.freezeFrames(s)
	p.findings(s)
	p.values(s)
	p.pictures()
	p.ecus(s)
	p.notes()
	p.unread(s)
	p.allReadings(s)
}

// healthVerdict is the worst that the scan tells; what could not be read never counts as good.
func healthVerdict(s *obd.Scan) (document.Level, string) {
	worst := document.None
	raise := func(l document.Level) {
		if rank(l) > rank(worst) {
			worst = l
		}
	}
	for _, c := range s.Codes {
		l := codeLevel(c)
		switch c.Kind {
		case obd.Pending, obd.PreviouslyActive, obd.Permanent:
			l = least(l, document.Medium)
		}
		raise(l)
	}
	for _, f := range s.Assessment.Findings {
		raise(document.Severity(f.Severity))
	}
	if s.MIL {
		raise(document.High)
	}
	switch {
	case rank(worst) >= rank(document.Critical):
		return document.Critical, "critical"
	case rank(worst) >= rank(document.High):
		return document.High, "high"
	case rank(worst) >= rank(document.Low):
		return document.Medium, "medium"
	case !read(s, obd.StepStored) || !read(s, obd.StepReadiness):
		return document.Info, "unknown"
	}
	return document.Good, "good"
}

// rank orders levels from harmless to serious.
func rank(l document.Level) int {
	switch l {
	case document.Critical:
		return 4
	case document.High:
		return 3
	case document.Medium:
		return 2
	case document.Low:
		return 1
	}
	return 0
}

func least(a, b document.Level) document.Level {
	if rank(a) < rank(b) {
		return a
	}
	return b
}

// healthReasons are the sentences of the verdict.
func (p *page) healthReasons(s *obd.Scan) []string {
	var out []string
	now, waiting := countCodes(s)
	if s.MIL {
		out = append(out, p.t("health.lamp_on"))
	}
	switch {
	case now > 0:
		out = append(out, p.n("health.codes_now", now))
	case read(s, obd.StepStored):
		out = append(out, p.t("health.codes_none"))
	default:
		out = append(out, p.t("health.codes_unread"))
	}
	if waiting > 0 {
		out = append(out, p.n("health.codes_waiting", waiting))
	}
	if n := failedTests(s); n > 0 {
		out = append(out, p.n("health.tests_failed", n))
	}
	switch s.Assessment.RecentlyCleared.Answer {
	case "yes", "likely":
		out = append(out, p.t("health.cleared"))
	}
	if n := len(lost(s)); n > 0 {
		out = append(out, p.n("health.unread", n))
	}
	return out
}

// tiles are the few figures that tell most.
func (p *page) tiles(s *obd.Scan) {
	tiles := []document.Tile{p.lampTile(s), p.codesTile(s), p.readinessTile(s), p.testsTile(s)}
	if t, ok := p.voltageTile(s); ok {
		tiles = append(tiles, t)
	}
	p.add(document.Block{Tiles: tiles})
}

func (p *page) lampTile(s *obd.Scan) document.Tile {
	t := document.Tile{Name: p.t("tile.lamp"), Value: capital(p.t("word.off")), Level: document.Good}
	switch {
	case s.MIL:
		t.Value, t.Level = capital(p.t("word.on")), document.High
	case !read(s, obd.StepReadiness):
		t.Value, t.Level = "–", document.None
	}
	return t
}

func (p *page) codesTile(s *obd.Scan) document.Tile {
	now, waiting := countCodes(s)
	t := document.Tile{Name: p.t("tile.codes"), Value: p.w.Number(float64(now), 0), Level: document.Good}
	switch {
	case now > 0:
		t.Level = document.High
	case !read(s, obd.StepStored):
		t.Value, t.Level = "–", document.None
	case waiting > 0:
		t.Level = document.Medium
	}
	if waiting > 0 {
		t.Note = p.n("tile.waiting", waiting)
	}
	return t
}

func (p *page) testsTile(s *obd.Scan) document.Tile {
	run, failed := 0, failedTests(s)
	for _, t := range s.Tests {
		if !t.NotRun {
			run++
		}
	}
	t := document.Tile{Name: p.t("tile.tests"), Value: p.w.Number(float64(run-failed), 0), Note: p.n("tile.of_tests", run), Level: document.Good}
	switch {
	case run == 0:
		t.Value, t.Note, t.Level = "–", p.t("tile.no_tests"), document.None
	case failed > 0:
		t.Level = document.High
	case len(s.Assessment.CloseToLimit) > 0:
		t.Level = document.Medium
	}
	return t
}

func (p *page) voltageTile(s *obd.Scan) (document.Tile, bool) {
	if s.Voltage == nil {
		return document.Tile{}, false
	}
	level := document.None
	for _, f := range s.Assessment.Findings {
		if family(f.ID) == "battery_low" || family(f.ID) == "charging_low" || family(f.ID) == "charging_high" {
			level = document.Severity(f.Severity)
		}
	}
	source := "tile.by_adapter"
	if s.Voltage.Source == "ecu" {
		source = "tile.by_car"
	}
	return document.Tile{Name: p.t("tile.voltage"), Value: asText(p.value(s.Voltage.Volts, "V", 1)), Note: p.t(source), Level: level}, true
}
