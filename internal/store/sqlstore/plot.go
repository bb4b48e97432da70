package sqlstore

import (
	"context"
	"database/sql"
	"math"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/store"
)

// maxBuckets bounds a plot: no screen or page has more columns.
const maxBuckets = 100_000

// finestShare is the least number of roll-ups that a bucket spans for them to be used: a bucket's edge is then
// off by an eighth of its width at most.
const finestShare = 8

func (t readings) Plot(ctx context.Context, s store.Span, n int) ([]fleet.Bucket, error) {
	if n < 1 || n > maxBuckets || !s.From.Before(s.Until) {
		return nil, errs.New(errs.Usage, "plot: want 1 to %d buckets and a start before the end", maxBuckets)
	}
	lines, err := t.seriesOf(ctx, s)
	if err != nil {
		return nil, err
	}
	from, until := stamp(s.From), stamp(s.Until)
	buckets := make([]fleet.Bucket, n)
	edge := func(i int) int64 { return from + int64(math.Round(float64(until-from)*float64(i)/float64(n))) }
	for i := range buckets {
		buckets[i].Start = unstamp(edge(i))
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
	width := time.Duration(p.until-p.from) * time.Microsecond / time.Duration(len(p.buckets))
	for i := len(steps) - 1; i >= 0; i-- {
		step := steps[i]
		if width >= finestShare*time.Duration(step)*time.Second {
			us := step * 1_000_000
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
	share := float64(max(at, p.from)-p.from) / float64(p.until-p.from)
	b := &p.buckets[min(int(share*float64(len(p.buckets))), len(p.buckets)-1)]
	if b.Count == 0 {
		b.Min, b.Max = lo, hi
	}
	b.Count += n
	b.Min, b.Max, b.Mean = math.Min(b.Min, lo), math.Max(b.Max, hi), b.Mean+total
	return true, nil
}
