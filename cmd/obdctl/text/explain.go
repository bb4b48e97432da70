package text

import (
	"strings"

	"github.com/fleetms/obdctl/internal/catalog/dtc"
	"github.com/fleetms/obdctl/internal/diag"
)

// Explanations lays out what codes mean, one after the other.
func Explanations(all []dtc.Explanation, o Options) *Page {
	p := NewPage(o.Width)
	for _, e := range all {
		p.Section(e.Code, T(severityTone(e.Severity), "%s", e.Description))
		var rows [][]Cell
		for _, f := range []struct{ name, value string }{
			{"System", e.System}, {"Severity", e.Severity}, {"Family", e.Family},
			{"Failure", e.FailureType}, {"You feel", e.Feels},
		} {
			if f.value != "" {
				rows = append(rows, []Cell{T(Faint, "%s", f.name), C("%s", f.value)})
			}
		}
		if !e.Known {
			rows = append(rows, []Cell{T(Faint, "Note"), T(Warn, "not in the catalogue: only its family is certain")})
		}
		p.Table(2, rows)
		list(p, "Likely causes", e.Causes)
		list(p, "First checks", e.Checks)
	}
	return p
}

func list(p *Page, title string, items []string) {
	if len(items) == 0 {
		return
	}
	p.Line(2, T(Strong, "%s", title))
	var rows [][]Cell
	for i, item := range items {
		rows = append(rows, []Cell{R("%d", i+1), C("%s", item)})
	}
	p.Table(4, rows)
}

// CodeList lays out found codes, one a line.
func CodeList(all []dtc.Explanation, o Options) *Page {
	p := NewPage(o.Width)
	var rows [][]Cell
	for _, e := range all {
		rows = append(rows, []Cell{T(Strong, "%s", e.Code), C("%s", e.Severity), C("%s", e.Description)})
	}
	p.Table(0, rows)
	return p
}

// Cleared lays out the result of clearing, one control unit a line.
func Cleared(saved string, results []diag.Outcome) *Page {
	p := Outcomes("Clear codes", results)
	p.Line(2, T(Faint, "The scan from before is kept in %s", saved))
	return p
}

// Outcomes lays out what each control unit answered to a request that changes something.
func Outcomes(title string, results []diag.Outcome) *Page {
	p := NewPage(0)
	p.Section(title)
	var rows [][]Cell
	for _, r := range results {
		rows = append(rows, []Cell{C(r.ECU.String()), doneCell(r.Done, "done", Why(r))})
	}
	p.Table(2, rows)
	return p
}

func doneCell(ok bool, word, why string) Cell {
	if ok {
		return T(Good, "✓ %s", word)
	}
	return T(Bad, "✗ not %s: %s", word, why)
}

// Why says why a control unit did not do what it was asked for.
func Why(o diag.Outcome) string {
	switch {
	case o.Why == nil:
		return "no reason given"
	case o.Why.Detail != "":
		return o.Why.Detail
	}
	return strings.ReplaceAll(string(o.Why.Reason), "_", " ")
}
