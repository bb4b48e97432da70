package evaluate

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/errs"
)

// table is a CSV file with a row of names, in memory.
type table struct {
	path    string
	columns map[string]int
	rows    [][]string
}

// readTable reads a CSV file, gzipped where its name ends in .gz.
func readTable(path string) (*table, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, errs.New(errs.BadInput, "read data: %v", err).WithHint("the folder must hold the sets as they were handed out")
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		z, err := gzip.NewReader(f)
		if err != nil {
			return nil, fmt.Errorf("read data: %s: %w", path, err)
		}
		defer z.Close()
		r = z
	}
	in := csv.NewReader(r)
	rows, err := in.ReadAll()
	if err != nil || len(rows) == 0 {
		return nil, errs.New(errs.BadInput, "read data: %s has no rows: %v", path, err)
	}
	t := &table{path: path, columns: map[string]int{}, rows: rows[1:]}
	for i, name := range rows[0] {
		t.columns[strings.TrimPrefix(name, "\ufeff")] = i
	}
	return t, nil
}

// has refuses a table that lacks a column.
func (t *table) has(names ...string) error {
	for _, n := range names {
		if _, ok := t.columns[n]; !ok {
			return errs.New(errs.BadInput, "read data: %s has no column %q", t.path, n)
		}
	}
	return nil
}

// text is a cell; "" where there is no such column.
func (t *table) text(row int, name string) string {
	i, ok := t.columns[name]
	if !ok {
		return ""
	}
	return t.rows[row][i]
}

// number is a cell as a number; NaN where it is none.
func (t *table) number(row int, name string) float64 {
	v, err := strconv.ParseFloat(t.text(row, name), 64)
	if err != nil {
		return math.NaN()
	}
	return v
}
