// Package life foretells how long a machine will last from its last cycles alone: remaining life with an interval, and
// the probability of a failure within a horizon. It does not look at age, which tells much of a machine that began new
// under the eyes of the program, and nothing of a used one.
//
// What it has learned holds for machines like those it learned from. It knows nothing about cars before a fleet has
// labelled failures of its own; the package brings no weights.
package life

import (
	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/lstm"
)

// Unit is one life of a machine (a repaired one has several, with the same ID): its cycles in order, as rows of one value a channel, NaN where a value is missing.
type Unit struct {
	ID     string
	Rows   [][]float64
	Failed bool // the last row is the last cycle before the failure; otherwise the machine still ran after it
}

// Settings say what is foretold and how it is learned; start from [Default].
type Settings struct {
	Window  int     `json:"window"`  // cycles that are looked at
	Block   int     `json:"block"`   // cycles that are averaged to one step of the sequence
	Cap     float64 `json:"cap"`     // cycles: a longer life is not told apart from this
	Horizon float64 `json:"horizon"` // cycles within which a failure is foretold
	Members int     `json:"members"` // learners, each without another part of the units
	Level   float64 `json:"level"`   // share of the truths that the interval should hold
	Epochs  int     `json:"epochs"`  // of a network
	Alarms  float64 `json:"alarms"`  // highest share of false alarms among cycles beyond the horizon
	Seed    uint64  `json:"seed"`
}

// Default returns 30 cycles in blocks of 5, life up to 125 cycles, failure within 30, five members, intervals of 90 %,
// at most 2 % false alarms.
func Default() Settings {
	return Settings{Window: 30, Block: 5, Cap: 125, Horizon: 30, Members: 5, Level: 0.9, Epochs: 30, Alarms: 0.02, Seed: 1}
}

func (s Settings) validate() error {
	for _, c := range []struct {
		ok   bool
		what string
		got  any
	}{
		{s.Block >= 1 && s.Window >= s.Block && s.Window <= 1000 && s.Window%s.Block == 0, "window, in whole blocks", s.Window},
		{s.Horizon > 0 && s.Cap >= s.Horizon && s.Cap < 1e9, "cap, above the horizon", s.Cap},
		{s.Members >= 2 && s.Members <= 20, "members", s.Members},
		{s.Epochs >= 1 && s.Epochs <= 1000, "epochs", s.Epochs},
		{s.Level > 0.5 && s.Level < 1, "level", s.Level},
		{s.Alarms > 0 && s.Alarms < 1, "alarms", s.Alarms},
	} {
		if !c.ok {
			return errs.New(errs.BadInput, "foretell life with %s %v: out of range", c.what, c.got)
		}
	}
	return nil
}

// network is the shape of a member for a number of values a step.
func (s Settings) network(inputs int) lstm.Config {
	return lstm.Config{
		Inputs: inputs, Steps: s.Window / s.Block, Hidden: 32, Layers: 1,
		Outputs: []lstm.Output{
			{Name: "life", Loss: lstm.Squared, Weight: 1},
			{Name: "failure", Loss: lstm.Logistic, Weight: 0.1}, // both losses come out about as large
		},
	}
}

// training was chosen on unit-wise cross-validation of two simulated sets, where half or double of any number here
// changes the error by less than its interval.
func (s Settings) training(member int) lstm.Training {
	return lstm.Training{
		Seed: s.Seed*1000 + uint64(member), Epochs: s.Epochs, Batch: 64, Draw: 4096, Rate: 0.005, Decay: 0.01,
		Clip: 1, Dropout: 0.1, Shorten: 0.1, Average: 0.98,
	}
}
