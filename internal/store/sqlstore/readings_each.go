package sqlstore

import (
	"cmp"
	"container/heap"
	"context"
	"database/sql"
	"math"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/store"
)

// limits of a span in microseconds, the end excluded.
func limits(s store.Span) (from, until int64) {
	from, until = math.MinInt64, math.MaxInt64
	if !s.From.IsZero() {
		from = stamp(s.From)
	}
	if !s.Until.IsZero() {
		until = stamp(s.Until)
	}
	return from, until
}

func (t readings) Each(ctx context.Context, s store.Span, yield func(obd.Reading) bool) error {
	lines, err := t.seriesOf(ctx, s)
	if err != nil {
		return err
	}
	for _, l := range lines {
		c := t.open(l, s)
		for {
			r, ok, err := c.next(ctx)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			if !yield(r) {
				return nil
			}
		}
	}
	return nil
}

// ByTime merges the lines, each of which is in order of time already.
func (t readings) ByTime(ctx context.Context, s store.Span, yield func(obd.Reading) bool) error {
	lines, err := t.seriesOf(ctx, s)
	if err != nil {
		return err
	}
	var q queue
	for _, l := range lines {
		c := t.open(l, s)
		if ok, err := c.advance(ctx); err != nil {
			return err
		} else if ok {
			q = append(q, c)
		}
	}
	heap.Init(&q)
	for len(q) > 0 {
		c := q[0]
		if !yield(c.now) {
			return nil
		}
		ok, err := c.advance(ctx)
		if err != nil {
			return err
		}
		if ok {
			heap.Fix(&q, 0)
		} else {
			heap.Pop(&q)
		}
	}
	return nil
}

// The first readings of a long line are there at once, since few are read at first; then more at once, as far as sixty
// lines together need little memory.
const (
	chunk     = 512
	mostChunk = 4096
)

// reader walks along one line.
type reader struct {
	tx         readings
	line       series
	at, until  int64         // the next reading is at or behind at
	buffer     []obd.Reading // what is left of room
	room       []obd.Reading
	size       int // of the next chunk
	done       bool
	now        obd.Reading
	hasTexts   bool
	askedTexts bool
}

func (t readings) open(l series, s store.Span) *reader {
	from, until := limits(s)
	return &reader{tx: t, line: l, at: from, until: until, size: chunk}
}

func (c *reader) advance(ctx context.Context) (bool, error) {
	r, ok, err := c.next(ctx)
	c.now = r
	return ok, err
}

func (c *reader) next(ctx context.Context) (obd.Reading, bool, error) {
	if len(c.buffer) == 0 && !c.done {
		if err := c.fill(ctx); err != nil {
			return obd.Reading{}, false, err
		}
	}
	if len(c.buffer) == 0 {
		return obd.Reading{}, false, nil
	}
	r := c.buffer[0]
	c.buffer = c.buffer[1:]
	return r, true, nil
}

func (c *reader) fill(ctx context.Context) (err error) {
	if !c.askedTexts {
		c.askedTexts = true
		if err := c.tx.row(ctx, "series", `SELECT EXISTS (SELECT 1 FROM reading_texts WHERE series = ?)`, []any{c.line.id}, &c.hasTexts); err != nil {
			return err
		}
	}
	last, size := c.at, c.size
	r := obd.Reading{ECU: c.line.line.ecu, Signal: c.line.line.signal, Name: c.line.name, Unit: c.line.unit}
	query, to := `SELECT at, value FROM readings WHERE series = ? AND at >= ? AND at < ? ORDER BY at LIMIT ?`, []any{&last, &r.Value}
	if c.hasTexts {
		query, to = `SELECT r.at, r.value, coalesce(x.text, '') FROM readings r LEFT JOIN reading_texts x ON x.series = r.series AND x.at = r.at
			WHERE r.series = ? AND r.at >= ? AND r.at < ? ORDER BY r.at LIMIT ?`, append(to, &r.Text)
	}
	c.room = c.room[:0]
	err = c.tx.each(ctx, query, []any{c.line.id, c.at, c.until, size}, func(row *sql.Rows) (bool, error) {
		err := row.Scan(to...)
		r.At = unstamp(last)
		c.room = append(c.room, r)
		return true, err
	})
	c.buffer, c.at, c.done, c.size = c.room, last+1, len(c.room) < size, min(2*size, mostChunk)
	return err
}

// queue is the lines by their next reading.
type queue []*reader

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	return cmp.Or(q[i].now.At.Compare(q[j].now.At), cmp.Compare(q[i].now.Signal, q[j].now.Signal), cmp.Compare(q[i].now.ECU, q[j].now.ECU)) < 0
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(*reader)) }
func (q *queue) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
