package sqlstore

import (
	"context"
	"database/sql"
	"math"
	"math/bits"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// maxBuckets bounds a plot: no screen or page has more columns.
const maxBuckets = 100_000

// finestShare is the least number of roll-ups that a bucket spans for them to be used: what stands at a bucket's
// edge is then at most one bucket off, and a day in 2,880 columns still needs no reading but those at its ends.
const finestShare = 2

func (t readings) Plot(ctx context.Context, s store.Span, n int) ([]fleet.Bucket, error) {
	from, until := stamp(s.From), stamp(s.Until)
	if n < 1 || n > maxBuckets || from >= until {
		return nil, errs.New(errs.Usage, "plot: want 1 to %d buckets and a start before the end", maxBuckets)
	}
	lines, err := t.seriesOf(ctx, s)
	if err != nil {
		return nil, err
	}
	buckets := make([]fleet.Bucket, n)
	for i := range buckets {
		buckets[i].Start = unstamp(from + int64(scale(uint64(until-from), uint64(i), uint64(n), uint64(n-1))))
	}
	p := plotter{buckets: buckets, from: from, until: until}
	query, args := p.source()
	for _, l := range lines {
		if err := t.each(ctx, query, append([]any{l.id}, args...), p.take); err != nil {
			return nil, err
		}
	}
	for i := range buckets {
		if b := &buckets[i]; b.Count > 0 {
			b.Mean /= float64(b.Count) // was the sum
		}
	}
	return buckets, nil
}

// plotter sorts rows into buckets.
type plotter struct {
	buckets     []fleet.Bucket
	from, until int64
}

// source is the query of the coarsest rows that are fine enough: time, count, minimum, maximum, sum.
func (p *plotter) source() (string, []any) {
	width := (p.until - p.from) / int64(len(p.buckets))
	for i := len(steps) - 1; i >= 0; i-- {
		step := steps[i]
		us := step * 1_000_000
		if width >= finestShare*us {
			first, end := slot(p.from-1, step)+1, slot(p.until, step) // whole ones only: the rest are readings
			return `SELECT start * ?2, n, lo, hi, total FROM rollups WHERE series = ?1 AND step = ?3 AND start >= ?4 AND start < ?5
				UNION ALL SELECT at, 1, value, value, value FROM readings WHERE series = ?1 AND (at >= ?6 AND at < ?4 * ?2)
				UNION ALL SELECT at, 1, value, value, value FROM readings WHERE series = ?1 AND (at >= ?5 * ?2 AND at < ?7)`,
				[]any{us, step, first, end, p.from, p.until}
		}
	}
	return `SELECT at, 1, value, value, value FROM readings WHERE series = ?1 AND at >= ?2 AND at < ?3`, []any{p.from, p.until}
}

func (p *plotter) take(r *sql.Rows) (bool, error) {
	var at, n int64
	var lo, hi, total float64
	if err := r.Scan(&at, &n, &lo, &hi, &total); err != nil {
		return false, err
	}
	b := &p.buckets[scale(uint64(at-p.from), uint64(len(p.buckets)), uint64(p.until-p.from), 0)]
	if b.Count == 0 {
		b.Min, b.Max = lo, hi
	}
	b.Count += n
	b.Min, b.Max, b.Mean = math.Min(b.Min, lo), math.Max(b.Max, hi), finite(b.Mean+total)
	return true, nil
}

// scale is (a*b + add) / by without losing bits on the way; a*b/by fits where a is below by or b is.
func scale(a, b, by, add uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	lo, carry := bits.Add64(lo, add, 0)
	q, _ := bits.Div64(hi+carry, lo, by)
	return q
}
