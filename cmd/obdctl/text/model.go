package text

import (
	"strings"

	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/registry"
)

// Models lays out models of the registry, and vehicles that have none with the reason.
func Models(all []fleet.Model, failed [][2]string, next string, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Models", T(Faint, "%d", len(all)))
	var rows [][]Cell
	for _, m := range all {
		of := "all"
		if m.VehicleID != nil {
			of = short(*m.VehicleID)
		}
		rows = append(rows, []Cell{T(Faint, "%s", short(m.ID)), T(Strong, "%s", m.Title()), stateCell(m.State), C("%s", of), C("%s", minute(m.Trained, o.Zone)), C("%s", firstFigure(m))})
	}
	p.Table(2, rows)
	if len(all) == 0 && len(failed) == 0 {
		p.Line(2, T(Faint, "none yet: 'obdctl model train' makes one"))
	}
	if len(failed) > 0 {
		p.Section("Without a model")
		rows = nil
		for _, f := range failed {
			rows = append(rows, []Cell{T(Faint, "%s", f[0][:13]), C("%s", f[1])})
		}
		p.Table(2, rows)
	}
	nextPage(p, next)
	return p
}

func firstFigure(m fleet.Model) string {
	var words []string
	for _, f := range m.Metrics[:min(2, len(m.Metrics))] {
		words = append(words, f.Name+" "+registry.Figure(f))
	}
	return strings.Join(words, ", ")
}

func stateCell(s fleet.ModelState) Cell {
	switch s {
	case fleet.Champion:
		return T(Good, "%s", s)
	case fleet.Retired:
		return T(Faint, "%s", s)
	}
	return T(Warn, "%s", s)
}

// ModelCard lays out everything of one model.
func ModelCard(m fleet.Model, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Model", C("%s", m.Title()), T(Faint, "%s", m.ID))
	var rows [][]Cell
	for _, l := range registry.CardLines(m) {
		rows = append(rows, []Cell{T(Faint, "%s", l.Name), C("%s", l.Text)})
	}
	p.Table(2, rows)
	p.Section("Figures on frozen data")
	p.Table(2, figureRows(m.Metrics))
	p.Section("What it cannot tell")
	for _, l := range m.Limits {
		p.Line(2, C("-"), C("%s", l))
	}
	return p
}

func figureRows(all []fleet.Metric) [][]Cell {
	var rows [][]Cell
	for _, f := range all {
		rows = append(rows, []Cell{C("%s", f.Name), R("%s", registry.Figure(f)), T(Faint, "%s", registry.Range(f)), T(Faint, "%s", f.On)})
	}
	return rows
}

// Compared lays out a model beside what speaks today.
func Compared(r registry.Comparison, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Model", C("%s", r.Model.Title()), stateCell(r.Model.State))
	p.Table(2, figureRows(r.Metrics))
	against := "rules, no model speaks"
	if r.Champion != nil {
		against = r.Champion.Title()
	}
	p.Section("Against", C("%s", against))
	p.Table(2, figureRows(r.Against))
	if len(r.Against) == 0 {
		p.Line(2, T(Faint, "cannot be measured by the same figures"))
	}
	p.Section("Verdict")
	tone := Warn
	if r.Better {
		tone = Good
	}
	p.Line(2, T(tone, "%s", r.Verdict))
	return p
}
