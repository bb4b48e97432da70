package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/chart"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// freezeFrames is the chapter of snapshots: one column for each frame, three beside each other.
func (p *page) freezeFrames(s *obd.Scan) {
	if len(s.FreezeFrames) == 0 {
		return
	}
	p.section("freeze")
	p.catalogue = true
	p.say(p.t("freeze.intro"))
	const beside = 3
	for i := 0; i < len(s.FreezeFrames); i += beside {
		p.frameTable(s.FreezeFrames[i:min(i+beside, len(s.FreezeFrames))], i/beside)
	}
}

func (p *page) frameTable(frames []obd.FreezeFrame, n int) {
	t := &document.Table{ID: fmt.Sprintf("freeze_%d", n+1), Title: p.t("section.freeze"), Columns: []document.Column{
		{ID: "signal", Title: p.t("col.signal"), Kind: document.Words, Weight: 2},
	}}
	var order []string
	for i, f := range frames {
		title := f.Code
		if title == "" {
			title = p.t("freeze.no_code")
		}
		t.Columns = append(t.Columns, document.Column{
			ID: fmt.Sprintf("frame_%d", i+1), Title: fmt.Sprintf("%s · %s · #%d", title, f.ECU, f.Index), Kind: document.Number, Weight: 1,
		})
		for _, r := range f.Readings {
			if !r.Absent && !slices.Contains(order, r.Signal) {
				order = append(order, r.Signal)
			}
		}
	}
	for _, id := range order {
		row := []document.Cell{words(id)}
		for _, f := range frames {
			cell := words("–")
			if i := slices.IndexFunc(f.Readings, func(r obd.Reading) bool { return r.Signal == id && !r.Absent }); i >= 0 {
				row[0] = words(readingName(f.Readings[i]))
				cell = p.reading(f.Readings[i])
			}
			row = append(row, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	p.add(document.Block{Table: t})
}

func readingName(r obd.Reading) string {
	if r.Name != "" {
		return r.Name
	}
	return r.Signal
}

// family is a finding's id without its number: "trim_lean_bank1" is of "trim_lean".
func family(id string) string {
	id = strings.TrimRight(id, "0123456789")
	for _, end := range []string{"_bank", "_cylinder"} {
		id = strings.TrimSuffix(id, end)
	}
	return id
}

// findingSignals are the readings that a finding rests on.
var findingSignals = map[string][]string{
	"trim_lean": {"LONGFT", "SHRTFT"}, "trim_rich": {"LONGFT", "SHRTFT"},
	"coolant_hot": {"ECT"}, "thermostat_open": {"ECT", "RUNTM", "AAT", "IAT"},
	"mil_distance": {"MIL_DIST", "MIL_TIME"},
	"charging_low": {"VPWR"}, "charging_high": {"VPWR"}, "battery_low": {"VPWR"},
}

// findings is the chapter of other things worth a look.
func (p *page) findings(s *obd.Scan) {
	if len(s.Assessment.Findings) == 0 {
		return
	}
	p.section("findings")
	t := &document.Table{ID: "findings", Title: p.t("section.findings"), Columns: []document.Column{
		{ID: "severity", Title: p.t("col.severity"), Kind: document.Badge},
		{ID: "finding", Title: p.t("col.finding"), Kind: document.Words, Weight: 2},
		{ID: "evidence", Title: p.t("col.evidence"), Kind: document.Words, Weight: 2},
	}}
	for _, f := range s.Assessment.Findings {
		l := document.Severity(f.Severity)
		t.Rows = append(t.Rows, []document.Cell{p.severity(l), words(p.finding(f)), words(p.evidence(s, f))})
	}
	p.add(document.Block{Table: t})
}

// finding says what was observed, in the reader's language.
func (p *page) finding(f obd.Finding) string {
	key := "finding." + family(f.ID) + ".text"
	if !p.w.Has(key) {
		return f.Text
	}
	return p.t(key, "number", strings.TrimLeft(f.ID, "abcdefghijklmnopqrstuvwxyz_"))
}

// evidence is what the finding rests on: the readings, or in English the assessment's own sentence.
func (p *page) evidence(s *obd.Scan, f obd.Finding) string {
	if p.w.Tag() == "en" && !p.o.Imperial {
		return f.Text
	}
	number := strings.TrimLeft(f.ID, "abcdefghijklmnopqrstuvwxyz_")
	var out []string
	for _, id := range findingSignals[family(f.ID)] {
		if strings.HasSuffix(id, "FT") {
			id += number
		}
		if r, ok := signal(s, id); ok {
			out = append(out, readingName(r)+": "+asText(p.reading(r)))
		}
	}
	if len(out) == 0 {
		return "–"
	}
	p.catalogue = true
	return strings.Join(out, "; ")
}

// keySignals are the values that a mechanic looks at first, in this order.
var keySignals = []string{
	"RPM", "VSS", "ECT", "EOT", "IAT", "AAT", "LOAD_PCT", "MAF", "MAP", "TP", "SHRTFT1", "LONGFT1", "SHRTFT2", "LONGFT2",
	"SPARKADV", "FRP", "FLI", "VPWR", "BAT_PWR", "RUNTM", "MIL_DIST", "MIL_TIME", "WARM_UPS", "CLR_DIST", "CLR_TIME", "ODO",
}

// values is the chapter of the most used live values, the first few as gauges.
func (p *page) values(s *obd.Scan) {
	p.section("values")
	p.gauges(s)
	t := &document.Table{ID: "values", Title: p.t("section.values"), Columns: []document.Column{
		{ID: "name", Title: p.t("col.signal"), Kind: document.Words, Weight: 3},
		{ID: "signal", Title: p.t("col.short"), Kind: document.Code},
		{ID: "value", Title: p.t("col.value"), Kind: document.Number, Weight: 1},
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Words, Weight: 1},
	}}
	for _, id := range keySignals {
		if r, ok := signal(s, id); ok {
			t.Rows = append(t.Rows, []document.Cell{words(readingName(r)), words(id), p.reading(r), words(r.ECU.String())})
		}
	}
	if len(t.Rows) > 0 {
		p.catalogue = true
		p.add(document.Block{Table: t})
	}
}

// gauges shows coolant, voltage and the fuel trims.
func (p *page) gauges(s *obd.Scan) {
	c := &chart.Chart{Kind: chart.Dials, Alt: p.t("values.alt")}
	gauge := func(r obd.Reading, name string, low, high float64, zones ...chart.Zone) {
		if !isFinite(r.Value) {
			return
		}
		g := chart.Gauge{Name: name, Text: asText(p.value(r.Value, r.Unit, 1))}
		g.Value, _ = p.convert(r.Value, r.Unit)
		g.Min, _ = p.convert(low, r.Unit)
		g.Max, _ = p.convert(high, r.Unit)
		for _, z := range zones {
			if r.Value >= z.From && r.Value <= z.To {
				g.Level = z.Level
			}
			z.From, _ = p.convert(z.From, r.Unit)
			z.To, _ = p.convert(z.To, r.Unit)
			g.Zones = append(g.Zones, z)
		}
		c.Gauges = append(c.Gauges, g)
	}
	if r, ok := signal(s, "ECT"); ok && r.Unit == "Cel" {
		gauge(r, p.t("gauge.coolant"), -40, 140, chart.Zone{From: -40, To: 110, Level: chart.Good}, chart.Zone{From: 110, To: 118, Level: chart.Warn}, chart.Zone{From: 118, To: 140, Level: chart.Bad})
	}
	if s.Voltage != nil && s.Voltage.Volts < 18 {
		gauge(obd.Reading{Value: s.Voltage.Volts, Unit: "V"}, p.t("gauge.voltage"), 8, 17,
			chart.Zone{From: 8, To: 11.8, Level: chart.Bad}, chart.Zone{From: 11.8, To: 12.2, Level: chart.Warn}, chart.Zone{From: 12.2, To: 15.2, Level: chart.Good}, chart.Zone{From: 15.2, To: 17, Level: chart.Bad})
	}
	for _, id := range []string{"LONGFT1", "LONGFT2"} {
		if r, ok := signal(s, id); ok && r.Value > -99 && r.Value < 99 {
			gauge(r, p.t("gauge.trim", "bank", id[len(id)-1:]), -30, 30,
				chart.Zone{From: -30, To: -20, Level: chart.Bad}, chart.Zone{From: -20, To: -10, Level: chart.Warn}, chart.Zone{From: -10, To: 10, Level: chart.Good},
				chart.Zone{From: 10, To: 20, Level: chart.Warn}, chart.Zone{From: 20, To: 30, Level: chart.Bad})
		}
	}
	if len(c.Gauges) > 1 {
		p.add(document.Block{Chart: c})
	}
}
