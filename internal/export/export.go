// Package export writes tables for other programs as they are read, row by row: CSV, JSON lines, Excel, Parquet.
//
// No format holds more than a block of rows in memory, so that a hundred million readings need no more than one.
package export

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// Kind is the type of a column.
type Kind uint8

// The kinds, with the Go type of their cells. A nil cell is an empty one.
const (
	Text    Kind = iota // string
	Number              // float64
	Integer             // int64
	Time                // time.Time
	Bool                // bool
)

// Column is one column of a table.
type Column struct {
	Name string // as in JSON: lower case with underscores
	Kind Kind
}

// Table says what is written.
type Table struct {
	Name    string // of the sheet or schema
	Columns []Column
}

// Writer takes rows. Close ends the document; without it the output is not whole.
type Writer interface {
	// Write takes one cell for each column, which it does not keep.
	Write(row []any) error
	Close() error
}

// formats lists what can be written, with what begins a document.
var formats = []struct {
	name string
	open func(io.Writer, Table) (Writer, error)
}{
	{"csv", newCSV},
	{"jsonl", newJSONL},
	{"xlsx", newXLSX},
	{"parquet", newParquet},
}

// Formats lists the names of the formats.
func Formats() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return names
}

// IsBinary tells that a format is nothing for a terminal.
func IsBinary(format string) bool { return format == "xlsx" || format == "parquet" }

// New begins a document. Errors are of kind errs.Usage for a format that is not known.
func New(w io.Writer, format string, t Table) (Writer, error) {
	i := slices.IndexFunc(formats, func(f struct {
		name string
		open func(io.Writer, Table) (Writer, error)
	}) bool {
		return f.name == format
	})
	if i < 0 {
		return nil, errs.New(errs.Usage, "format %q is not known", format).WithHint("use one of: %s", strings.Join(Formats(), ", "))
	}
	return formats[i].open(w, t)
}

// check refuses a row of another shape: that is a defect of the caller.
func (t Table) check(row []any) error {
	if len(row) != len(t.Columns) {
		return fmt.Errorf("export %s: a row of %d cells for %d columns", t.Name, len(row), len(t.Columns))
	}
	return nil
}
