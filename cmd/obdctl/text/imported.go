package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/catalog/unit"
	"github.com/fleetms/obdctl/internal/importer"
)

// Thousands writes a count with its thousands parted: 1,234,567.
func Thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Imported lays out what became of one imported file.
func Imported(s importer.Summary, o Options) *Page {
	p := NewPage(o.Width)
	switch {
	case s.Passed != "":
		p.Line(0, T(Faint, "%s: passed over, no log: %s", s.Name, s.Passed))
		return p
	case s.Error != "":
		p.Line(0, T(Bad, "✗"), T(Strong, "%s", s.Name))
		p.Line(2, C("%s", s.Error))
		for _, n := range s.Notes {
			p.Line(2, T(Faint, "%s", n))
		}
		return p
	case s.Skipped:
		p.Line(0, T(Faint, "="), T(Strong, "%s", s.Name), T(Faint, "was imported before; nothing is added"))
		importedCut(p, s)
		return p
	}
	mark := T(Good, "✓")
	if s.Cut {
		mark = T(Warn, "!")
	}
	p.Line(0, mark, T(Strong, "%s", s.Name), T(Faint, "%s", s.Format))
	importedCut(p, s)
	p.Table(2, importedFacts(s, o))
	importedColumns(p, s)
	importedRejects(p, s)
	for _, n := range s.Notes {
		p.Line(2, T(Warn, "!"), C("%s", n))
	}
	return p
}

func importedCut(p *Page, s importer.Summary) {
	if s.Cut {
		p.Line(2, T(Warn, "the compressed stream is cut off or damaged: only what comes before that is there"))
	}
}

func importedFacts(s importer.Summary, o Options) [][]Cell {
	var rows [][]Cell
	row := func(name, format string, args ...any) {
		rows = append(rows, []Cell{T(Faint, "%s", name), C(format, args...)})
	}
	row("rows", "%s of %s lines, %s a second", Thousands(s.Rows), Thousands(s.Lines), Thousands(int64(s.RowsPerS)))
	if s.Readings > 0 {
		fresh := ""
		if s.New > 0 && s.New != s.Readings {
			fresh = fmt.Sprintf(", %s of them new", Thousands(s.New))
		}
		row("readings", "%s%s", Thousands(s.Readings), fresh)
	}
	if s.Scans > 0 {
		row("scans", "%s", Thousands(s.Scans))
	}
	if s.KnownScans > 0 {
		row("known", "%s: nothing is added", count(int(s.KnownScans), "scan"))
	}
	if s.First != nil && s.Last != nil {
		row("time", "%s to %s (%s)", stamp(*s.First, o), stamp(*s.Last, o), s.Clock)
	}
	var names []string
	for _, v := range s.Vehicles[:min(len(s.Vehicles), 8)] {
		if name := strings.TrimSpace(v.Label + " " + v.VIN); name != "" {
			names = append(names, name)
		}
	}
	if len(names) > 0 {
		row(plural(len(s.Vehicles), "vehicle"), "%s%s", strings.Join(names, ", "), andMore(len(s.Vehicles)-len(names)))
	}
	if s.Trips > 0 {
		row("trips", "%s", Thousands(s.Trips))
	}
	return rows
}

func stamp(t time.Time, o Options) string {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format("2006-01-02 15:04:05")
}

func plural(n int, word string) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

func andMore(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" and %d more", n)
}

// importedColumns shows what became of the columns: known signals, those kept under their own name, and the rest.
func importedColumns(p *Page, s importer.Summary) {
	var known, own, other []string
	for _, c := range s.Columns {
		switch {
		case c.Role == "signal" && c.Known || c.Role == "text" && c.Known:
			name := c.Signal
			if c.FromUnit != c.Unit {
				name += " (" + unit.Symbol(c.FromUnit) + ")"
			}
			known = append(known, name)
		case c.Role == "signal", c.Role == "text":
			own = append(own, c.Signal)
		case c.Role != "empty":
			other = append(other, c.Title+" = "+c.Role)
		}
	}
	var rows [][]Cell
	for _, r := range []struct {
		name  string
		words []string
	}{{"signals", known}, {"own names", own}, {"columns", other}} {
		if len(r.words) > 0 {
			rows = append(rows, []Cell{T(Faint, "%s", r.name), C("%s%s", strings.Join(r.words[:min(len(r.words), 60)], ", "), andMore(len(r.words)-60))})
		}
	}
	p.Table(2, rows)
}

const shownRejects = 10

func importedRejects(p *Page, s importer.Summary) {
	if s.Rejected+s.Partial == 0 {
		return
	}
	p.Line(2, T(Warn, "!"), C("%s rejected, %s taken in part:", lines(s.Rejected), lines(s.Partial)))
	var rows [][]Cell
	for _, r := range s.Rejects[:min(len(s.Rejects), shownRejects)] {
		rows = append(rows, []Cell{R("%d", r.Line), C("%s", r.Reason)})
	}
	p.Table(4, rows)
	if n := s.Rejected + s.Partial - int64(len(rows)); n > 0 {
		p.Line(4, T(Faint, "and %s more (--json lists the first hundred)", Thousands(n)))
	}
}

func lines(n int64) string {
	if n == 1 {
		return "1 line"
	}
	return Thousands(n) + " lines"
}

// ImportSum is what became of all files of an import.
type ImportSum struct {
	Files, Failed, Passed, Skipped       int
	Rejected, Rows, Readings, New, Scans int64
	Took                                 time.Duration
}

// ImportTotal lays out the sum of an import.
func ImportTotal(s ImportSum, o Options) *Page {
	p := NewPage(o.Width)
	p.Section("Total")
	rows := [][]Cell{{T(Faint, "files"), C("%d imported, %d were there already, %d passed over, %d failed", s.Files-s.Failed-s.Passed-s.Skipped, s.Skipped, s.Passed, s.Failed)}}
	rows = append(rows, []Cell{T(Faint, "rows"), C("%s, %s a second", Thousands(s.Rows), Thousands(int64(float64(s.Rows)/max(s.Took.Seconds(), 1e-6))))})
	rows = append(rows, []Cell{T(Faint, "readings"), C("%s, %s new", Thousands(s.Readings), Thousands(s.New))})
	rows = append(rows, []Cell{T(Faint, "scans"), C("%s", Thousands(s.Scans))})
	rows = append(rows, []Cell{T(Faint, "rejected"), C("%s", lines(s.Rejected))})
	p.Table(2, rows)
	return p
}
