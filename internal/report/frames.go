package report

import (
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/compare"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// frameMoves shows which snapshots are gone, new and still there, and under what conditions each was taken.
func (p *page) frameMoves(r *compare.Result) {
	if len(r.FreezeFrames) == 0 {
		return
	}
	p.section("freeze")
	p.say(p.t("compare.frames"))
	p.catalogue = true
	t := &document.Table{ID: "freeze_frames", Title: p.t("section.freeze"), Notes: map[int]string{}, Columns: []document.Column{
		{ID: "code", Title: p.t("col.code"), Kind: document.Code},
		{ID: "change", Title: p.t("col.change"), Kind: document.Badge},
		{ID: "conditions", Title: p.t("compare.taken_at"), Kind: document.Words, Weight: 4},
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Code},
	}}
	for i, f := range r.FreezeFrames {
		frame, code := f.After, f.Code
		if frame == nil {
			frame = f.Before
		}
		if code == "" {
			code = p.t("freeze.no_code")
		}
		t.Rows = append(t.Rows, []document.Cell{strong(code), p.change(f.Change), words(p.conditions(frame)), words(dash(f.ECU.String()))})
		if f.Renewed {
			t.Notes[i] = p.t("compare.renewed", "before", p.conditions(f.Before))
		}
	}
	p.add(document.Block{Table: t})
}

// tellingSignals are those by which a mechanic finds a snapshot's situation again, the most telling first.
var tellingSignals = []string{"RPM", "VSS", "LOAD_PCT", "ECT", "SHRTFT1", "LONGFT1", "SHRTFT2", "LONGFT2", "MAP", "MAF", "IAT", "TP"}

// mostConditions is how many of them stand in one cell.
const mostConditions = 6

// conditions are the most telling values of a snapshot in one line.
func (p *page) conditions(f *obd.FreezeFrame) string {
	var list []string
	add := func(r obd.Reading) {
		if !r.Absent && len(list) < mostConditions {
			list = append(list, readingName(r)+" "+asText(p.reading(r)))
		}
	}
	for _, id := range tellingSignals {
		if i := slices.IndexFunc(f.Readings, func(r obd.Reading) bool { return r.Signal == id }); i >= 0 {
			add(f.Readings[i])
		}
	}
	if len(list) == 0 { // a truck's, or a maker's own
		for _, r := range f.Readings {
			add(r)
		}
	}
	return dash(strings.Join(list, " · "))
}
