package dtc

import (
	"slices"
	"sort"
	"strconv"
	"strings"
)

// The columns of table/codes.tsv.
const (
	colCode = iota
	colDescription
	colSystem
	colSeverity
	colAdvice
	colWhere
	colFamily
	colRelated
	colNote
	columns
)

const (
	mostRelated = 6
	reach       = 12 // lines up and down that are looked at for relatives
)

type row [columns]string

// lineStart returns where the line around offset i begins.
func lineStart(s string, i int) int { return strings.LastIndexByte(s[:i], '\n') + 1 }

// seek returns the offset of the first line whose code is not less than code.
func seek(code string) int {
	i := sort.Search(len(codesTable), func(i int) bool {
		return codesTable[lineStart(codesTable, i):] >= code
	})
	return lineStart(codesTable, i)
}

// lookup finds a code's row by bisection of the embedded text.
func lookup(code string) (row, bool) {
	at := seek(code)
	if at >= len(codesTable) || !strings.HasPrefix(codesTable[at:], code+"\t") {
		return row{}, false
	}
	return parseRow(at), true
}

func parseRow(at int) (r row) {
	line, _, _ := strings.Cut(codesTable[at:], "\n")
	for i := range r {
		r[i], line, _ = strings.Cut(line, "\t")
	}
	return r
}

// builtin returns what the built-in catalogue says; with false, the code's family only.
func builtin(code string) (Explanation, bool) {
	e := Explanation{Code: code, Family: familyOf(code), Origin: FromFamily, System: systemOf(code)}
	r, ok := lookup(code)
	if !ok {
		return e, false
	}
	e.Known, e.Origin = true, FromSAE
	e.Description, e.System, e.Severity, e.Note = r[colDescription], r[colSystem], r[colSeverity], r[colNote]
	e.Related = related(code, r)
	e.advise(r[colAdvice], r[colWhere])
	return e, true
}

// advise fills feels, causes and checks from the advice that begins at an offset, with the place put in.
func (e *Explanation) advise(offset, where string) {
	at, err := strconv.Atoi(offset)
	if err != nil || at >= len(adviceTable) {
		return // the code has none
	}
	text, _, _ := strings.Cut(adviceTable[at:], "\n")
	text = strings.ReplaceAll(text, "{where}", spoken(where))
	var causes, checks string
	e.Feels, text, _ = strings.Cut(text, "\t")
	causes, checks, _ = strings.Cut(text, "\t")
	e.Causes, e.Checks = strings.Split(causes, "|"), strings.Split(checks, "|")
}

// spoken turns "cylinder 1" into "of cylinder 1", and other places into brackets.
func spoken(where string) string {
	if strings.HasPrefix(where, "cylinder ") {
		return "of " + where
	}
	return "(" + where + ")"
}

// related returns the codes that the catalogue names, then the nearest of the same family.
func related(code string, r row) []string {
	var out []string
	add := func(c string) {
		if c != code && len(out) < mostRelated && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	for c := range strings.FieldsSeq(r[colRelated]) {
		add(c)
	}
	at := seek(code)
	for i := 0; i < reach && at > 0; i++ {
		at = lineStart(codesTable, at-1)
	}
	for range 2*reach + 1 {
		if at >= len(codesTable) {
			break
		}
		if near := parseRow(at); near[colFamily] == r[colFamily] {
			add(near[colCode])
		}
		at += strings.IndexByte(codesTable[at:], '\n') + 1
	}
	return out
}
