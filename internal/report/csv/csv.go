// Package csv writes a document as comma-separated values (RFC 4180): all of it as one flat table of facts, or one of
// its tables as it is.
package csv

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/report/document"
)

// Columns of the flat form: where a value stands (section, table or block, row, column), its text as a person
// reads it, and, where it is one, the number or the time (UTC, RFC 3339) with the unit.
func columns() []string {
	return []string{"section", "block", "row", "column", "text", "value", "unit", "level"}
}

// ErrNoTable tells that a document has no table of that id.
var ErrNoTable = errors.New("no such table")

// Write writes the document. With the id of a table only that table is written, under its own heads.
func Write(w io.Writer, d *document.Document, table string) error {
	out := csv.NewWriter(w)
	if table != "" {
		if err := one(out, d, table); err != nil {
			return err
		}
	} else if err := all(out, d); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

func one(out *csv.Writer, d *document.Document, id string) error {
	for _, t := range d.Tables() {
		if t.ID != id {
			continue
		}
		heads := make([]string, len(t.Columns))
		for i, c := range t.Columns {
			heads[i] = safe(c.Head())
		}
		_ = out.Write(heads) // errors stay in the writer until the end
		for row, err := range t.All() {
			if err != nil {
				return err
			}
			cells := make([]string, len(t.Columns))
			for i := range min(len(row), len(cells)) {
				cells[i] = raw(row[i], t.Columns[i])
			}
			_ = out.Write(cells)
		}
		return nil
	}
	return ErrNoTable
}

// raw is the value of a cell for programs: plain numbers, times in UTC, and a unit where it is not the column's.
func raw(c document.Cell, of document.Column) string {
	switch {
	case c.Number != nil && of.Kind == document.Number && c.Unit == "":
		return number(*c.Number)
	case c.Time != nil:
		return c.Time.UTC().Format(time.RFC3339Nano)
	case of.Kind == document.Number && c.Number == nil && c.Text == "–":
		return ""
	}
	return safe(c.String())
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func all(out *csv.Writer, d *document.Document) error {
	_ = out.Write(columns())
	p := printer{out}
	p.row("document", "head", "", "report", d.Report)
	p.row("document", "head", "", "title", d.Title)
	p.row("document", "head", "", "language", d.Language)
	p.cell("document", "head", "", "created", document.Cell{Text: d.Created.Format(time.RFC3339), Time: &d.Created}, "")
	if d.Vehicle != nil {
		p.row("document", "vehicle", "", "title", d.Vehicle.Title)
		p.facts("document", "vehicle", d.Vehicle.Facts)
	}
	for _, s := range d.Sections {
		for i, b := range s.Blocks {
			if err := p.block(s.ID, i, b); err != nil {
				return err
			}
		}
	}
	return nil
}

type printer struct{ out *csv.Writer }

func (p printer) row(section, block, row, column, text string) {
	_ = p.out.Write([]string{section, block, row, safe(column), safe(text), "", "", ""})
}

func (p printer) cell(section, block, row, column string, c document.Cell, unit string) {
	value := ""
	switch {
	case c.Number != nil:
		value = number(*c.Number)
	case c.Time != nil:
		value = c.Time.UTC().Format(time.RFC3339Nano)
	}
	if c.Unit != "" {
		unit = c.Unit
	}
	if c.Number == nil {
		unit = ""
	}
	_ = p.out.Write([]string{section, block, row, safe(column), safe(c.Text), value, safe(unit), string(c.Level)})
}

func (p printer) facts(section, block string, facts []document.Fact) {
	for i, f := range facts {
		p.cell(section, block, strconv.Itoa(i+1), f.Name, f.Cell, "")
	}
}

func (p printer) block(section string, i int, b document.Block) error {
	switch {
	case b.Text != nil:
		p.row(section, "text", strconv.Itoa(i+1), string(b.Text.Role), strings.TrimSpace(b.Text.Label+" "+b.Text.Words))
	case b.List != nil:
		for n, item := range b.List.Items {
			p.row(section, "list", strconv.Itoa(n+1), "", item)
		}
	case b.Callout != nil:
		_ = p.out.Write([]string{section, "callout", "", "title", safe(b.Callout.Title), "", "", string(b.Callout.Level)})
		for n, w := range b.Callout.Words {
			p.row(section, "callout", strconv.Itoa(n+1), "words", w)
		}
	case b.Tiles != nil:
		for n, t := range b.Tiles {
			p.cell(section, "tiles", strconv.Itoa(n+1), t.Name, document.Cell{Text: t.Value, Level: t.Level}, "")
		}
	case b.Facts != nil:
		p.facts(section, "facts", b.Facts)
	case b.Table != nil:
		return p.table(section, b.Table)
	case b.Chart != nil:
		p.row(section, "chart", strconv.Itoa(i+1), b.Chart.Title, b.Chart.Alt)
	}
	return nil
}

func (p printer) table(section string, t *document.Table) error {
	n := 0
	for row, err := range t.All() {
		if err != nil {
			return err
		}
		n++
		for i := range min(len(row), len(t.Columns)) {
			p.cell(section, t.ID, strconv.Itoa(n), t.Columns[i].ID, row[i], t.Columns[i].Unit)
		}
		if note := t.Notes[n-1]; note != "" {
			p.row(section, t.ID, strconv.Itoa(n), "note", note)
		}
	}
	return nil
}

// safe keeps a spreadsheet from taking text of a car for a formula, and what is no text out of the file.
func safe(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0x7F {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if s != "" && (s[0] == '=' || s[0] == '+' || s[0] == '-' || s[0] == '@' || s[0] == '\t' || s[0] == '\r') {
		return "'" + s
	}
	return s
}
