package xlsx

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/fleetms/obdctl/internal/report/document"
)

// table writes a table on a sheet of its own, or on several when it is longer than a sheet.
func (b *book) table(s *document.Section, t *document.Table) error {
	title := s.Title
	if t.Title != "" {
		title = t.Title
	}
	w := &sheetWriter{b: b, t: t, title: title}
	n := 0
	for row, err := range t.All() {
		if err != nil {
			return err
		}
		if w.row == 0 || w.row > mostRows {
			if err := errors.Join(w.end(), w.begin()); err != nil {
				return err
			}
		}
		if err := w.write(row, t.Notes[n]); err != nil {
			return err
		}
		n++
	}
	if w.row == 0 {
		if err := w.begin(); err != nil {
			return err
		}
	}
	return w.end()
}

// sheetWriter streams rows into one sheet after the other.
type sheetWriter struct {
	b       *book
	t       *document.Table
	title   string
	name    string
	row     int // the last one written, 0 before the first sheet
	stream  *excelize.StreamWriter
	columns int
}

func (w *sheetWriter) begin() error {
	w.name = w.b.name(w.title)
	if err := w.b.sheet(w.name); err != nil {
		return err
	}
	stream, err := w.b.f.NewStreamWriter(w.name)
	if err != nil {
		return err
	}
	w.stream, w.row = stream, 1
	w.columns = len(w.t.Columns)
	if len(w.t.Notes) > 0 {
		w.columns++
	}
	for i, c := range w.t.Columns {
		if err := stream.SetColWidth(i+1, i+1, w.width(i, c)); err != nil {
			return err
		}
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	return w.heads()
}

func (w *sheetWriter) heads() error {
	head, err := w.b.style(look{head: true, digits: -1})
	if err != nil {
		return err
	}
	heads := make([]any, w.columns)
	seen := map[string]int{}
	for i := range heads {
		var text string
		if i < len(w.t.Columns) {
			text = clean(w.t.Columns[i].Head())
		} else {
			text = w.b.d.Words.T("section.notes")
		}
		// The heads of a table with filters must differ.
		if seen[text]++; seen[text] > 1 || text == "" {
			text = fmt.Sprintf("%s %d", text, i+1)
		}
		heads[i] = excelize.Cell{StyleID: head, Value: text}
	}
	return w.stream.SetRow("A1", heads, excelize.RowOpts{Height: 30})
}

// sampled is how many rows decide the width of a column.
const sampled = 60

// width is how wide a column has to be for its head and its first rows.
func (w *sheetWriter) width(i int, c document.Column) float64 {
	widest := float64(utf8.RuneCountInString(c.Head()))*0.8 + 4
	for _, r := range w.t.Rows[:min(len(w.t.Rows), sampled)] {
		if i < len(r) {
			widest = math.Max(widest, float64(utf8.RuneCountInString(r[i].String()))+2)
		}
	}
	switch c.Kind {
	case document.Time:
		widest = math.Max(widest, 24)
	case document.Words:
		if w.t.Source != nil {
			widest = math.Max(widest, 26)
		}
	}
	return math.Min(widest, 60)
}

func (w *sheetWriter) write(row []document.Cell, note string) error {
	w.row++
	cells := make([]any, w.columns)
	for i := range min(len(row), len(w.t.Columns)) {
		c, err := w.b.value(row[i], w.t.Columns[i])
		if err != nil {
			return err
		}
		cells[i] = c
	}
	if note != "" {
		cells[w.columns-1] = clean(note)
	}
	at, err := excelize.CoordinatesToCellName(1, w.row)
	if err != nil {
		return err
	}
	return w.stream.SetRow(at, cells)
}

// end closes the sheet: filters over what was written.
func (w *sheetWriter) end() error {
	if w.stream == nil {
		return nil
	}
	if w.row > 1 {
		last, err := excelize.CoordinatesToCellName(w.columns, w.row)
		if err != nil {
			return err
		}
		w.b.tables++
		stripes := true
		err = w.stream.AddTable(&excelize.Table{Range: "A1:" + last, Name: fmt.Sprintf("Table%d", w.b.tables), StyleName: "TableStyleLight1", ShowRowStripes: &stripes})
		if err != nil {
			return err
		}
		w.plot()
	}
	err := w.stream.Flush()
	w.stream = nil
	return err
}

// plot notes the chart of a table, whose place is known now.
func (w *sheetWriter) plot() {
	c := w.t.Chart
	if c == nil {
		return
	}
	p := plot{title: c.Title, kind: excelize.Bar}
	if c.Lines {
		p.kind = excelize.Line
	}
	for _, y := range c.Y {
		p.series = append(p.series, excelize.ChartSeries{
			Name: cells(w.name, y, 1, y, 1), Categories: cells(w.name, c.X, 2, c.X, w.row), Values: cells(w.name, y, 2, y, w.row),
		})
	}
	w.b.plots = append(w.b.plots, p)
}

// cells names a range of a sheet; columns count from 0, rows from 1.
func cells(sheet string, fromColumn, fromRow, toColumn, toRow int) string {
	a, errA := excelize.CoordinatesToCellName(fromColumn+1, fromRow, true)
	b, errB := excelize.CoordinatesToCellName(toColumn+1, toRow, true)
	if errA != nil || errB != nil {
		return ""
	}
	if a == b {
		return "'" + sheet + "'!" + a
	}
	return "'" + sheet + "'!" + a + ":" + b
}
