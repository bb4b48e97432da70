package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// csvWriter writes RFC 4180 with a heading. Times are RFC 3339 in UTC, numbers have a point.
type csvWriter struct {
	table Table
	out   *csv.Writer
	cells []string
}

func newCSV(w io.Writer, t Table) (Writer, error) {
	c := &csvWriter{table: t, out: csv.NewWriter(w), cells: make([]string, len(t.Columns))}
	for i, col := range t.Columns {
		c.cells[i] = col.Name
	}
	return c, c.out.Write(c.cells)
}

func (c *csvWriter) Write(row []any) error {
	if err := c.table.check(row); err != nil {
		return err
	}
	for i, v := range row {
		c.cells[i] = textOf(v)
	}
	return c.out.Write(c.cells)
}

func (c *csvWriter) Close() error {
	c.out.Flush()
	return c.out.Error()
}

// textOf writes a cell. Text that a spreadsheet would take for a formula gets an apostrophe in front: the words of a
// car or of a foreign log must not run as a program.
func textOf(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if v != "" && strings.ContainsRune("=+-@\t\r", rune(v[0])) {
			return "'" + v
		}
		return v
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	case time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	}
	return fmt.Sprint(v)
}
