package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/obd"
)

// A statement inserts this many rows at once: parsing is then shared, and the drivers' limit of arguments is kept.
const rowsAtOnce = 256

var (
	insertMany = `INSERT OR IGNORE INTO readings (series, at, value) VALUES (?, ?, ?)` + strings.Repeat(", (?, ?, ?)", rowsAtOnce-1)
	insertOne  = `INSERT OR IGNORE INTO readings (series, at, value) VALUES (?, ?, ?)`
)

func isFinite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// kept is a reading on its line.
type kept struct {
	series, at int64
	value      float64
	text       string
}

func (t readings) Add(ctx context.Context, vehicle uuid.UUID, all []obd.Reading) (int, error) {
	if len(all) == 0 {
		return 0, nil
	}
	id, err := t.resolve(ctx, vehicle)
	if err != nil {
		return 0, err
	}
	if _, err := (vehicles(t)).Get(ctx, id); err != nil {
		return 0, err
	}
	rows, err := t.place(ctx, id, all)
	if err != nil {
		return 0, err
	}
	slices.SortStableFunc(rows, func(a, b kept) int { return cmp.Or(cmp.Compare(a.series, b.series), cmp.Compare(a.at, b.at)) })
	rows = slices.CompactFunc(rows, func(a, b kept) bool { return a.series == b.series && a.at == b.at })
	added := 0
	for start := 0; start < len(rows); {
		end := start + 1
		for end < len(rows) && rows[end].series == rows[start].series {
			end++
		}
		n, err := t.addLine(ctx, rows[start:end])
		if err != nil {
			return added, err
		}
		added, start = added+n, end
	}
	return added, nil
}

// place finds the line of each reading and refuses what has no place in time.
func (t readings) place(ctx context.Context, vehicle uuid.UUID, all []obd.Reading) ([]kept, error) {
	lines := map[line]int64{}
	rows := make([]kept, len(all))
	for i, r := range all {
		switch {
		case r.At.IsZero():
			return nil, errs.New(errs.BadInput, "keep reading of %s: it has no time", r.Signal)
		case r.Absent || !isFinite(r.Value):
			return nil, errs.New(errs.BadInput, "keep reading of %s: it has no value", r.Signal)
		case r.Signal == "":
			return nil, errs.New(errs.BadInput, "keep reading: it has no signal")
		}
		l := line{r.Signal, r.ECU}
		id, known := lines[l]
		if !known {
			var err error
			if id, err = t.enrol(ctx, vehicle, r); err != nil {
				return nil, err
			}
			lines[l] = id
		}
		rows[i] = kept{series: id, at: stamp(r.At), value: r.Value, text: r.Text}
	}
	return rows, nil
}

// addLine keeps rows of one series in order of time and returns how many were new.
func (t readings) addLine(ctx context.Context, rows []kept) (int, error) {
	added := 0
	args := make([]any, 0, 3*rowsAtOnce)
	var many *sql.Stmt
	rolls := gathered{series: rows[0].series}
	for len(rows) > 0 {
		n := min(rowsAtOnce, len(rows))
		batch := rows[:n]
		rows = rows[n:]
		var fresh int64
		err := t.keepWords(ctx, batch)
		if err != nil {
			return added, err
		}
		if n == rowsAtOnce {
			if many == nil {
				if many, err = t.sql.PrepareContext(ctx, insertMany); err != nil {
					return added, err
				}
				defer many.Close()
			}
			args = args[:0]
			for _, r := range batch {
				args = append(args, r.series, r.at, r.value)
			}
			fresh, err = rowsOf(many.ExecContext(ctx, args...))
		} else {
			fresh, err = t.addFew(ctx, batch)
		}
		if err == nil {
			err = t.follow(ctx, &rolls, batch, int(fresh))
		}
		if err != nil {
			return added, err
		}
		added += int(fresh)
	}
	return added, t.rollIn(ctx, &rolls)
}

func rowsOf(r sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t readings) addFew(ctx context.Context, batch []kept) (int64, error) {
	query := insertOne + strings.Repeat(", (?, ?, ?)", len(batch)-1)
	args := make([]any, 0, 3*len(batch))
	for _, r := range batch {
		args = append(args, r.series, r.at, r.value)
	}
	return rowsOf(t.sql.ExecContext(ctx, query, args...))
}

// keepWords keeps the words of readings that are not there yet: a reading that stays keeps its word, or none.
func (t readings) keepWords(ctx context.Context, batch []kept) error {
	for _, r := range batch {
		if r.text == "" {
			continue
		}
		err := t.exec(ctx, `INSERT OR IGNORE INTO reading_texts (series, at, text) SELECT ?1, ?2, ?3 WHERE NOT EXISTS (SELECT 1 FROM readings WHERE series = ?1 AND at = ?2)`, r.series, r.at, r.text)
		if err != nil {
			return err
		}
	}
	return nil
}

// follow brings the roll-ups up to date. Where some readings were there already, they are worked out from what is
// kept now; what was gathered before is written first, or it would be counted twice.
func (t readings) follow(ctx context.Context, rolls *gathered, batch []kept, fresh int) error {
	switch fresh {
	case 0:
		return nil
	case len(batch):
		rolls.take(batch)
		return nil
	}
	if err := t.rollIn(ctx, rolls); err != nil {
		return err
	}
	return t.rollAgain(ctx, batch[0].series, batch[0].at, batch[len(batch)-1].at)
}
