package export

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"time"
)

// jsonlWriter writes one object a line, its fields in the order of the columns, empty cells left out.
type jsonlWriter struct {
	table Table
	out   *bufio.Writer
	keys  []string // "name": of each column
	line  []byte
}

func newJSONL(w io.Writer, t Table) (Writer, error) {
	j := &jsonlWriter{table: t, out: bufio.NewWriterSize(w, 64<<10)}
	for _, c := range t.Columns {
		name, err := json.Marshal(c.Name)
		if err != nil {
			return nil, err
		}
		j.keys = append(j.keys, string(name)+":")
	}
	return j, nil
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
		if len(j.line) > 1 {
			j.line = append(j.line, ',')
		}
		j.line = append(j.line, j.keys[i]...)
		var err error
		if j.line, err = appendJSON(j.line, v); err != nil {
			return err
		}
	}
	_, err := j.out.Write(append(j.line, '}', '\n'))
	return err
}

func (j *jsonlWriter) Close() error { return j.out.Flush() }

// appendJSON writes what rows are full of without reflection; the rest is left to encoding/json.
func appendJSON(line []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case time.Time:
		return append(v.UTC().AppendFormat(append(line, '"'), time.RFC3339Nano), '"'), nil
	case int64:
		return strconv.AppendInt(line, v, 10), nil
	case float64:
		if a := math.Abs(v); v == 0 || a >= 1e-6 && a < 1e21 { // as encoding/json writes it
			return strconv.AppendFloat(line, v, 'f', -1, 64), nil
		}
	case string:
		if isPlain(v) {
			return append(append(append(line, '"'), v...), '"'), nil
		}
	}
	data, err := json.Marshal(v)
	return append(line, data...), err
}

// isPlain tells a text that stands in JSON as it is.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			return false
		}
	}
	return true
}
