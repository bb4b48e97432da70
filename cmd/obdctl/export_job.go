package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/fleetms/obdctl/cmd/obdctl/text"
	"github.com/fleetms/obdctl/internal/export"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// exportJob is one export on its way: rows come from the store and go out at once.
type exportJob struct {
	app    *app
	flags  exportFlags
	format string
	ctx    context.Context // of the one transaction that the job lives in
	tx     store.Tx

	vehicle fleet.Vehicle // the one that was named
	kind    exportKind
	out     export.Writer
	head    []any // what every line of JSON begins with
	row     []any
	rows    int64
	total   int64 // 0 where it is not known
	bar     *progress
	began   time.Time
}

// prepare finds what was named, so that a mistake is told before a file is begun.
func (j *exportJob) prepare() (err error) {
	if err = j.named(); err == nil {
		j.kind, err = j.find()
	}
	return err
}

// named finds the vehicle that was named, if one was.
func (j *exportJob) named() (err error) {
	if j.flags.vehicle != "" {
		j.vehicle, err = oneVehicle(j.ctx, j.tx, j.flags.vehicle)
	}
	return err
}

// write writes the whole table.
func (j *exportJob) write(w io.Writer) (err error) {
	table := export.Table{Name: j.flags.what, Columns: j.kind.columns}
	if j.format == "jsonl" {
		j.head = []any{"obdctl.exported/1", j.flags.what}
		table.Columns = append(columns("schema", "what"), table.Columns...)
		if j.flags.what == "readings" {
			j.head = []any{"obdctl.reading/1"}
			table.Columns = append(columns("schema"), j.kind.columns...)
		}
	}
	if j.out, err = export.New(w, j.format, table); err != nil {
		return err
	}
	return firstError(j.kind.rows(), j.out.Close())
}

// rowsAtOnce is how many rows go by between two looks at the clock and at Ctrl-C.
const rowsAtOnce = 8192

// put writes one row.
func (j *exportJob) put(cells ...any) error {
	j.row = append(append(j.row[:0], j.head...), cells...)
	if err := j.out.Write(j.row); err != nil {
		return err
	}
	if j.rows++; j.rows%rowsAtOnce == 0 {
		rate := float64(j.rows) / time.Since(j.began).Seconds()
		j.bar.step(fmt.Sprintf("%s rows, %s rows/s", text.Thousands(j.rows), text.Thousands(int64(rate))), int(j.rows/1024), int(j.total/1024))
		return j.ctx.Err()
	}
	return nil
}

// vehicles are the one that was named, or all.
func (j *exportJob) vehicles() iter.Seq2[fleet.Vehicle, error] {
	if j.flags.vehicle != "" {
		return func(yield func(fleet.Vehicle, error) bool) { yield(j.vehicle, nil) }
	}
	return paged(func(p store.Page) (store.List[fleet.Vehicle], error) { return j.tx.Vehicles().List(j.ctx, p) })
}

// paged goes through a long list page by page.
func paged[T any](list func(store.Page) (store.List[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for p := (store.Page{Limit: 1000}); ; {
			l, err := list(p)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range l.Items {
				if !yield(item, nil) {
					return
				}
			}
			if p.After = l.Next; p.After == "" {
				return
			}
		}
	}
}
