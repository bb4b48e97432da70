package report

import (
	"strings"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/lang"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// comparison is the page that shows a customer what a repair did.
func comparison(p *page) {
	if p.in.Result == nil {
		r := compare.Scans(p.in.Before, p.in.After)
		p.in.Result = &r
	}
	r := p.in.Result
	p.head(p.in.After)
	p.doc.Vehicle.Facts = append(p.doc.Vehicle.Facts,
		document.Fact{Name: p.t("compare.before"), Cell: p.when(r.Before.At)},
		document.Fact{Name: p.t("compare.after"), Cell: p.when(r.After.At)})
	p.section("verdict")
	p.compareVerdict(r)
	p.compareTiles(r)
	p.codeChanges(r)
	p.frameMoves(r)
	p.monitorMoves(r)
	p.testMoves(r)
	p.signalMoves(r)
	p.software(r)
	p.pictures()
	p.notes()
	p.unread(p.in.After)
	p.section("signatures")
	p.add(document.Block{Sign: []string{p.t("sign.mechanic"), p.t("sign.date"), p.t("sign.customer")}})
}

var answerLevels = map[compare.Answer]document.Level{
	compare.Fixed: document.Good, compare.Unproven: document.Info, compare.Improved: document.Medium,
	compare.Unchanged: document.Info, compare.Worse: document.High, compare.Unknown: document.Info,
}

func (p *page) compareVerdict(r *compare.Result) {
	words := []string{p.t("compare.answer." + string(r.Verdict.Answer) + "_means")}
	for _, reason := range r.Verdict.Reasons {
		words = append(words, Reason(p.w, reason))
	}
	p.callout(answerLevels[r.Verdict.Answer], p.t("compare.answer."+string(r.Verdict.Answer)), words...)
}

// Reason says a reason of a verdict in a language, where there are words for it.
func Reason(w *lang.Words, r compare.Reason) string {
	key := "compare.reason." + r.ID
	if !w.Has(key) {
		return r.Text
	}
	values := r.Values
	if r.ID == "monitors_open" && len(values) == 1 {
		values = []string{monitorList(w, values[0])}
	}
	var pairs []any
	for i, v := range values {
		pairs = append(pairs, string(rune('a'+i)), v)
	}
	return w.T(key, pairs...)
}

// monitorList translates the names that a reason joined.
func monitorList(w *lang.Words, joined string) string {
	var out []string
	for name := range strings.SplitSeq(joined, ", ") {
		out = append(out, monitorName(w, obd.MonitorID(strings.ReplaceAll(name, " ", "_"))))
	}
	return w.List(out)
}

// compareTiles put before and after beside each other.
func (p *page) compareTiles(r *compare.Result) {
	onOff := func(on bool) string {
		if on {
			return capital(p.t("word.on"))
		}
		return capital(p.t("word.off"))
	}
	lamp := document.Tile{Name: p.t("tile.lamp"), Value: onOff(r.Before.MIL) + " → " + onOff(r.After.MIL), Level: document.Good}
	if r.After.MIL {
		lamp.Level = document.High
	}
	count := func(n int) string { return p.w.Number(float64(n), 0) }
	codes := document.Tile{Name: p.t("tile.codes"), Value: count(r.Before.Codes) + " → " + count(r.After.Codes), Level: document.Good}
	if r.After.Codes > 0 {
		codes.Level = document.Medium
	}
	b, a := p.in.Before.Readiness.SinceClear, p.in.After.Readiness.SinceClear
	ready := document.Tile{Name: p.t("tile.readiness"), Level: document.Good, Note: p.n("tile.of_monitors", supported(a)),
		Value: count(supported(b)-len(openMonitors(b))) + " → " + count(supported(a)-len(openMonitors(a)))}
	if len(openMonitors(a)) > 0 {
		ready.Level = document.Medium
	}
	tests := document.Tile{Name: p.t("tile.failed_tests"), Value: count(failedTests(p.in.Before)) + " → " + count(failedTests(p.in.After)), Level: document.Good}
	if failedTests(p.in.After) > 0 {
		tests.Level = document.High
	}
	p.add(document.Block{Tiles: []document.Tile{lamp, codes, ready, tests}})
}

func (p *page) change(c compare.Change) document.Cell {
	level := map[compare.Change]document.Level{compare.Gone: document.Good, compare.New: document.High, compare.Kept: document.Medium, compare.Blind: document.None}[c]
	return badge(level, p.t("compare.change."+string(c)))
}

func (p *page) codeChanges(r *compare.Result) {
	p.section("codes")
	if len(r.Codes) == 0 {
		p.say(p.t("compare.no_codes"))
		return
	}
	p.catalogue = true
	t := &document.Table{ID: "codes", Title: p.t("section.codes"), Columns: []document.Column{
		{ID: "code", Title: p.t("col.code"), Kind: document.Code},
		{ID: "change", Title: p.t("col.change"), Kind: document.Badge},
		{ID: "meaning", Title: p.t("col.meaning"), Kind: document.Words, Weight: 2},
		{ID: "before", Title: p.t("compare.before"), Kind: document.Words, Weight: 1},
		{ID: "after", Title: p.t("compare.after"), Kind: document.Words, Weight: 1},
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Code},
	}}
	for i, c := range r.Codes {
		t.Rows = append(t.Rows, []document.Cell{
			strong(c.Code), p.change(c.Change), words(dash(c.Description)), words(dash(p.kinds(c.Before))), words(dash(p.kinds(c.After))), words(dash(c.ECU.String())),
		})
		if c.Remains {
			if t.Notes == nil {
				t.Notes = map[int]string{}
			}
			t.Notes[i] = p.t("compare.remains")
		}
	}
	p.add(document.Block{Table: t})
}

