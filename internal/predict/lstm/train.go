package lstm

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/fleetms/obdctl/internal/errs"
)

// Sample is one sequence with what it should say. Rows may be a part of a longer series: it is read, never copied or written.
type Sample struct {
	Rows []float32 // whole rows, oldest first, at most Steps of them
	Want []float32 // one for each output; NaN where it is unknown
}

// Training says how a network learns.
type Training struct {
	Seed     uint64
	Epochs   int     // the rate falls along a cosine to a hundredth over these
	Batch    int     // sequences a step
	Draw     int     // sequences an epoch, drawn anew each time, 0 for all: neighbours in a long series say much the same
	Rate     float64 // of the first step
	Decay    float64 // of the weights
	Clip     float64 // longest gradient, 0 for no limit
	Dropout  float64 // share of values dropped between layers and before the head, below 1
	Shorten  float64 // share of the sequences of an epoch that lose a random part of their beginning
	Average  float64 // the network is the moving average of its weights over steps with this memory, 0 for the last
	Patience int     // epochs without a better validation loss before the end, 0 for no early stop
	Workers  int     // goroutines, 0 for two; the result does not depend on it
}

// Epoch is what was seen in one pass over the samples: losses a sample.
type Epoch struct{ Train, Valid float64 }

func (t Training) validate() error {
	bad := func(what string, v any) error {
		return errs.New(errs.Usage, "training with %s %v: out of range", what, v)
	}
	switch {
	case t.Epochs < 1 || t.Epochs > 100_000:
		return bad("epochs", t.Epochs)
	case t.Batch < 1 || t.Batch > 1<<16:
		return bad("batch", t.Batch)
	case t.Draw < 0:
		return bad("draw", t.Draw)
	case !(t.Rate > 0 && t.Rate < 10):
		return bad("rate", t.Rate)
	case !(t.Dropout >= 0 && t.Dropout < 1):
		return bad("dropout", t.Dropout)
	case !(t.Average >= 0 && t.Average < 1):
		return bad("average", t.Average)
	case !(t.Shorten >= 0 && t.Shorten <= 1):
		return bad("shorten", t.Shorten)
	case t.Workers < 0 || t.Workers > 256:
		return bad("workers", t.Workers)
	}
	return nil
}

// Train learns a network from samples. With validation samples the weights of the best epoch are kept, and training
// ends early after Patience epochs without a better one.
func Train(ctx context.Context, c Config, t Training, samples, valid []Sample) (*Network, []Epoch, error) {
	if err := check(c, t, samples, valid); err != nil {
		return nil, nil, err
	}
	b := newTrainer(c, t)
	var history []Epoch
	best, bestAt := math.Inf(1), 0
	var kept []float32
	for e := range t.Epochs {
		loss, err := b.epoch(ctx, e, samples)
		if err != nil {
			return nil, history, fmt.Errorf("train network: %w", err)
		}
		seen := Epoch{Train: loss, Valid: math.NaN()}
		if len(valid) > 0 {
			seen.Valid = b.evaluate(valid)
			if seen.Valid < best {
				best, bestAt = seen.Valid, e
				kept = append(kept[:0], b.current()...)
			}
		}
		history = append(history, seen)
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return nil, history, errs.New(errs.BadInput, "train network: the loss grew beyond all numbers in epoch %d", e+1).WithHint("use a smaller rate, or clip the gradient")
		}
		if len(valid) > 0 && t.Patience > 0 && e-bestAt >= t.Patience {
			break
		}
	}
	if kept == nil {
		kept = append(kept, b.current()...)
	}
	return newNetwork(c, kept), history, nil
}

func check(c Config, t Training, sets ...[]Sample) error {
	if err := c.Validate(); err != nil {
		return err
	}
	if err := t.validate(); err != nil {
		return err
	}
	if len(sets[0]) == 0 {
		return errs.New(errs.BadInput, "train network: no samples")
	}
	for _, set := range sets {
		for i, s := range set {
			if err := c.fits(s.Rows); err != nil {
				return fmt.Errorf("sample %d: %w", i, err)
			}
			if len(s.Rows) > c.Steps*c.Inputs {
				return errs.New(errs.BadInput, "sample %d has %d rows: at most %d", i, len(s.Rows)/c.Inputs, c.Steps)
			}
			if len(s.Want) != len(c.Outputs) {
				return errs.New(errs.BadInput, "sample %d has %d targets: must be %d", i, len(s.Want), len(c.Outputs))
			}
			for j, v := range s.Want {
				if math.IsInf(float64(v), 0) || c.Outputs[j].Loss == Logistic && (v < 0 || v > 1) {
					return errs.New(errs.BadInput, "sample %d has the target %v for %q", i, v, c.Outputs[j].Name)
				}
			}
		}
	}
	return nil
}

// source returns the chance of one purpose, apart from all others of the same seed.
func source(seed uint64, purpose ...uint64) *rand.Rand {
	for _, p := range purpose {
		seed = (seed ^ p) * 0x9E3779B97F4A7C15 // Knuth's multiplicative hash, golden ratio
		seed ^= seed >> 29
	}
	return rand.New(rand.NewPCG(seed, uint64(len(purpose))))
}
