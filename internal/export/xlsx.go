package export

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// maxRows is Excel's limit of rows on a sheet; what is more goes to further sheets.
const maxRows = 1_048_576

// maxCells keeps a sheet's XML below 4 GiB, above which Excel wants another header than archive/zip writes.
const maxCells = 60_000_000

// xlsxWriter streams: excelize keeps its rows in a temporary file beyond 16 MiB.
type xlsxWriter struct {
	table  Table
	out    io.Writer
	file   *excelize.File
	sheet  *excelize.StreamWriter
	sheets int
	row    int
	head   int // style of the heading
	time   int // style of times
	cells  []any
}

func newXLSX(w io.Writer, t Table) (Writer, error) {
	x := &xlsxWriter{table: t, out: w, file: excelize.NewFile(), cells: make([]any, len(t.Columns))}
	var err error
	if x.head, err = x.file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E7ECF2"}}}); err != nil {
		return nil, err
	}
	format := `yyyy\-mm\-dd hh:mm:ss.000`
	if x.time, err = x.file.NewStyle(&excelize.Style{CustomNumFmt: &format}); err != nil {
		return nil, err
	}
	return x, x.next()
}

// next begins a sheet with its heading, frozen and with filters.
func (x *xlsxWriter) next() error {
	if err := x.flush(); err != nil {
		return err
	}
	x.sheets++
	name := x.table.Name
	if x.sheets > 1 {
		name = fmt.Sprintf("%s %d", x.table.Name, x.sheets)
	}
	if x.sheets == 1 {
		if err := x.file.SetSheetName("Sheet1", name); err != nil {
			return err
		}
	} else if _, err := x.file.NewSheet(name); err != nil {
		return err
	}
	var err error
	if x.sheet, err = x.file.NewStreamWriter(name); err != nil {
		return err
	}
	for i, c := range x.table.Columns {
		width := 14.0
		switch c.Kind {
		case Time:
			width = 24
		case Text:
			width = 20
		}
		if err := x.sheet.SetColWidth(i+1, i+1, width); err != nil {
			return err
		}
		title := c.Name
		if c.Kind == Time {
			title += " (UTC)"
		}
		x.cells[i] = excelize.Cell{StyleID: x.head, Value: title}
	}
	if err := x.sheet.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	x.row = 1
	return x.sheet.SetRow("A1", x.cells)
}

func (x *xlsxWriter) Write(row []any) error {
	if err := x.table.check(row); err != nil {
		return err
	}
	if x.row == min(maxRows, maxCells/len(x.cells)) {
		if err := x.next(); err != nil {
			return err
		}
	}
	x.row++
	for i, v := range row {
		switch v := v.(type) {
		case time.Time:
			x.cells[i] = excelize.Cell{StyleID: x.time, Value: v.UTC()}
		case string:
			x.cells[i] = cellText(v)
		default:
			x.cells[i] = v
		}
	}
	return x.sheet.SetRow(fmt.Sprintf("A%d", x.row), x.cells)
}

// cellText keeps what XML and Excel allow in a cell.
func cellText(s string) string {
	s = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\t' && c != '\n' || c == 0xFFFE || c == 0xFFFF {
			return -1
		}
		return c
	}, strings.ToValidUTF8(s, "\uFFFD"))
	if r := []rune(s); len(r) > excelize.TotalCellChars {
		return string(r[:excelize.TotalCellChars])
	}
	return s
}

func (x *xlsxWriter) flush() error {
	if x.sheet == nil {
		return nil
	}
	last, err := excelize.CoordinatesToCellName(len(x.cells), x.row)
	if err != nil {
		return err
	}
	if err := x.file.AutoFilter(x.file.GetSheetName(x.sheets-1), "A1:"+last, nil); err != nil {
		return err
	}
	return x.sheet.Flush()
}

func (x *xlsxWriter) Close() error {
	err := x.flush()
	if err == nil {
		// The archive goes straight out: excelize itself would hold all of it in memory.
		x.file.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(x.out) })
		_, err = x.file.WriteTo(io.Discard)
	}
	if cerr := x.file.Close(); err == nil {
		err = cerr
	}
	return err
}