func (p *page) monitorMoves(r *compare.Result) {
	if len(r.Monitors) == 0 {
		return
	}
	p.section("readiness")
	t := &document.Table{ID: "readiness", Title: p.t("section.readiness"), Columns: []document.Column{
		{ID: "monitor", Title: p.t("col.monitor"), Kind: document.Words, Weight: 2},
		{ID: "before", Title: p.t("compare.before"), Kind: document.Badge},
		{ID: "after", Title: p.t("compare.after"), Kind: document.Badge},
	}}
	state := func(s string) document.Cell {
		switch s {
		case "complete":
			return badge(document.Good, p.t("word.complete"))
		case "open":
			return badge(document.Medium, p.t("word.open"))
		}
		return words("–")
	}
	for _, m := range r.Monitors {
		t.Rows = append(t.Rows, []document.Cell{words(p.monitor(m.Monitor)), state(m.Before), state(m.After)})
	}
	p.add(document.Block{Table: t})
	p.coach(p.in.After)
}

// testMoves shows the margins of the car's own tests before and after.
func (p *page) testMoves(r *compare.Result) {
	if len(r.Tests) == 0 {
		return
	}
	p.section("tests")
	p.catalogue = true
	p.say(p.t("compare.tests"))
	c := &chart.Chart{Kind: chart.Limits, Alt: p.t("tests.alt")}
	t := &document.Table{ID: "tests", Title: p.t("section.tests"), Columns: []document.Column{
		{ID: "test", Title: p.t("col.test"), Kind: document.Words, Weight: 3},
		{ID: "before", Title: p.t("compare.before"), Kind: document.Number},
		{ID: "after", Title: p.t("compare.after"), Kind: document.Number},
		{ID: "limits", Title: p.t("col.limits"), Kind: document.Words},
		{ID: "move", Title: p.t("col.change"), Kind: document.Badge},
	}}
	for _, m := range r.Tests {
		t.Rows = append(t.Rows, p.testMove(m))
		if m.After != nil && m.After.Margin != nil && isFinite(m.After.Value) && isLimit(m.After.Min) && isLimit(m.After.Max) && len(c.Margins) < mostBars {
			bar := p.marginBar(asTest(m, m.After))
			if m.Before != nil && isFinite(m.Before.Value) {
				v, _ := p.convert(m.Before.Value, m.Unit)
				bar.Before = &v
			}
			c.Margins = append(c.Margins, bar)
		}
	}
	if len(c.Margins) > 0 {
		p.add(document.Block{Chart: c})
	}
	p.add(document.Block{Table: t})
}

