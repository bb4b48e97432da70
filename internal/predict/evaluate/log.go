package evaluate

import (
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/predict/engine"
)

// journal is recorded trips as the engine's models want them.
type journal struct {
	ids      []string
	readings map[string][]obd.Reading
}

// layout says how a set's table holds readings.
type layout struct {
	trip    string            // column that tells trips apart
	seconds string            // column of seconds since the trip's start; "" where rows come at a steady pace
	pace    float64           // seconds from row to row where they do
	signals map[string]string // canonical signal by column
}

// readJournal reads the trips of a table in the order in which they stand. Times are made up: only
// differences within a trip count.
func readJournal(path string, l layout) (*journal, error) {
	t, err := readTable(path)
	if err != nil {
		return nil, err
	}
	if err := t.has(l.trip); err != nil {
		return nil, err
	}
	j := &journal{readings: map[string][]obd.Reading{}}
	start := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	count := map[string]int{}
	for _, row := range t.rows {
		id := row[t.columns[l.trip]]
		if count[id] == 0 {
			j.ids = append(j.ids, id)
		}
		at := float64(count[id]) * l.pace
		if l.seconds != "" {
			if at, err = strconv.ParseFloat(row[t.columns[l.seconds]], 64); err != nil {
				continue
			}
		}
		count[id]++
		when := start.Add(time.Duration(at * float64(time.Second)))
		for column, signal := range l.signals {
			i, ok := t.columns[column]
			if !ok {
				continue
			}
			if v, err := strconv.ParseFloat(row[i], 64); err == nil {
				j.readings[id] = append(j.readings[id], obd.Reading{At: when, Signal: signal, Value: v})
			}
		}
	}
	return j, nil
}

// trip returns one trip, its readings passed through change where that is not nil.
func (j *journal) trip(id string, change func(obd.Reading) obd.Reading) engine.Trip {
	return engine.NewTrip(id, func(yield func(obd.Reading) bool) {
		for _, r := range j.readings[id] {
			if change != nil {
				r = change(r)
			}
			if !yield(r) {
				return
			}
		}
	})
}

func (j *journal) trips() []engine.Trip {
	out := make([]engine.Trip, 0, len(j.ids))
	for _, id := range j.ids {
		out = append(out, j.trip(id, nil))
	}
	return out
}

// others lists the files of a set that match a pattern, without the one that models learn from.
func others(dir, pattern, learned string) []string {
	all, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		return nil
	}
	return slices.DeleteFunc(all, func(p string) bool { return filepath.Base(p) == learned })
}

// flagged is 1 for a verdict that says that something is wrong.
func flagged(v engine.Verdict) float64 {
	if v.Claim == engine.Faulty || v.Claim == engine.Anomaly {
		return 1
	}
	return 0
}

// mean of the chosen rows, for bootstraps of shares.
func meanOf(values []float64) func(rows []int) float64 {
	return func(rows []int) float64 {
		if len(rows) == 0 {
			return math.NaN()
		}
		sum := 0.0
		for _, r := range rows {
			sum += values[r]
		}
		return sum / float64(len(rows))
	}
}
