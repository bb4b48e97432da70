package text

import (
	"fmt"
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/obd"
)

// Compare lays out what changed from one scan to a later one.
func Compare(r compare.Result, o Options) *Page {
	p := NewPage(o.Width)
	compareVerdict(p, r, o)
	compareCodes(p, r)
	compareFrames(p, r)
	compareMonitors(p, r, o)
	compareTests(p, r, o)
	compareSignals(p, r)
	for _, s := range r.Software {
		p.Section("Software changed", T(Faint, "ECU %s", s.ECU))
		p.Line(2, C("%s", calibrations(s.Before)), T(Faint, "→"), C("%s", calibrations(s.After)))
	}
	return p
}

// answers say the verdict in words, with the tone of what it means.
var answers = map[compare.Answer]struct {
	tone Tone
	text string
}{
	compare.Fixed:     {Good, "✓ REPAIRED: the codes are gone and the car has tested itself"},
	compare.Unproven:  {Warn, "● NOT PROVEN YET: the codes are gone, the car has yet to test itself"},
	compare.Improved:  {Warn, "● BETTER: some codes are gone, others stay"},
	compare.Unchanged: {Faint, "= UNCHANGED"},
	compare.Worse:     {Bad, "✗ WORSE: something new is wrong"},
	compare.Unknown:   {Warn, "? UNKNOWN: the scans do not allow a verdict"},
}

func compareVerdict(p *Page, r compare.Result, o Options) {
	a := answers[r.Verdict.Answer]
	p.Section("Verdict", T(Faint, "%s → %s", minute(r.Before.At, o.Zone), minute(r.After.At, o.Zone)))
	p.Line(2, T(a.tone, "%s", a.text))
	for _, why := range r.Verdict.Reasons {
		p.Line(4, C("%s", why.Text))
	}
}

func compareCodes(p *Page, r compare.Result) {
	if len(r.Codes) == 0 {
		return
	}
	p.Section("Trouble codes")
	var rows [][]Cell
	for _, c := range r.Codes {
		change := changeCell(c.Change)
		if c.Remains {
			change = T(Good, "✓ permanent only")
		}
		rows = append(rows, []Cell{change, T(Strong, "%s", c.Code), C("%s", c.ECU), C("%s → %s", kinds(c.Before), kinds(c.After)), C("%s", c.Description)})
	}
	p.Table(2, rows)
}

func changeCell(c compare.Change) Cell {
	return map[compare.Change]Cell{
		compare.Gone: T(Good, "✓ gone"), compare.New: T(Bad, "✗ new"), compare.Kept: T(Warn, "= still there"), compare.Blind: T(Warn, "? not read"),
	}[c]
}

func compareFrames(p *Page, r compare.Result) {
	if len(r.FreezeFrames) == 0 {
		return
	}
	p.Section("Freeze frames")
	var rows [][]Cell
	for _, f := range r.FreezeFrames {
		frame, change := f.After, changeCell(f.Change)
		if frame == nil {
			frame = f.Before
		}
		if f.Renewed {
			change = T(Bad, "✗ stored again")
		}
		rows = append(rows, []Cell{change, T(Strong, "%s", f.Code), C("%s", f.ECU), C("%s", situation(frame))})
	}
	p.Table(2, rows)
}

// situation is where the car was when a frame was stored: a few of its values.
func situation(f *obd.FreezeFrame) string {
	var list []string
	for _, id := range []string{"RPM", "VSS", "LOAD_PCT", "ECT"} {
		for _, r := range f.Readings {
			if r.Signal == id && !r.Absent {
				list = append(list, strings.TrimSpace(fmt.Sprintf("%s %.4g %s", id, r.Value, unit.Symbol(r.Unit))))
			}
		}
	}
	return strings.Join(list, ", ")
}

func kinds(all []obd.CodeKind) string {
	if len(all) == 0 {
		return "-"
	}
	words := make([]string, len(all))
	for i, k := range all {
		words[i] = string(k)
	}
	return strings.Join(words, "+")
}

func compareMonitors(p *Page, r compare.Result, o Options) {
	var rows [][]Cell
	for _, m := range r.Monitors {
		if m.Before == m.After && !o.All {
			continue
		}
		after := C("%s", m.After)
		switch m.After {
		case "complete":
			after = T(Good, "complete")
		case "open":
			after = T(Warn, "open")
		}
		rows = append(rows, []Cell{C("%s", strings.ReplaceAll(string(m.Monitor), "_", " ")), T(Faint, "%s", m.Before), T(Faint, "→"), after})
	}
	if len(rows) > 0 {
		p.Section("Readiness")
		p.Table(2, rows)
	}
}

func compareTests(p *Page, r compare.Result, o Options) {
	var rows [][]Cell
	for _, t := range r.Tests {
		if (t.Move == "same" || t.Move == "") && !o.All {
			continue
		}
		move := map[string]Cell{
			"fails_now": T(Bad, "✗ fails now"), "passes_now": T(Good, "✓ passes again"), "worse": T(Warn, "▼ nearer to its limit"), "better": T(Good, "▲ further from its limit"),
		}[t.Move]
		rows = append(rows, []Cell{move, R("%s", marginOf(t.Before)), T(Faint, "→"), R("%s", marginOf(t.After)), C("%s", strings.TrimSpace(t.Name+" "+t.TestName))})
	}
	if len(rows) > 0 {
		p.Section("Monitor tests", T(Faint, "margin to the limit"))
		p.Table(2, rows)
	}
}

func marginOf(t *compare.TestResult) string {
	switch {
	case t == nil:
		return "-"
	case t.Margin == nil:
		return fmt.Sprintf("%.4g", t.Value)
	}
	return fmt.Sprintf("%.0f %%", 100**t.Margin)
}

func compareSignals(p *Page, r compare.Result) {
	if len(r.Signals) == 0 {
		return
	}
	p.Section("Fuel trims and voltage", T(Faint, "mean"))
	var rows [][]Cell
	for _, s := range r.Signals {
		rows = append(rows, []Cell{T(Strong, "%s", s.Signal), R("%s", meanOf(s.Before, s.Unit)), T(Faint, "→"), R("%s", meanOf(s.After, s.Unit)), T(Faint, "%s", s.Name)})
	}
	p.Table(2, rows)
}

func meanOf(s *compare.Statistics, unit string) string {
	if s == nil {
		return "-"
	}
	return strings.TrimSpace(fmt.Sprintf("%.1f %s", s.Mean, unit))
}

func calibrations(all []obd.Calibration) string {
	var words []string
	for _, c := range all {
		words = append(words, strings.TrimSpace(c.ID+" "+c.CVN))
	}
	return strings.Join(words, ", ")
}
