package report

import (
	"slices"

	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

func openMonitors(list []obd.Monitor) []obd.MonitorID {
	var out []obd.MonitorID
	for _, m := range list {
		if m.Supported && !m.Complete {
			out = append(out, m.ID)
		}
	}
	return out
}

func supported(list []obd.Monitor) int {
	n := 0
	for _, m := range list {
		if m.Supported {
			n++
		}
	}
	return n
}

func (p *page) readinessTile(s *obd.Scan) document.Tile {
	all := supported(s.Readiness.SinceClear)
	open := len(openMonitors(s.Readiness.SinceClear))
	t := document.Tile{Name: p.t("tile.readiness"), Value: p.w.Number(float64(all-open), 0), Note: p.n("tile.of_monitors", all), Level: document.Good}
	switch {
	case all == 0:
		t.Value, t.Note, t.Level = "–", p.t("tile.no_monitors"), document.None
	case open > 0:
		t.Level = document.Medium
	}
	return t
}

// readiness is the table of monitors and what completes the open ones.
func (p *page) readiness(s *obd.Scan) {
	p.section("readiness")
	if supported(s.Readiness.SinceClear) == 0 {
		p.say(p.t("readiness.none"))
		return
	}
	p.say(p.t("readiness.intro"))
	t := &document.Table{ID: "readiness", Title: p.t("section.readiness"), Columns: []document.Column{
		{ID: "monitor", Title: p.t("col.monitor"), Kind: document.Words, Weight: 2},
		{ID: "since_clear", Title: p.t("col.since_clear"), Kind: document.Badge},
	}}
	cycle := len(s.Readiness.ThisCycle) > 0
	if cycle {
		t.Columns = append(t.Columns, document.Column{ID: "this_cycle", Title: p.t("col.this_cycle"), Kind: document.Badge})
	}
	for _, m := range s.Readiness.SinceClear {
		if !m.Supported {
			continue
		}
		row := []document.Cell{words(p.monitor(m.ID)), p.monitorState(m)}
		if cycle {
			row = append(row, p.cycleState(s, m.ID))
		}
		t.Rows = append(t.Rows, row)
	}
	p.add(document.Block{Table: t})
	p.coach(s)
}

func (p *page) cycleState(s *obd.Scan, id obd.MonitorID) document.Cell {
	i := slices.IndexFunc(s.Readiness.ThisCycle, func(m obd.Monitor) bool { return m.ID == id })
	if i < 0 || !s.Readiness.ThisCycle[i].Supported {
		return words("–")
	}
	c := p.monitorState(s.Readiness.ThisCycle[i])
	if c.Level != document.Good {
		c.Level = document.None // open in one drive says nothing bad
	}
	return c
}

func (p *page) monitorState(m obd.Monitor) document.Cell {
	if m.Complete {
		return badge(document.Good, p.t("word.complete"))
	}
	return badge(document.Medium, p.t("word.open"))
}

func (p *page) monitor(id obd.MonitorID) string { return monitorName(p.w, id) }

func monitorName(w *lang.Words, id obd.MonitorID) string {
	if key := "monitor." + string(id); w.Has(key) {
		return w.T(key)
	}
	return string(id)
}

// coach tells which drive completes each open monitor.
func (p *page) coach(s *obd.Scan) {
	if len(s.Assessment.Coach) == 0 {
		return
	}
	p.heading(p.t("coach.title"))
	p.say(p.t("coach.intro"))
	t := &document.Table{ID: "coach", Title: p.t("coach.title"), Columns: []document.Column{
		{ID: "monitor", Title: p.t("col.monitor"), Kind: document.Words, Weight: 1},
		{ID: "drive", Title: p.t("col.drive"), Kind: document.Words, Weight: 3},
	}}
	for _, c := range s.Assessment.Coach {
		advice := c.Advice
		if key := "coach." + string(c.Monitor); p.w.Has(key) {
			advice = p.t(key, p.coachFigures()...)
		}
		t.Rows = append(t.Rows, []document.Cell{strong(p.monitor(c.Monitor)), words(advice)})
		if c.Blocked != "" {
			if t.Notes == nil {
				t.Notes = map[int]string{}
			}
			note := p.t("coach.blocked")
			if p.w.Tag() == "en" && !p.o.Imperial {
				note += " " + sentence(c.Blocked)
			}
			t.Notes[len(t.Rows)-1] = note
		}
	}
	p.add(document.Block{Table: t})
}

// coachFigures are the speeds and temperatures of the drives in the reader's units.
func (p *page) coachFigures() []any {
	var out []any
	speed := func(name string, kmh, mph float64) {
		if p.o.Imperial {
			kmh = mph
		}
		out = append(out, name, p.w.Number(kmh, 0))
	}
	for _, v := range []struct {
		name     string
		kmh, mph float64
	}{{"v30", 30, 20}, {"v50", 50, 30}, {"v70", 70, 45}, {"v80", 80, 50}, {"v90", 90, 55}, {"v100", 100, 60}, {"v110", 110, 70}} {
		speed(v.name, v.kmh, v.mph)
	}
	return append(out, "speed", p.symbol("km/h"),
		"cold", asText(p.value(5, "Cel", 0)), "mild", asText(p.value(35, "Cel", 0)))
}
