package predict

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/fleet"
	"github.com/fleetms/obdctl/internal/predict/life"
	"github.com/fleetms/obdctl/internal/store"
)

const day = 24 * time.Hour

// sequences are the settings of the network. A cycle is a day, so that the horizon is that of the trees.
func sequences() life.Settings {
	s := life.Default()
	s.Horizon, s.Members, s.Epochs = failureHorizon.Hours()/24, 4, 12
	return s
}

// sequenceStudy is the fleet's drives in order.
type sequenceStudy struct{ *failureStudy }

// sequenceModel is a network with what its scores were worth in vehicles that it had not seen.
type sequenceModel struct {
	Version int             `json:"version"`
	Life    json.RawMessage `json:"life"`
	worth

	life *life.Model
}

// daily lays drives out by days: what the last drive told holds until the next. The first counts for the days before it
// that the network needs to say anything. At is the row of each drive.
func daily(drives []labelled) (rows [][]float64, at []int) {
	start := drives[0].until
	for _, d := range drives {
		place := int(d.until.Sub(start)/day) + sequences().Block - 1
		rows = held(rows, d.row, place)
		rows[place] = d.row
		at = append(at, place)
	}
	return rows, at
}

// held repeats the last row, or else the given one, until there is a row at a place.
func held(rows [][]float64, row []float64, place int) [][]float64 {
	if len(rows) > 0 {
		row = rows[len(rows)-1]
	}
	for len(rows) <= place {
		rows = append(rows, row)
	}
	return rows
}

// stretch is what is known of one engine between two failures.
type stretch struct {
	unit   life.Unit
	drives []labelled
	at     []int // row of each drive
	group  int   // number of the vehicle
}

// stretches parts the drives of vehicles at failures. One that failed within the horizon of its last drive is a life to
// its end; any other is known to have lasted so long.
func (f sequenceStudy) stretches(units []int) (all []stretch) {
	for _, u := range units {
		rest := f.drives[u]
		for len(rest) > 0 {
			n, end := len(rest), time.Time{}
			for _, failed := range f.failed[u] {
				if failed.After(rest[0].until) {
					n, end = cut(rest, failed), failed
					break
				}
			}
			s := stretch{drives: rest[:n], group: u, unit: life.Unit{ID: f.units[u].ID, Failed: rest[n-1].fails}}
			s.unit.Rows, s.at = daily(s.drives)
			more := int(failureHorizon/day) + 1 // so long it ran on, or the drive would have no label
			if s.unit.Failed {
				more = int(end.Sub(rest[n-1].until) / day)
			}
			s.unit.Rows = held(s.unit.Rows, nil, len(s.unit.Rows)-1+more)
			all, rest = append(all, s), rest[n:]
		}
	}
	return all
}

// cut is how many drives were before a failure.
func cut(drives []labelled, failed time.Time) int {
	n, _ := slices.BinarySearchFunc(drives, failed, func(d labelled, at time.Time) int { return d.until.Compare(at) })
	return n
}

// scored are the risks of all drives of stretches, each by the model that is given for it.
func scored(all []stretch, by func(i int) *life.Model) (scores []float64, labels []bool, groups []int, err error) {
	for i, s := range all {
		trace, err := by(i).Trace(s.unit)
		if err != nil {
			return nil, nil, nil, err
		}
		for k, d := range s.drives {
			scores, labels, groups = append(scores, trace[s.at[k]].Risk), append(labels, d.fails), append(groups, s.group)
		}
	}
	return scores, labels, groups, nil
}

func (f *sequenceStudy) Train(ctx context.Context, chosen []int, seed uint64) ([]byte, error) {
	if err := f.enough(chosen); err != nil {
		return nil, err
	}
	all := f.stretches(chosen)
	units := make([]life.Unit, len(all))
	for i, s := range all {
		units[i] = s.unit
	}
	settings := sequences()
	settings.Seed = seed
	m, err := life.Train(ctx, life.LSTM, rowNames(), units, settings)
	if err != nil {
		return nil, err
	}
	unseen, err := m.Unseen(units)
	if err != nil {
		return nil, err
	}
	scores, labels, groups, err := scored(all, func(i int) *life.Model { return unseen[i] })
	if err != nil {
		return nil, err
	}
	value, err := worthOf(scores, labels, groups, seed)
	if err != nil {
		return nil, err
	}
	network, err := encoded(m)
	if err != nil {
		return nil, err
	}
	return json.Marshal(sequenceModel{Version: 1, Life: network, worth: value})
}

// Measure takes the same vehicles, drives and figures as that of the trees.
func (f *sequenceStudy) Measure(_ context.Context, weights []byte, units []int) ([]fleet.Metric, error) {
	set, _ := f.set(units)
	on := fmt.Sprintf("%d drives of %d frozen vehicles", len(set.Y), len(units))
	if weights == nil {
		return chance(on), nil
	}
	m, err := loadSequences(weights)
	if err != nil {
		return nil, err
	}
	scores, labels, groups, err := scored(f.stretches(units), func(int) *life.Model { return m.life })
	if err != nil {
		return nil, err
	}
	return m.measure(scores, labels, groups, on)
}

func loadSequences(weights []byte) (*sequenceModel, error) {
	var m sequenceModel
	if len(weights) > store.MaxWeights || json.Unmarshal(weights, &m) != nil || m.Version != 1 {
		return nil, errs.New(errs.BadInput, "it is no saved network of failures of version 1")
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	var err error
	if m.life, err = life.Load(bytes.NewReader(m.Life)); err != nil {
		return nil, err
	}
	mine, theirs := sequences(), m.life.Settings()
	if !slices.Equal(m.life.Names(), rowNames()) || theirs.Window != mine.Window || theirs.Block != mine.Block || theirs.Horizon != mine.Horizon {
		return nil, errs.New(errs.BadInput, "it was trained on other features or days than this program has")
	}
	return &m, nil
}

// reasons are the channels without which the risk would be another: each is set to its mean in training in turn.
func (m *sequenceModel) reasons(rows [][]float64, risk float64) []fleet.Reason {
	var all []fleet.Reason
	last := rows[len(rows)-1]
	for _, name := range m.life.Channels() {
		at := slices.Index(rowNames(), name)
		if at < 0 || !finite(last[at]) {
			continue
		}
		without := make([][]float64, len(rows))
		for i, row := range rows {
			without[i] = slices.Clone(row)
			without[i][at] = math.NaN() // which the network reads as the mean
		}
		trace, err := m.life.Trace(life.Unit{Rows: without})
		if err != nil {
			return nil
		}
		signal, _, _ := strings.Cut(name, " ")
		all = append(all, fleet.Reason{Signal: signal, Contribution: risk - trace[len(trace)-1].Risk, Text: fmt.Sprintf("%s %.4g", name, last[at])})
	}
	slices.SortStableFunc(all, func(a, b fleet.Reason) int {
		return cmp.Compare(math.Abs(b.Contribution), math.Abs(a.Contribution))
	})
	return all[:min(len(all), mostReasons)]
}
