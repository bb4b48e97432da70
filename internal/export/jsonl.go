package export

import (
	"bufio"
	"encoding/json"
	"io"
	"time"
)

// jsonlWriter writes one object a line, its fields in the order of the columns, empty cells left out.
type jsonlWriter struct {
	table Table
	out   *bufio.Writer
	line  []byte
}

func newJSONL(w io.Writer, t Table) (Writer, error) {
	return &jsonlWriter{table: t, out: bufio.NewWriterSize(w, 64<<10)}, nil
}

func (j *jsonlWriter) Write(row []any) error {
	if err := j.table.check(row); err != nil {
		return err
	}
	j.line = append(j.line[:0], '{')
	for i, v := range row {
		if v == nil {
			continue
		}
		if t, ok := v.(time.Time); ok {
			v = t.UTC()
		}
		data, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if len(j.line) > 1 {
			j.line = append(j.line, ',')
		}
		j.line = append(append(append(j.line, '"'), j.table.Columns[i].Name...), '"', ':')
		j.line = append(j.line, data...)
	}
	_, err := j.out.Write(append(j.line, '}', '\n'))
	return err
}

func (j *jsonlWriter) Close() error { return j.out.Flush() }
