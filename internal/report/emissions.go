package report

import (
	"slices"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// emissions is the page for an inspection: the verdict by its rule, readiness, permanent codes, in-use counters, software.
func emissions(p *page) {
	s := p.in.Scan
	p.head(s)
	p.section("inspection")
	p.inspection(s)
	p.add(document.Block{Tiles: []document.Tile{p.lampTile(s), p.codesTile(s), p.permanentTile(s), p.readinessTile(s)}})
	p.small(p.t("inspection.rule"))
	p.codesBrief(s)
	p.readiness(s)
	p.cleared(s)
	p.tests(s)
	p.inUse(s)
	p.ecus(s)
	p.unread(s)
	p.section("signatures")
	p.add(document.Block{Sign: []string{p.t("sign.inspector"), p.t("sign.date"), p.t("sign.customer")}})
}

// inspection says whether the vehicle would pass, and why.
func (p *page) inspection(s *obd.Scan) {
	level, key := document.Info, "unknown"
	switch s.Assessment.Inspection.Verdict {
	case obd.Pass:
		level, key = document.Good, "pass"
	case obd.Fail:
		level, key = document.High, "fail"
	}
	p.callout(level, p.t("inspection."+key), p.inspectionReasons(s)...)
}

func (p *page) inspectionReasons(s *obd.Scan) []string {
	var out []string
	switch {
	case s.MIL:
		out = append(out, p.t("inspection.lamp_on"))
	case read(s, obd.StepReadiness):
		out = append(out, p.t("inspection.lamp_off"))
	default:
		out = append(out, p.t("inspection.lamp_unread"))
	}
	counted, open := 0, []string{}
	for _, m := range s.Readiness.SinceClear {
		if !m.Supported || m.ID == obd.MonitorMisfire || m.ID == obd.MonitorFuelSystem || m.ID == obd.MonitorComponents {
			continue
		}
		counted++
		if !m.Complete {
			open = append(open, p.monitor(m.ID))
		}
	}
	switch {
	case counted == 0:
		out = append(out, p.t("inspection.no_monitors"))
	case len(open) == 0:
		out = append(out, p.n("inspection.all_complete", counted))
	default:
		out = append(out, p.n("inspection.open", len(open), "all", counted, "names", p.w.List(open)))
	}
	if s.Vehicle.ModelYear == 0 && len(open) > 0 {
		out = append(out, p.t("inspection.no_year"))
	}
	if codes := permanent(s); len(codes) > 0 {
		out = append(out, p.t("inspection.permanent", "codes", p.w.List(codes)))
	}
	return out
}

func permanent(s *obd.Scan) []string {
	var out []string
	for _, c := range s.Codes {
		if c.Kind == obd.Permanent && !slices.Contains(out, c.Code) {
			out = append(out, c.Code)
		}
	}
	return out
}

func (p *page) permanentTile(s *obd.Scan) document.Tile {
	n := len(permanent(s))
	t := document.Tile{Name: p.t("tile.permanent"), Value: p.w.Number(float64(n), 0), Level: document.Good}
	switch {
	case n > 0:
		t.Level = document.Medium
	case !read(s, obd.StepPermanent):
		t.Value, t.Level = "–", document.None
	}
	return t
}

// codesBrief is the table of codes without their explanation.
func (p *page) codesBrief(s *obd.Scan) {
	p.codes(s)
	blocks := p.now.Blocks[:0]
	for _, b := range p.now.Blocks {
		if b.Table != nil || len(p.now.Blocks) == 1 {
			blocks = append(blocks, b)
		}
	}
	p.now.Blocks = blocks
}

// cleared says whether somebody cleared the codes shortly before.
func (p *page) cleared(s *obd.Scan) {
	p.section("cleared")
	answer := s.Assessment.RecentlyCleared.Answer
	level := document.Info
	switch answer {
	case "unlikely":
		level = document.Good
	case "yes", "likely":
		level = document.Medium
	default:
		answer = "unknown"
	}
	p.callout(level, p.t("cleared."+answer), p.t("cleared.why"))
	var facts []document.Fact
	for _, c := range []struct{ id, key string }{{"CLR_DIST", "distance"}, {"WARM_UPS", "warm_ups"}, {"CLR_TIME", "time"}} {
		if r, ok := signal(s, c.id); ok {
			facts = append(facts, document.Fact{Name: p.t("cleared." + c.key), Cell: p.value(r.Value, r.Unit, 0)})
		}
	}
	if len(facts) > 0 {
		p.add(document.Block{Facts: facts})
	}
}

// inUse is how often monitors ran while the car was driven.
func (p *page) inUse(s *obd.Scan) {
	p.section("in_use")
	t := &document.Table{ID: "in_use", Title: p.t("section.in_use"), Columns: []document.Column{
		{ID: "monitor", Title: p.t("col.monitor"), Kind: document.Words, Weight: 2},
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Code},
		{ID: "completions", Title: p.t("col.completions"), Kind: document.Number},
		{ID: "conditions", Title: p.t("col.conditions"), Kind: document.Number},
		{ID: "ratio", Title: p.t("col.ratio"), Kind: document.Number, Digits: 2},
	}}
	c := &chart.Chart{Kind: chart.Columns, Alt: p.t("in_use.alt")}
	one := 1.0
	c.X = chart.Axis{Max: &one}
	for _, e := range s.ECUs {
		if e.InUse == nil {
			continue
		}
		for _, n := range e.InUse.Counters {
			if n.Conditions == 0 {
				continue
			}
			ratio := float64(n.Completions) / float64(n.Conditions)
			t.Rows = append(t.Rows, []document.Cell{
				words(capital(n.Name)), words(e.Address.String()), p.count(int(n.Completions)), p.count(int(n.Conditions)), p.number(ratio, 2),
			})
			c.Bars = append(c.Bars, chart.Bar{Name: capital(n.Name), Value: ratio, Text: p.w.Number(ratio, 2)})
		}
	}
	if len(t.Rows) > 0 {
		p.catalogue = true
		p.say(p.t("in_use.intro"))
		p.add(document.Block{Chart: c})
		p.add(document.Block{Table: t})
	}
}
