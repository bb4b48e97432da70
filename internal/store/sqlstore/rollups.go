package sqlstore

import (
	"context"
	"math"
	"slices"
	"strings"
)

// Roll-ups keep count, minimum, maximum and sum of each quarter of a minute and of an hour. A plot of a day or a
// year then reads thousands of rows instead of millions.
const (
	fine   = 15   // seconds
	coarse = 3600 // seconds
)

var steps = [...]int64{fine, coarse}

// slot is the number of a stretch of time that holds the microsecond; it rounds down before 1970 too.
func slot(at, step int64) int64 {
	width := step * 1_000_000
	n := at / width
	if at%width < 0 {
		n--
	}
	return n
}

// roll is one roll-up in the making.
type roll struct {
	step, start, n int64
	lo, hi, total  float64
}

// bounded keeps a sum of finite numbers finite: one that no float holds becomes the largest, as [finite] does.
func bounded(sum string) string {
	return `coalesce(max(min(` + sum + `, 1.7976931348623157e308), -1.7976931348623157e308), 0.0)`
}

func finite(sum float64) float64 {
	return math.Max(math.Min(sum, math.MaxFloat64), -math.MaxFloat64)
}

// gathered are the roll-ups of new readings of one series that are not written yet.
type gathered struct {
	series int64
	rolls  [len(steps)][]roll
}

// take adds readings in order of time; all of them must be new.
func (g *gathered) take(batch []kept) {
	for i, step := range steps {
		for _, r := range batch {
			start := slot(r.at, step)
			if k := len(g.rolls[i]); k == 0 || g.rolls[i][k-1].start != start {
				g.rolls[i] = append(g.rolls[i], roll{step: step, start: start, lo: r.value, hi: r.value})
			}
			last := &g.rolls[i][len(g.rolls[i])-1]
			last.n++
			last.lo, last.hi = math.Min(last.lo, r.value), math.Max(last.hi, r.value)
			last.total = finite(last.total + r.value)
		}
	}
}

// rollsAtOnce is how many roll-ups one statement writes.
const rollsAtOnce = 128

// rollIn adds what was gathered to the roll-ups, and begins anew.
func (t *tx) rollIn(ctx context.Context, g *gathered) error {
	for i := range g.rolls {
		for part := range slices.Chunk(g.rolls[i], rollsAtOnce) {
			args := make([]any, 0, 7*len(part))
			for _, r := range part {
				args = append(args, g.series, r.step, r.start, r.n, r.lo, r.hi, r.total)
			}
			err := t.exec(ctx, `INSERT INTO rollups (series, step, start, n, lo, hi, total) VALUES (?, ?, ?, ?, ?, ?, ?)`+strings.Repeat(`, (?, ?, ?, ?, ?, ?, ?)`, len(part)-1)+`
				ON CONFLICT (series, step, start) DO UPDATE SET n = n + excluded.n, lo = min(lo, excluded.lo), hi = max(hi, excluded.hi), total = `+bounded("total + excluded.total"), args...)
			if err != nil {
				return err
			}
		}
		g.rolls[i] = g.rolls[i][:0]
	}
	return nil
}

// rollAgain works out anew the roll-ups of a series from one microsecond to another, both included.
func (t *tx) rollAgain(ctx context.Context, series, from, until int64) error {
	for _, step := range steps {
		width := step * 1_000_000
		first, last := slot(from, step), slot(until, step)
		if err := t.exec(ctx, `DELETE FROM rollups WHERE series = ? AND step = ? AND start BETWEEN ? AND ?`, series, step, first, last); err != nil {
			return err
		}
		// Adding an offset keeps the division from rounding towards zero before 1970.
		err := t.exec(ctx, `INSERT INTO rollups (series, step, start, n, lo, hi, total)
			SELECT series, ?, (at - ?) / ? + ?, count(*), min(value), max(value), `+bounded("sum(value)")+` FROM readings WHERE series = ? AND at >= ? AND at < ? GROUP BY (at - ?) / ?`,
			step, first*width, width, first, series, first*width, (last+1)*width, first*width, width)
		if err != nil {
			return err
		}
	}
	return nil
}

// rollAll works out all roll-ups of a series anew.
func (t *tx) rollAll(ctx context.Context, series int64) error {
	var first, last *int64
	if err := t.row(ctx, "series", `SELECT min(at), max(at) FROM readings WHERE series = ?`, []any{series}, &first, &last); err != nil || first == nil {
		return err
	}
	if err := t.exec(ctx, `DELETE FROM rollups WHERE series = ?`, series); err != nil {
		return err
	}
	return t.rollAgain(ctx, series, *first, *last)
}
