package life

import (
	"context"
	"fmt"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/split"
)

// Model is a number of members that speak together, an interval learned from units that no speaking member saw, and
// the limit above which a failure is announced. It is safe for use by several goroutines.
type Model struct {
	settings Settings
	kind     Kind
	names    []string // of the values of a row
	channels []channel
	members  []member
	band     band
	limit    float64
}

// outside are estimates of units by the member that did not learn from them.
type outside struct {
	unit       []int
	life, risk []float64
	want       []target
}

// Train learns from units, names being those of their channels. Each member leaves another part of the units out; what
// it says of them gives the interval (cross-conformal, V. Vovk, 2015) and the limit of the alarm.
func Train(ctx context.Context, kind Kind, names []string, units []Unit, s Settings) (*Model, error) {
	if err := s.validate(); err != nil {
		return nil, err
	}
	if err := readable(names, units, s); err != nil {
		return nil, err
	}
	m := &Model{settings: s, kind: kind, names: names}
	var err error
	if m.channels, err = choose(names, units, s.Window); err != nil {
		return nil, err
	}
	folds, err := s.folds(units)
	if err != nil {
		return nil, err
	}
	seq := make([][][]float32, len(units))
	want := make([][]target, len(units))
	for i, u := range units {
		seq[i], want[i] = s.sequences(u.Rows, m.channels), s.targets(u)
	}
	var told outside
	for number, f := range folds {
		x, y, _ := known(seq, want, f.Train)
		learned, err := s.learn(ctx, kind, number, len(m.channels), x, y)
		if err != nil {
			return nil, fmt.Errorf("train member %d: %w", number+1, err)
		}
		m.members = append(m.members, learned)
		x, y, unit := known(seq, want, f.Test)
		life, risk, err := learned.estimate(x)
		if err != nil {
			return nil, err
		}
		told.unit, told.want = append(told.unit, unit...), append(told.want, y...)
		told.life, told.risk = append(told.life, life...), append(told.risk, risk...)
	}
	m.band = told.band(s)
	m.limit = told.limit(s)
	return m, nil
}

// folds leave out another part of the machines each; units with one ID are lives of one machine.
func (s Settings) folds(units []Unit) ([]split.Fold, error) {
	ids := make([]string, len(units))
	for i, u := range units {
		ids[i] = u.ID
	}
	return split.Grouped(ids, s.Members, s.Seed)
}

// Unseen returns, for each of the units that m was trained on, the member that did not learn from it, so that its
// estimates can be judged. The units must be the same, in the same order.
func (m *Model) Unseen(units []Unit) ([]*Model, error) {
	folds, err := m.settings.folds(units)
	if err != nil {
		return nil, err
	}
	if len(folds) != len(m.members) {
		return nil, errs.New(errs.BadInput, "judge %d members by %d parts of the units", len(m.members), len(folds))
	}
	out := make([]*Model, len(units))
	for i, f := range folds {
		for _, u := range f.Test {
			out[u] = m.Member(i)
		}
	}
	return out, nil
}

// known lists the sequences of the chosen units that have a target, with the unit of each.
func known(seq [][][]float32, want [][]target, chosen []int) (x [][]float32, y []target, unit []int) {
	for _, u := range chosen {
		for i, w := range want[u] {
			if seq[u][i] != nil && (w.life == w.life || w.soon == w.soon) {
				x, y, unit = append(x, seq[u][i]), append(y, w), append(unit, u)
			}
		}
	}
	return x, y, unit
}
