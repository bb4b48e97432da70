package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/report/document"
)

// code is one trouble code of one control unit with all lists that hold it.
type code struct {
	obd.DTC
	kinds []obd.CodeKind
	level document.Level
}

func (c code) isNow() bool {
	return slices.Contains(c.kinds, obd.Stored) || slices.Contains(c.kinds, obd.Active)
}

func (c code) only(k obd.CodeKind) bool { return len(c.kinds) == 1 && c.kinds[0] == k }

func codeLevel(c obd.DTC) document.Level { return document.Severity(c.Severity) }

// merged joins the lists, the most serious code first.
func merged(list []obd.DTC) []code {
	var out []code
	for _, d := range list {
		i := slices.IndexFunc(out, func(c code) bool { return c.Code == d.Code && c.ECU == d.ECU })
		if i < 0 {
			i = len(out)
			out = append(out, code{DTC: d, level: codeLevel(d)})
		}
		if !slices.Contains(out[i].kinds, d.Kind) {
			out[i].kinds = append(out[i].kinds, d.Kind)
		}
	}
	slices.SortStableFunc(out, func(a, b code) int {
		now := func(c code) int {
			if c.isNow() {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(now(a), now(b)), cmp.Compare(rank(b.level), rank(a.level)), cmp.Compare(a.Code, b.Code))
	})
	return out
}

// countCodes counts codes that are there now, and those that only wait in the pending or the permanent list.
func countCodes(s *obd.Scan) (now, waiting int) {
	for _, c := range merged(s.Codes) {
		if c.isNow() {
			now++
		} else {
			waiting++
		}
	}
	return now, waiting
}

// codes is the chapter of trouble codes: a table, then each code with causes and checks.
func (p *page) codes(s *obd.Scan) {
	p.section("codes")
	all := merged(s.Codes)
	if len(all) == 0 {
		if read(s, obd.StepStored) {
			p.say(p.t("codes.none"))
		} else {
			p.say(p.t("codes.unread"))
		}
		return
	}
	p.catalogue = true
	t := &document.Table{ID: "codes", Title: p.t("section.codes"), Columns: []document.Column{
		{ID: "code", Title: p.t("col.code"), Kind: document.Code},
		{ID: "severity", Title: p.t("col.severity"), Kind: document.Badge},
		{ID: "meaning", Title: p.t("col.meaning"), Kind: document.Words, Weight: 3},
		{ID: "state", Title: p.t("col.state"), Kind: document.Words, Weight: 1.2},
		{ID: "ecu", Title: p.t("col.ecu"), Kind: document.Words, Weight: 1},
	}}
	for _, c := range all {
		t.Rows = append(t.Rows, []document.Cell{
			strong(c.Code), p.severity(c.level), words(p.meaning(c.DTC)), words(p.kinds(c.kinds)), words(ecuName(s, c.ECU)),
		})
	}
	p.add(document.Block{Table: t})
	p.explanations(all)
}

func (p *page) severity(l document.Level) document.Cell {
	name := string(l)
	if l == document.None {
		name = "unrated"
	}
	return badge(l, p.t("severity."+name))
}

// meaning is the catalogue's description, marked where only the family is known.
func (p *page) meaning(c obd.DTC) string {
	switch {
	case c.Description == "":
		return p.t("codes.no_text")
	case !c.Known:
		return c.Description + " " + p.t("codes.family")
	}
	return c.Description
}

func (p *page) kinds(list []obd.CodeKind) string {
	var names []string
	for _, k := range list {
		if key := "kind." + string(k); p.w.Has(key) {
			names = append(names, p.t(key))
		} else {
			names = append(names, string(k))
		}
	}
	return strings.Join(names, ", ")
}

// explanations tell of each known code what the driver feels, what may be wrong, and what to check first.
func (p *page) explanations(all []code) {
	done := map[string]bool{}
	for _, c := range all {
		if done[c.Code] || c.only(obd.Permanent) {
			continue
		}
		done[c.Code] = true
		e := p.o.Explain(c.Code)
		if e.Feels == "" && len(e.Causes) == 0 && len(e.Checks) == 0 {
			continue
		}
		p.heading(c.Code + " – " + e.Description)
		if e.Feels != "" {
			p.labelled("codes.feels", sentence(e.Feels))
		}
		if len(e.Causes) > 0 {
			p.labelled("codes.causes", strings.Join(e.Causes, " · "))
		}
		if len(e.Checks) > 0 {
			p.labelled("codes.checks", "")
			p.list(true, sentences(e.Checks)...)
		}
	}
}

func sentences(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = sentence(s)
	}
	return out
}

// ecuName is what a control unit calls itself with its address.
func ecuName(s *obd.Scan, a obd.Address) string {
	if s != nil {
		for _, e := range s.ECUs {
			if e.Address == a && e.Name != "" {
				return e.Name + " (" + a.String() + ")"
			}
		}
	}
	if a == obd.Functional {
		return "–"
	}
	return a.String()
}
