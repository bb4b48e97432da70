package text

import (
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
)

// monitorNames are the readiness monitors in the order that inspection sheets use.
var monitorNames = []struct {
	id   obd.MonitorID
	name string
}{
	{obd.MonitorMisfire, "Misfire"},
	{obd.MonitorFuelSystem, "Fuel system"},
	{obd.MonitorComponents, "Components"},
	{obd.MonitorCatalyst, "Catalyst"},
	{obd.MonitorHeatedCat, "Heated catalyst"},
	{obd.MonitorEvap, "Evaporative system"},
	{obd.MonitorSecondaryAir, "Secondary air"},
	{obd.MonitorACRefrigerant, "A/C refrigerant or gasoline particulate filter"},
	{obd.MonitorOxygenSensor, "Oxygen sensor"},
	{obd.MonitorOxygenHeater, "Oxygen sensor heater"},
	{obd.MonitorEGR, "EGR / variable valve timing"},
	{obd.MonitorNMHCCatalyst, "NMHC catalyst"},
	{obd.MonitorNOxSCR, "NOx aftertreatment"},
	{obd.MonitorBoost, "Boost pressure"},
	{obd.MonitorExhaustGas, "Exhaust gas sensor"},
	{obd.MonitorPMFilter, "Particulate filter"},
}

// MonitorName names a readiness monitor for people.
func MonitorName(id obd.MonitorID) string {
	for _, m := range monitorNames {
		if m.id == id {
			return m.name
		}
	}
	return string(id)
}

func readiness(p *Page, s *obd.Scan) {
	verdict := s.Assessment.Inspection
	if len(s.Readiness.SinceClear) == 0 && verdict.Verdict == "" {
		return
	}
	p.Section("Readiness", verdictCell(verdict))
	for _, r := range verdict.Reasons {
		p.Line(2, C(r))
	}
	var rows [][]Cell
	for _, m := range monitorNames {
		since, ok := find(s.Readiness.SinceClear, m.id)
		if !ok || !since.Supported {
			continue
		}
		row := []Cell{C(m.name), completeCell(since)}
		if cycle, ok := find(s.Readiness.ThisCycle, m.id); ok && cycle.Supported {
			row = append(row, T(Faint, "this cycle: %s", completeWord(cycle.Complete)))
		}
		rows = append(rows, row)
	}
	p.Table(2, rows)
	coach(p, s)
}

func verdictCell(i obd.Inspection) Cell {
	switch i.Verdict {
	case obd.Pass:
		return T(Good, "✓ inspection: would pass (%s)", i.Rule)
	case obd.Fail:
		return T(Bad, "✗ inspection: would fail (%s)", i.Rule)
	}
	return T(Warn, "? inspection: cannot be told")
}

func find(all []obd.Monitor, id obd.MonitorID) (obd.Monitor, bool) {
	i := slices.IndexFunc(all, func(m obd.Monitor) bool { return m.ID == id })
	if i < 0 {
		return obd.Monitor{}, false
	}
	return all[i], true
}

func completeWord(complete bool) string {
	if complete {
		return "complete"
	}
	return "open"
}

func completeCell(m obd.Monitor) Cell {
	if m.Complete {
		return T(Good, "✓ complete")
	}
	return T(Warn, "○ open")
}

func coach(p *Page, s *obd.Scan) {
	if len(s.Assessment.Coach) == 0 {
		return
	}
	p.Section("To complete the open monitors")
	var rows [][]Cell
	for _, c := range s.Assessment.Coach {
		advice := c.Advice
		if c.Blocked != "" {
			advice += " Not now: " + c.Blocked
		}
		rows = append(rows, []Cell{T(Strong, "%s", MonitorName(c.Monitor)), C(advice)})
	}
	p.Table(2, rows)
}

func tests(p *Page, s *obd.Scan, o Options) {
	if len(s.Tests) == 0 {
		return
	}
	ran, failed := 0, 0
	for _, t := range s.Tests {
		if !t.NotRun {
			ran++
			if !t.Passed {
				failed++
			}
		}
	}
	p.Section("Monitor tests", T(toneIf(failed > 0, Bad), "%d run, %d failed, %d close to their limit",
		ran, failed, len(s.Assessment.CloseToLimit)))
	if rows := testRows(s, o); len(rows) > 0 {
		p.Table(2, rows)
	}
}

func toneIf(cond bool, t Tone) Tone {
	if cond {
		return t
	}
	return Plain
}

// testRows shows every test with All, otherwise the failed ones and those close to their limit.
func testRows(s *obd.Scan, o Options) [][]Cell {
	var rows [][]Cell
	for _, t := range s.Tests {
		near := slices.ContainsFunc(s.Assessment.CloseToLimit, func(c obd.CloseCall) bool {
			return c.ECU == t.ECU && c.TID == t.TID && sameByte(c.MID, t.MID)
		})
		if !o.All && (t.NotRun || t.Passed && !near) {
			continue
		}
		rows = append(rows, testRow(t, near, o.Imperial))
	}
	return rows
}

func sameByte(a, b *uint8) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

func testRow(t obd.MonitorTest, near, imperial bool) []Cell {
	state := T(Good, "✓ pass")
	switch {
	case t.NotRun:
		state = T(Faint, "– not run")
	case !t.Passed:
		state = T(Bad, "✗ FAIL")
	case near:
		state = T(Warn, "! close")
	}
	id := ""
	if t.MID != nil {
		id = hex(*t.MID) + "/"
	}
	number, symbol := Quantity(t.Value, t.Unit, imperial)
	name := t.Name
	if t.TestName != "" {
		name = strings.TrimPrefix(name+": "+t.TestName, ": ")
	}
	return []Cell{
		state, C(t.ECU.String()), T(Faint, "%s%s", id, hex(t.TID)),
		{Text: number, Right: true}, C(symbol), C(limits(t, imperial)), marginCell(t.Margin), C(name),
	}
}

func hex(b uint8) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[b>>4], digits[b&15]})
}

func limits(t obd.MonitorTest, imperial bool) string {
	show := func(v float64) string { n, _ := Quantity(v, t.Unit, imperial); return n }
	switch {
	case t.Min != nil && t.Max != nil:
		return show(*t.Min) + " to " + show(*t.Max)
	case t.Min != nil:
		return "at least " + show(*t.Min)
	case t.Max != nil:
		return "at most " + show(*t.Max)
	}
	return "no limit"
}

func marginCell(m *float64) Cell {
	if m == nil {
		return C("")
	}
	return R("%.0f %%", *m*100)
}
