package trace

import (
	"sync"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
)

// Row is where a signal stands.
type Row struct {
	Key
	Name, Unit     string
	At             time.Time // of the latest value
	Value          float64   // in Unit; the raw number of a state
	Text           string    // the state's short code, or a text
	Min, Max, Mean float64   // since the start or [Board.Reset]; of no meaning while Count is 0
	Count          int
	Whole          bool    // every value was a whole number
	Rate           float64 // values a second, of late
	Limits         Limits
	Side           Side
}

// Board keeps signals that come from one goroutine while another draws them.
type Board struct {
	changed chan struct{}

	mu     sync.Mutex
	order  []*signal
	byKey  map[Key]*signal
	limits map[string]Limits // by signal
	alarms []Alarm
	newest time.Time
}

// New makes an empty board.
func New() *Board {
	return &Board{changed: make(chan struct{}, 1), byKey: map[Key]*signal{}, limits: map[string]Limits{}}
}

// Changed hands out something when values came since it was last asked.
func (b *Board) Changed() <-chan struct{} { return b.changed }

// Take adds readings, which it copies; it never waits for whoever draws. Readings without a time of their own
// came at the given one.
func (b *Board) Take(at time.Time, readings []obd.Reading) {
	b.mu.Lock()
	for i := range readings {
		b.take(at, &readings[i])
	}
	b.mu.Unlock()
	select {
	case b.changed <- struct{}{}:
	default:
	}
}

func (b *Board) take(at time.Time, r *obd.Reading) {
	if r.Absent {
		return
	}
	if !r.At.IsZero() {
		at = r.At
	}
	s := b.byKey[Key{r.Signal, r.ECU}]
	if s == nil {
		if len(b.order) == signals {
			return
		}
		s = newSignal(*r)
		s.row.Limits = b.limits[r.Signal]
		b.byKey[s.row.Key] = s
		b.order = append(b.order, s)
	}
	s.take(at, *r)
	b.newest = at
	b.judge(s)
}

// Rows appends where every signal stands to rows, in the order in which they first came.
func (b *Board) Rows(rows []Row) []Row {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.order {
		r := s.row
		if r.Count > 0 {
			r.Mean = s.sum / float64(r.Count)
		}
		r.Rate = s.rate()
		rows = append(rows, r)
	}
	return rows
}

// Newest is when the latest value came, the zero time when none did.
func (b *Board) Newest() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.newest
}

// Reset forgets what was least, most and mean; the past stays.
func (b *Board) Reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range b.order {
		s.reset()
	}
}

// Keep drops the signals that are not named any more, with their past.
func (b *Board) Keep(named func(Key) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	kept := b.order[:0]
	for _, s := range b.order {
		if named(s.row.Key) {
			kept = append(kept, s)
			continue
		}
		delete(b.byKey, s.row.Key)
	}
	clear(b.order[len(kept):])
	b.order = kept
	if len(kept) == 0 {
		b.newest = time.Time{}
	}
}
