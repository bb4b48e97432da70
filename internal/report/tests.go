package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

func failedTests(s *obd.Scan) int {
	n := 0
	for _, t := range s.Tests {
		if !t.NotRun && !t.Passed {
			n++
		}
	}
	return n
}

// closeMargin is the margin below which a passed test is worth a look, as the assessment has it.
const closeMargin = 0.1

func testLevel(t obd.MonitorTest) document.Level {
	switch {
	case t.NotRun:
		return document.None
	case !t.Passed:
		return document.High
	case t.Margin != nil && *t.Margin < closeMargin:
		return document.Medium
	}
	return document.Good
}

// tests is the chapter of the car's own tests: margins as bars, then the table.
func (p *page) tests(s *obd.Scan) {
	if len(s.Tests) == 0 {
		return
	}
	p.section("tests")
	p.catalogue = true
	list := slices.Clone(s.Tests)
	slices.SortStableFunc(list, func(a, b obd.MonitorTest) int {
		return cmp.Or(cmp.Compare(rank(testLevel(b)), rank(testLevel(a))), cmp.Compare(margin(a), margin(b)))
	})
	p.say(p.testsIntro(list))
	p.marginChart(list)
	p.testsTable(s, list)
}

func (p *page) testsIntro(list []obd.MonitorTest) string {
	run, failed, near := 0, 0, 0
	for _, t := range list {
		switch {
		case t.NotRun:
			continue
		case !t.Passed:
			failed++
		case t.Margin != nil && *t.Margin < closeMargin:
			near++
		}
		run++
	}
	words := []string{p.t("tests.intro")}
	if failed > 0 {
		words = append(words, p.n("tests.failed", failed))
	}
	if near > 0 {
		words = append(words, p.n("tests.near", near))
	}
	if failed == 0 && near == 0 && run > 0 {
		words = append(words, p.n("tests.fine", run))
	}
	return strings.Join(words, " ")
}

// margin orders tests; those without one come last.
func margin(t obd.MonitorTest) float64 {
	if t.Margin == nil || t.NotRun {
		return 1e9
	}
	return *t.Margin
}

// mostBars is how many tests a chart shows; the table has all.
const mostBars = 10

func (p *page) marginChart(list []obd.MonitorTest) {
	c := &chart.Chart{Kind: chart.Limits, Alt: p.t("tests.alt")}
	for _, t := range list {
		if t.NotRun || t.Margin == nil || !isFinite(t.Value) || !isLimit(t.Min) || !isLimit(t.Max) || len(c.Margins) == mostBars {
			continue
		}
		c.Margins = append(c.Margins, p.marginBar(t))
	}
	if len(c.Margins) > 0 {
		p.add(document.Block{Chart: c})
	}
}

func isFinite(v float64) bool { return !math.IsNaN(v) && math.Abs(v) < 1e300 }

func isLimit(v *float64) bool { return v == nil || isFinite(*v) }

func (p *page) marginBar(t obd.MonitorTest) chart.Margin {
	m := chart.Margin{Name: capital(testName(t)), Note: t.TestName, Level: testLevel(t).Chart(), Text: p.limits(t)}
	m.Value, _ = p.convert(t.Value, t.Unit)
	if t.Min != nil {
		v, _ := p.convert(*t.Min, t.Unit)
		m.Min = &v
	}
	if t.Max != nil {
		v, _ := p.convert(*t.Max, t.Unit)
		m.Max = &v
	}
	return m
}

func testName(t obd.MonitorTest) string {
	switch {
	case t.Name != "":
		return t.Name
	case t.TestName != "":
		return t.TestName
	}
	return testID(t)
}

// testID is the test as scan tools number it: OBDMID and TID.
func testID(t obd.MonitorTest) string {
	if t.MID != nil {
		return fmt.Sprintf("%02X/%02X", *t.MID, t.TID)
	}
	return fmt.Sprintf("%02X", t.TID)
}

// limits writes value and limits: "0.46 V (0.36 … 0.60)".
func (p *page) limits(t obd.MonitorTest) string {
	digits := p.testDigits(t)
	text := asText(p.value(t.Value, t.Unit, digits))
	low, high := "", ""
	if t.Min != nil {
		low = p.plainValue(*t.Min, t.Unit, digits).Text
	}
	if t.Max != nil {
		high = p.plainValue(*t.Max, t.Unit, digits).Text
	}
	switch {
	case low != "" && high != "":
		return text + " (" + low + " … " + high + ")"
	case low != "":
		return text + " (≥ " + low + ")"
	case high != "":
		return text + " (≤ " + high + ")"
	}
	return text
}

func (p *page) testsTable(s *obd.Scan, list []obd.MonitorTest) {
	t := &document.Table{ID: "tests", Title: p.t("section.tests"), Columns: []document.Column{
		{ID: "test", Title: p.t("col.test"), Kind: document.Words, Weight: 3},
		{ID: "id", Title: p.t("col.id"), Kind: document.Code},
		{ID: "value", Title: p.t("col.value"), Kind: document.Number},
		{ID: "min", Title: p.t("col.min"), Kind: document.Number},
		{ID: "max", Title: p.t("col.max"), Kind: document.Number},
		{ID: "margin", Title: p.t("col.margin"), Unit: "%", Kind: document.Number},
		{ID: "result", Title: p.t("col.result"), Kind: document.Badge},
	}}
	manyUnits := len(s.ECUs) > 1
	for _, m := range list {
		name := capital(testName(m))
		if m.TestName != "" && m.Name != "" {
			name += ": " + m.TestName
		}
		if manyUnits {
			name += " (" + m.ECU.String() + ")"
		}
		digits := p.testDigits(m)
		row := []document.Cell{words(name), words(testID(m)), p.value(m.Value, m.Unit, digits), p.limit(m.Min, m.Unit, digits), p.limit(m.Max, m.Unit, digits), words("–"), p.result(m)}
		if m.Margin != nil && !m.NotRun {
			row[5] = p.number(*m.Margin*100, 0)
		}
		if m.NotRun {
			row[2] = words("–")
		}
		t.Rows = append(t.Rows, row)
	}
	p.add(document.Block{Table: t})
	p.small(p.t("tests.note"))
}

func (p *page) limit(v *float64, unit string, digits int) document.Cell {
	if v == nil {
		return words("–")
	}
	return p.value(*v, unit, digits)
}

// testDigits gives value and limits of a test the same digits, by the largest of them.
func (p *page) testDigits(t obd.MonitorTest) int {
	largest, whole := 0.0, true
	for _, v := range []*float64{&t.Value, t.Min, t.Max} {
		if v != nil {
			shown, _ := p.convert(*v, t.Unit)
			largest = math.Max(largest, math.Abs(shown))
			whole = whole && shown == math.Trunc(shown)
		}
	}
	if whole {
		return 0
	}
	return sensible(largest + 1e-9) // not whole, whatever the largest is
}

func (p *page) result(t obd.MonitorTest) document.Cell {
	switch l := testLevel(t); l {
	case document.None:
		return badge(l, p.t("word.not_run"))
	case document.High:
		return badge(l, p.t("word.failed"))
	case document.Medium:
		return badge(l, p.t("word.close"))
	}
	return badge(document.Good, p.t("word.passed"))
}
