package importer

import (
	"bytes"
	"slices"
)

// isHeading tells the titles, again, in the middle of a file: a log that was gone on with.
func (t *table) isHeading(fields [][]byte) bool {
	ref := t.time
	if ref == nil {
		ref = t.columns[0]
	}
	cell := bytes.TrimSpace(bytes.Trim(field(fields, ref), "#"))
	return len(cell) > 0 && len(fields) > 1 && string(cell) == ref.full
}

// heading takes titles in the middle of a file. Where they are others, so are the columns from here on.
func (t *table) heading(fields [][]byte) error {
	row := make([]string, len(fields))
	for i, f := range fields {
		row[i] = string(bytes.TrimSpace(f))
	}
	titles := cleanTitles(row)
	if slices.Equal(titles, t.titles) {
		return nil
	}
	before := make(map[string]*column, len(t.columns))
	for _, c := range t.columns {
		before[c.full] = c
	}
	seen := map[string]*column{}
	t.titles, t.columns = titles, nil
	for i, tt := range t.parseTitles() {
		c := before[tt.full]
		if c == nil {
			c = t.newColumn(i, tt)
			t.settleOne(seen, c, look{})
		}
		delete(before, tt.full)
		c.index = i
		t.columns = append(t.columns, c)
	}
	for _, gone := range before {
		gone.index = maxFields // no row has it
		t.gone = append(t.gone, gone)
	}
	return nil
}
