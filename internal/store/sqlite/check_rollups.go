package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"math"
)

// The samples of a check that is not full.
const (
	sampledSeries = 48
	sampledRolls  = 24 // of one series
)

// rollupsEqual works out roll-ups anew and compares. A sampled check takes the series evenly, and of each its
// roll-ups of an hour evenly; a full one takes all of them and makes sure that no reading is without one.
func rollupsEqual(ctx context.Context, db *sql.DB, full bool) (looked int64, problems []string, err error) {
	series, err := numbers(ctx, db, `SELECT id FROM series ORDER BY id`)
	if err != nil {
		return 0, nil, err
	}
	every := 1
	if !full {
		every = max(1, len(series)/sampledSeries)
	}
	for i := 0; i < len(series) && len(problems) < maxProblems; i += every {
		n, more, err := rollupsOf(ctx, db, series[i], full)
		if err != nil {
			return looked, problems, err
		}
		looked, problems = looked+n, append(problems, more...)
	}
	return looked, problems, nil
}

func rollupsOf(ctx context.Context, db *sql.DB, series int64, full bool) (looked int64, problems []string, err error) {
	if full {
		problems, err := texts(ctx, db, `SELECT 'series ' || ?1 || ' has ' || n || ' readings and roll-ups of ' || step || ' s for ' || sum FROM
			(SELECT step, sum(n) sum, (SELECT count(*) FROM readings WHERE series = ?1) n FROM rollups WHERE series = ?1 GROUP BY step) WHERE n <> sum`, series)
		if err != nil || len(problems) > 0 {
			return 0, problems, err
		}
	}
	bare, err := texts(ctx, db, `SELECT 'series ' || ?1 || ' has readings without roll-ups' WHERE EXISTS (SELECT 1 FROM readings WHERE series = ?1)
		AND NOT EXISTS (SELECT 1 FROM rollups WHERE series = ?1)`, series)
	if err != nil || len(bare) > 0 {
		return 0, bare, err
	}
	n, err := count(ctx, db, `SELECT count(*) FROM rollups WHERE series = ? AND step = 3600`, series)
	if err != nil || n == 0 {
		return 0, nil, err
	}
	every := int64(1)
	if !full {
		every = max(1, n/sampledRolls)
	}
	hours, err := numbers(ctx, db, `SELECT start FROM (SELECT start, row_number() OVER (ORDER BY start) k FROM rollups WHERE series = ? AND step = 3600) WHERE (k - 1) % ? = 0`, series, every)
	for _, hour := range hours {
		if err != nil || len(problems) >= maxProblems {
			break
		}
		var same bool
		if same, err = sameRoll(ctx, db, series, hour); err == nil && !same {
			problems = append(problems, fmt.Sprintf("the hour %d of series %d differs from its readings", hour, series))
		}
		looked++
	}
	return looked, problems, err
}

// sameRoll compares a roll-up of an hour with its readings. Sums may differ by the order of the additions.
func sameRoll(ctx context.Context, db *sql.DB, series, hour int64) (bool, error) {
	const width = 3600 * 1_000_000
	var n, m int64
	var lo, hi, total, low, high, sum sql.NullFloat64
	err := db.QueryRowContext(ctx, `SELECT n, lo, hi, total FROM rollups WHERE series = ? AND step = 3600 AND start = ?`, series, hour).Scan(&n, &lo, &hi, &total)
	if err != nil {
		return false, err
	}
	err = db.QueryRowContext(ctx, `SELECT count(*), min(value), max(value), sum(value) FROM readings WHERE series = ? AND at >= ? AND at < ?`,
		series, hour*width, (hour+1)*width).Scan(&m, &low, &high, &sum)
	if err != nil {
		return false, err
	}
	scale := max(math.Abs(lo.Float64), math.Abs(hi.Float64), 1) * float64(max(n, 1))
	near := total == sum || math.Abs(total.Float64-sum.Float64) <= 1e-9*scale || math.IsInf(scale, 0)
	return n == m && lo == low && hi == high && near, nil
}

func numbers(ctx context.Context, db *sql.DB, query string, args ...any) ([]int64, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []int64
	for rows.Next() {
		var n int64
		if err := rows.Scan(&n); err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, rows.Err()
}
