package dtc

import (
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

// advise fills feels, causes and checks from line n of the advice table, with the place put in.
func (e *Explanation) advise(n, where string) {
	line, err := strconv.Atoi(n)
	if err != nil || line == 0 {
		return
	}
	rest := adviceTable
	for range line - 1 {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	text, _, _ := strings.Cut(rest, "\n")
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

// related returns the codes that the catalogue names, else the nearest of the same family.
func related(code string, r row) []string {
	var out []string
	if r[colRelated] != "" {
		for _, c := range strings.Fields(r[colRelated]) {
			if c != code && len(out) < mostRelated {
				out = append(out, c)
			}
		}
		return out
	}
	at := seek(code)
	for range reach {
		if at == 0 {
			break
		}
		at = lineStart(codesTable, at-1)
	}
	for range 2*reach + 1 {
		if at >= len(codesTable) || len(out) == mostRelated {
			break
		}
		near := parseRow(at)
		if near[colFamily] == r[colFamily] && near[colCode] != code {
			out = append(out, near[colCode])
		}
		next := strings.IndexByte(codesTable[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return out
}
