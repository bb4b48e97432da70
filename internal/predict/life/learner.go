package life

import (
	"context"
	"math"

	"github.com/fleetms/obdctl/internal/predict/gbdt"
	"github.com/fleetms/obdctl/internal/predict/lstm"
)

// Kind names what a member is.
type Kind string

// The kinds.
const (
	LSTM  Kind = "lstm"
	Trees Kind = "trees" // boosted, one model for life and one for failure
)

// member is one learner: for each sequence the life in cycles and the probability of a failure within the horizon.
type member interface {
	estimate(seq [][]float32) (life, risk []float64, err error)
	save() ([]byte, error)
}

// learn trains a member on sequences (of one block at least) with their targets.
func (s Settings) learn(ctx context.Context, kind Kind, number, channels int, seq [][]float32, want []target) (member, error) {
	if kind == Trees {
		return s.grow(ctx, number, channels, seq, want)
	}
	samples := make([]lstm.Sample, len(seq))
	for i, x := range seq {
		samples[i] = lstm.Sample{Rows: x, Want: []float32{float32(want[i].life / s.Cap), float32(want[i].soon)}}
	}
	n, _, err := lstm.Train(ctx, s.network(stepValues*channels), s.training(number), samples, nil)
	if err != nil {
		return nil, err
	}
	return network{n, s.Cap}, nil
}

type network struct {
	net *lstm.Network
	cap float64
}

func (n network) estimate(seq [][]float32) (life, risk []float64, err error) {
	out, err := n.net.Predict(seq)
	for _, o := range out {
		life, risk = append(life, min(max(o[0]*n.cap, 0), n.cap)), append(risk, o[1])
	}
	return life, risk, err
}

type trees struct {
	life, risk *gbdt.Model
	channels   int
	cap        float64
}

func (s Settings) grow(ctx context.Context, number, channels int, seq [][]float32, want []target) (member, error) {
	var life, soon gbdt.Set
	for i, x := range seq {
		row := flat(x, channels)
		if !math.IsNaN(want[i].life) {
			life.X, life.Y = append(life.X, row), append(life.Y, want[i].life)
		}
		if !math.IsNaN(want[i].soon) {
			soon.X, soon.Y = append(soon.X, row), append(soon.Y, want[i].soon)
		}
	}
	o := gbdt.Default()
	o.Rounds, o.LearningRate, o.MaxDepth, o.MinWeight, o.Bins = 120, 0.07, 4, 50, 64
	o.RowShare, o.ColumnShare, o.Seed, o.Threads = 0.5, 0.5, s.Seed*1000+uint64(number), 2
	t := trees{channels: channels, cap: s.Cap}
	var err error
	if t.life, err = gbdt.Fit(ctx, life, gbdt.Set{}, o); err != nil {
		return nil, err
	}
	o.Loss, o.MinWeight = gbdt.Logistic, 5
	t.risk, err = gbdt.Fit(ctx, soon, gbdt.Set{}, o)
	return t, err
}

func (t trees) estimate(seq [][]float32) (life, risk []float64, err error) {
	for _, x := range seq {
		row := flat(x, t.channels)
		life, risk = append(life, min(max(t.life.Predict(row), 0), t.cap)), append(risk, t.risk.Predict(row))
	}
	return life, risk, nil
}
