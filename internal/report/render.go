package report

import (
	"io"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/report/csv"
	"github.com/fleetms/obdctl/internal/report/document"
	"github.com/fleetms/obdctl/internal/report/html"
	"github.com/fleetms/obdctl/internal/report/json"
	"github.com/fleetms/obdctl/internal/report/md"
	"github.com/fleetms/obdctl/internal/report/pdf"
	"github.com/fleetms/obdctl/internal/report/xlsx"
)

// Format is a way to write a document.
type Format struct {
	Name   string
	Type   string // media type
	Binary bool   // not for a terminal
	write  func(io.Writer, *document.Document, Render) error
}

// Render says how a document is written.
type Render struct {
	Paper string // of PDF: "a4" or "letter"
	Table string // of CSV: only this table, by its id
}

// Formats lists the formats.
func Formats() []Format {
	return []Format{
		{"pdf", "application/pdf", true, func(w io.Writer, d *document.Document, r Render) error {
			return pdf.Write(w, d, pdf.Options{Paper: r.Paper})
		}},
		{"html", "text/html; charset=utf-8", false, func(w io.Writer, d *document.Document, _ Render) error { return html.Write(w, d) }},
		{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", true, func(w io.Writer, d *document.Document, _ Render) error { return xlsx.Write(w, d) }},
		{"csv", "text/csv; charset=utf-8", false, func(w io.Writer, d *document.Document, r Render) error { return csv.Write(w, d, r.Table) }},
		{"json", "application/json", false, func(w io.Writer, d *document.Document, _ Render) error { return json.Write(w, d) }},
		{"md", "text/markdown; charset=utf-8", false, func(w io.Writer, d *document.Document, _ Render) error { return md.Write(w, d) }},
	}
}

// FindFormat returns the format of a name; an error of kind usage for one that is not there.
func FindFormat(name string) (Format, error) {
	all := Formats()
	if i := slices.IndexFunc(all, func(f Format) bool { return f.Name == name }); i >= 0 {
		return all[i], nil
	}
	names := make([]string, len(all))
	for i, f := range all {
		names[i] = f.Name
	}
	return Format{}, errs.New(errs.Usage, "format %q is not known", name).WithHint("one of: %s", strings.Join(names, ", "))
}

// Write writes a document. An error may leave a part of it written.
func (f Format) Write(w io.Writer, d *document.Document, r Render) error {
	return f.write(w, d, r)
}
