package dtc

import (
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// field is what a column holds.
type field int

const (
	fieldCode field = iota
	fieldDescription
	fieldSystem
	fieldSeverity
	fieldFeels
	fieldCauses
	fieldChecks
	fields
)

var fieldNames = [fields]string{"code", "description", "system", "severity", "feels", "causes", "checks"}

// layout gives the column of each field, -1 for none.
type layout [fields]int

var defaultLayout = layout{0, 1, 2, 3, 4, 5, 6}

// headings are other names that columns go by.
var headings = map[string]field{
	"dtc": fieldCode, "fault code": fieldCode, "trouble code": fieldCode, "text": fieldDescription, "desc": fieldDescription,
	"meaning": fieldDescription, "title": fieldDescription, "symptoms": fieldFeels, "cause": fieldCauses, "check": fieldChecks,
}

// header reads a first line that names the columns: it must name the code and the description.
func header(cells []string) (layout, bool) {
	var l layout
	for i := range l {
		l[i] = -1
	}
	for i, cell := range cells {
		name := strings.ToLower(strings.TrimSpace(cell))
		f, ok := headings[name]
		if n := slices.Index(fieldNames[:], name); n >= 0 {
			f, ok = field(n), true
		}
		if ok && l[f] < 0 {
			l[f] = i
		}
	}
	return l, l[fieldCode] >= 0 && l[fieldDescription] >= 0
}

// read turns a line into an explanation; a reason says why it cannot be used.
func (l layout) read(cells []string) (Explanation, string) {
	cell := func(f field) string {
		if i := l[f]; i >= 0 && i < len(cells) {
			return strings.Join(strings.Fields(cells[i]), " ")
		}
		return ""
	}
	for _, c := range cells {
		if len(c) > longestField {
			return Explanation{}, fmt.Sprintf("a field is longer than %d characters", longestField)
		}
	}
	p, err := Parse(cell(fieldCode))
	switch {
	case err != nil:
		return Explanation{}, err.Error()
	case p.HasFailure:
		return Explanation{}, fmt.Sprintf("%q: a text is for the five-character code, without a failure type", clip(cell(fieldCode)))
	case cell(fieldDescription) == "":
		return Explanation{}, p.Code + " has no text"
	}
	severity := strings.ToLower(cell(fieldSeverity))
	if severity != "" && !slices.Contains(severities, severity) {
		return Explanation{}, fmt.Sprintf("%s: severity %q is not one of %s", p.Code, clip(severity), strings.Join(severities, ", "))
	}
	return Explanation{
		Code: p.Code, Description: cell(fieldDescription), System: cell(fieldSystem), Severity: severity, Known: true,
		Origin: FromUser, Feels: cell(fieldFeels), Causes: list(cell(fieldCauses)), Checks: list(cell(fieldChecks)),
	}, ""
}

func list(s string) []string {
	var out []string
	for part := range strings.SplitSeq(s, "|") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// Export writes the user's own texts as CSV that [Book.Import] reads back to the same book.
func (b *Book) Export(w io.Writer) error {
	rows := csv.NewWriter(w)
	if err := rows.Write(fieldNames[:]); err != nil {
		return fmt.Errorf("write codes: %w", err)
	}
	for _, code := range slices.Sorted(maps.Keys(b.user)) {
		e := b.user[code]
		line := []string{e.Code, e.Description, e.System, e.Severity, e.Feels, strings.Join(e.Causes, " | "), strings.Join(e.Checks, " | ")}
		if err := rows.Write(line); err != nil {
			return fmt.Errorf("write codes: %w", err)
		}
	}
	if rows.Flush(); rows.Error() != nil {
		return fmt.Errorf("write codes: %w", rows.Error())
	}
	return nil
}
