// Package lstm learns from sequences with long short-term memory: one or two layers of cells, an optional dense
// layer, and outputs that are numbers or probabilities (S. Hochreiter, J. Schmidhuber, "Long Short-Term Memory",
// 1997, with the forget gate of F. Gers, 1999).
//
// A short sequence is a short sequence: cells stay at rest until its first row, nothing is invented before it.
// Training depends on data, configuration and seed alone, never on the number of goroutines.
package lstm

import "github.com/fleetms/obdctl/internal/errs"

// Loss is how an output is learned and read.
type Loss string

// The losses.
const (
	Squared  Loss = "squared"  // a number; half the squared error
	Logistic Loss = "logistic" // a probability; cross entropy of targets 0 to 1
)

// Output is one thing that a network says.
type Output struct {
	Name   string  `json:"name"`
	Loss   Loss    `json:"loss"`
	Weight float32 `json:"weight"` // of its loss in the sum
}

// Config is the shape of a network.
type Config struct {
	Inputs  int      `json:"inputs"` // values a row
	Steps   int      `json:"steps"`  // rows of the longest sequence
	Hidden  int      `json:"hidden"` // cells a layer
	Layers  int      `json:"layers"` // 1 or 2
	Dense   int      `json:"dense"`  // units of the layer before the outputs, 0 for none
	Outputs []Output `json:"outputs"`
}

// The largest network: it keeps a hostile file from asking for more than some 20 MB.
const (
	maxInputs  = 512
	maxSteps   = 1024
	maxHidden  = 512
	maxOutputs = 16
)

// Validate returns what is wrong with c, as [errs.BadInput].
func (c Config) Validate() error {
	for _, v := range []struct {
		name         string
		got, low, up int
	}{
		{"inputs", c.Inputs, 1, maxInputs},
		{"steps", c.Steps, 1, maxSteps},
		{"hidden", c.Hidden, 1, maxHidden},
		{"layers", c.Layers, 1, 2},
		{"dense", c.Dense, 0, maxHidden},
		{"outputs", len(c.Outputs), 1, maxOutputs},
	} {
		if v.got < v.low || v.got > v.up {
			return errs.New(errs.BadInput, "network with %d %s: must be %d to %d", v.got, v.name, v.low, v.up)
		}
	}
	for _, o := range c.Outputs {
		if o.Loss != Squared && o.Loss != Logistic {
			return errs.New(errs.BadInput, "output %q has the unknown loss %q", o.Name, o.Loss)
		}
		if !(o.Weight > 0) || o.Weight > 1e6 {
			return errs.New(errs.BadInput, "output %q has the weight %v: must be above 0", o.Name, o.Weight)
		}
	}
	return nil
}

// features is the number of values that the outputs are computed from.
func (c Config) features() int {
	if c.Dense > 0 {
		return c.Dense
	}
	return c.Hidden
}