func asTest(m compare.TestChange, r *compare.TestResult) obd.MonitorTest {
	return obd.MonitorTest{ECU: m.ECU, MID: m.MID, TID: m.TID, Name: m.Name, TestName: m.TestName, Unit: m.Unit,
		Value: r.Value, Min: r.Min, Max: r.Max, Margin: r.Margin, Passed: r.Passed}
}

func (p *page) testMove(m compare.TestChange) []document.Cell {
	name := capital(testName(obd.MonitorTest{MID: m.MID, TID: m.TID, Name: m.Name, TestName: m.TestName}))
	if m.Name != "" && m.TestName != "" {
		name += ": " + m.TestName
	}
	row := []document.Cell{words(name), words("–"), words("–"), words("–"), words("–")}
	for i, side := range []*compare.TestResult{m.Before, m.After} {
		if side != nil {
			row[1+i] = p.value(side.Value, m.Unit, -1)
			row[3] = words(p.range2(side.Min, side.Max, m.Unit))
		}
	}
	levels := map[string]document.Level{"fails_now": document.High, "worse": document.Medium, "passes_now": document.Good, "better": document.Good, "same": document.None}
	if m.Move != "" {
		row[4] = badge(levels[m.Move], p.t("compare.move."+m.Move))
	}
	return row
}

// range2 writes two limits, either of which may be missing.
func (p *page) range2(low, high *float64, unit string) string {
	switch {
	case low != nil && high != nil:
		return p.plainValue(*low, unit, -1).Text + " … " + asText(p.value(*high, unit, -1))
	case low != nil:
		return "≥ " + asText(p.value(*low, unit, -1))
	case high != nil:
		return "≤ " + asText(p.value(*high, unit, -1))
	}
	return "–"
}

func (p *page) signalMoves(r *compare.Result) {
	if len(r.Signals) == 0 {
		return
	}
	p.section("trims")
	t := &document.Table{ID: "trims", Title: p.t("section.trims"), Columns: []document.Column{
		{ID: "signal", Title: p.t("col.signal"), Kind: document.Words, Weight: 2},
		{ID: "before", Title: p.t("compare.before"), Kind: document.Number},
		{ID: "after", Title: p.t("compare.after"), Kind: document.Number},
		{ID: "range_before", Title: p.t("col.range_before"), Kind: document.Words},
		{ID: "range_after", Title: p.t("col.range_after"), Kind: document.Words},
	}}
	for _, s := range r.Signals {
		name := s.Name
		if s.Signal == compare.SupplyVoltage {
			name = p.t("tile.voltage")
		} else if twice(r.Signals, s.Name) {
			name += " (" + s.ECU.String() + ")"
		}
		row := []document.Cell{words(dash(name)), words("–"), words("–"), words("–"), words("–")}
		for i, side := range []*compare.Statistics{s.Before, s.After} {
			if side != nil {
				row[1+i] = p.value(side.Mean, s.Unit, 1)
				row[3+i] = words(p.plainValue(side.Min, s.Unit, 1).Text + " … " + p.plainValue(side.Max, s.Unit, 1).Text)
			}
		}
		t.Rows = append(t.Rows, row)
	}
	p.add(document.Block{Table: t})
}

// twice tells that several control units give the same signal.
func twice(all []compare.SignalChange, name string) bool {
	n := 0
	for _, s := range all {
		if s.Name == name {
			n++
		}
	}
	return n > 1
}

func (p *page) software(r *compare.Result) {
	if len(r.Software) == 0 {
		return
	}
	p.section("software")
	p.say(p.t("compare.software"))
	t := &document.Table{ID: "software", Title: p.t("section.software"), Columns: []document.Column{
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Words, Weight: 1},
		{ID: "before", Title: p.t("compare.before"), Kind: document.Words, Weight: 2},
		{ID: "after", Title: p.t("compare.after"), Kind: document.Words, Weight: 2},
	}}
	list := func(all []obd.Calibration) string {
		var out []string
		for _, c := range all {
			out = append(out, strings.TrimSpace(c.ID+" "+c.CVN))
		}
		return strings.Join(out, ", ")
	}
	for _, s := range r.Software {
		t.Rows = append(t.Rows, []document.Cell{words(strings.TrimSpace(s.Name + " " + s.ECU.String())), words(list(s.Before)), words(list(s.After))})
	}
	p.add(document.Block{Table: t})
}
