// Package anomaly tells how unlike a trip is to the vehicle's own past and to that of its peers, over all
// measures together, with an isolation forest on what the engine's models leave unexplained.
//
// Limits of single measures ([engine.Model.Judge]) find what goes far in one direction; a forest finds the odd
// combination of several that each stay within theirs. It needs no labels and no kind of fault. Nothing is
// stored: a forest grows again, bit by bit the same, from the past that an engine's model keeps.
package anomaly

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/engine"
	"github.com/fleetms/obdctl/internal/predict/isolation"
)

// MinTrips is how many healthy trips the vehicle's own past must have.
const MinTrips = 20

// Options of learning. Zero fields take the value that they document.
type Options struct {
	FalseAlarm float64 // share of healthy trips that may be flagged; 0.02
	Seed       uint64
}

// Model is the vehicle's own forest and, where there are peers, theirs.
type Model struct {
	measures []string
	signals  map[string][]string
	group    map[string]string // of each measure, the signal that it judges
	groups   []string          // a forest has one feature for each: measures of one signal are one evidence
	own      *isolation.Model
	past     []float64 // scores of the own past, each trip held out, sorted
	limit    float64
	peers    *isolation.Model // nil without peers
	theirs   []float64        // scores of the peers' trips in their own forest, sorted
	vehicles int
}

// folds is into how many parts the past is cut, to score each part by a forest that grew without it.
const folds = 5

// Learn grows the forests. Peers are models of vehicles alike (same make, model and engine): their trips count
// on the scale of each one's own healthy past, so that an old engine is no anomaly beside a new one.
func Learn(ctx context.Context, own *engine.Model, peers []*engine.Model, o Options) (*Model, error) {
	if len(own.Past) < MinTrips {
		return nil, errs.New(errs.BadInput, "learn anomalies: %d healthy trips, %d are needed", len(own.Past), MinTrips).
			WithHint("record more trips; the limits of single measures work from %d on", engine.MinTrips)
	}
	if !(o.FalseAlarm > 0 && o.FalseAlarm < 0.5) {
		o.FalseAlarm = 0.02
	}
	m := &Model{measures: own.Measures(), signals: map[string][]string{}, group: map[string]string{}}
	for _, key := range m.measures {
		m.signals[key] = own.Signals(key)
		m.group[key] = key
		if s := m.signals[key]; len(s) > 0 {
			m.group[key] = s[0]
		}
		if !slices.Contains(m.groups, m.group[key]) {
			m.groups = append(m.groups, m.group[key])
		}
	}
	rows := m.rows(own)
	var err error
	if m.own, err = grow(ctx, rows, o.Seed); err != nil {
		return nil, err
	}
	if err := m.holdOut(ctx, rows, o); err != nil {
		return nil, err
	}
	return m, m.meet(ctx, peers, o)
}

func grow(ctx context.Context, rows [][]float64, seed uint64) (*isolation.Model, error) {
	o := isolation.Default()
	o.Trees, o.Seed = 200, seed
	return isolation.Fit(ctx, append(slices.Clone(rows), sentinels(len(rows[0]))...), o)
}

// sentinels are rows that are far out in one feature each. A forest asks only where its rows lie; without them
// all that goes beyond the furthest healthy trip would look like that trip.
func sentinels(features int) [][]float64 {
	out := make([][]float64, features)
	for i := range out {
		out[i] = make([]float64, features)
		out[i][i] = sentinel
	}
	return out
}

// sentinel is where they stand, on the scale of healthy trips.
const sentinel = 4

// rows are the standings of a vehicle's past on the measures of m, as that vehicle's model names them.
func (m *Model) rows(v *engine.Model) [][]float64 {
	names := v.Measures()
	out := make([][]float64, len(v.Past))
	for i, s := range v.Past {
		out[i] = m.row(s, names)
	}
	return out
}

// row puts a standing into the order of m's groups: of each the furthest measure. What lies on the healthy side
// of the median, or could not be judged, is usual.
func (m *Model) row(s engine.Standing, names []string) []float64 {
	row := make([]float64, len(m.groups))
	for i, name := range names {
		if g := slices.Index(m.groups, m.group[name]); g >= 0 && i < len(s.Values) && s.Values[i] > row[g] {
			row[g] = math.Min(s.Values[i], 10)
		}
	}
	return row
}

// holdOut scores each part of the past by a forest of the others, and sets the limit a margin above what all
// but the share FalseAlarm reach.
func (m *Model) holdOut(ctx context.Context, rows [][]float64, o Options) error {
	for f := range folds {
		var train, test [][]float64
		for i, r := range rows {
			if i%folds == f {
				test = append(test, r)
			} else {
				train = append(train, r)
			}
		}
		forest, err := grow(ctx, train, o.Seed)
		if err != nil {
			return err
		}
		for _, r := range test {
			m.past = append(m.past, forest.Score(r))
		}
	}
	slices.Sort(m.past)
	usual := m.past[len(m.past)/2]
	far := m.past[len(m.past)-1-int(o.FalseAlarm*float64(len(m.past)))]
	m.limit = usual + margin*(far-usual)
	return nil
}

// margin widens the limit for what so few trips did not show yet.
const margin = 1.1

func (m *Model) meet(ctx context.Context, peers []*engine.Model, o Options) error {
	var rows [][]float64
	for _, p := range peers {
		rows = append(rows, m.rows(p)...)
	}
	if len(rows) < MinTrips {
		return nil
	}
	m.vehicles = len(peers)
	var err error
	if m.peers, err = grow(ctx, rows, o.Seed); err != nil {
		return err
	}
	for _, r := range rows {
		m.theirs = append(m.theirs, m.peers.Score(r))
	}
	slices.Sort(m.theirs)
	return nil
}

// learnedFrom says what the forests grew on.
func (m *Model) learnedFrom() string {
	s := fmt.Sprintf("%d healthy trips of this vehicle", len(m.past))
	if m.peers != nil {
		s += fmt.Sprintf(" and %d of %d peers", len(m.theirs), m.vehicles)
	}
	return s
}
