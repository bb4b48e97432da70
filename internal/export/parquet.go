package export

import (
	"io"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// rowsInGroup bounds what Parquet holds in memory: a row group is written when it has so many rows.
const rowsInGroup = 100_000

// parquetWriter writes optional columns, zstd, times as microseconds in UTC.
type parquetWriter struct {
	table Table
	out   *parquet.GenericWriter[any]
	place []int // of a table's column in the file, whose columns are in order of their names
	row   parquet.Row
	n     int
}

func newParquet(w io.Writer, t Table) (Writer, error) {
	group := parquet.Group{}
	for _, c := range t.Columns {
		group[c.Name] = parquet.Compressed(parquet.Optional(node(c)), &parquet.Zstd)
	}
	schema := parquet.NewSchema(t.Name, group)
	p := &parquetWriter{
		table: t, place: make([]int, len(t.Columns)), row: make(parquet.Row, len(t.Columns)),
		out: parquet.NewGenericWriter[any](w, schema, parquet.CreatedBy("obdctl", "", "")),
	}
	for i, c := range t.Columns {
		leaf, ok := schema.Lookup(c.Name)
		if !ok {
			return nil, t.check(nil)
		}
		p.place[i] = leaf.ColumnIndex
	}
	return p, nil
}

func node(c Column) parquet.Node {
	switch c.Kind {
	case Number:
		return parquet.Leaf(parquet.DoubleType)
	case Integer:
		return parquet.Int(64)
	case Time:
		return parquet.Timestamp(parquet.Microsecond)
	case Bool:
		return parquet.Leaf(parquet.BooleanType)
	}
	if c.Kind == Text {
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	}
	return parquet.String()
}

func (p *parquetWriter) Write(row []any) error {
	if err := p.table.check(row); err != nil {
		return err
	}
	for i, v := range row {
		column := p.place[i]
		if v == nil {
			p.row[column] = parquet.Value{}.Level(0, 0, column)
			continue
		}
		p.row[column] = value(v).Level(0, 1, column)
	}
	if _, err := p.out.WriteRows([]parquet.Row{p.row}); err != nil {
		return err
	}
	if p.n++; p.n%rowsInGroup == 0 {
		return p.out.Flush()
	}
	return nil
}

func value(v any) parquet.Value {
	switch v := v.(type) {
	case float64:
		return parquet.DoubleValue(v)
	case int64:
		return parquet.Int64Value(v)
	case bool:
		return parquet.BooleanValue(v)
	case time.Time:
		return parquet.Int64Value(v.UnixMicro())
	}
	return parquet.ByteArrayValue([]byte(strings.ToValidUTF8(textPlain(v), "\uFFFD")))
}

func textPlain(v any) string {
	s, _ := v.(string)
	return s
}

func (p *parquetWriter) Close() error { return p.out.Close() }
