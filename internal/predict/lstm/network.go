package lstm

import (
	"math"
	"runtime"
	"sync"

	"github.com/fleetms/obdctl/internal/errs"
)

// Network is a trained network. It is safe for use by several goroutines at once.
type Network struct {
	config Config
	w      weights
	m      packed
}

func newNetwork(c Config, flat []float32) *Network {
	n := &Network{config: c, w: view(c, flat)}
	n.m.load(c, n.w, false)
	return n
}

// Config returns the shape of n.
func (n *Network) Config() Config { return n.config }

// Predict returns the outputs of each sequence: a number for a squared loss, a probability for a logistic one.
// A sequence holds whole rows, oldest first, at least one; of more than Steps rows the last count.
func (n *Network) Predict(sequences [][]float32) ([][]float64, error) {
	c := n.config
	cut := make([][]float32, len(sequences))
	for i, s := range sequences {
		if err := c.fits(s); err != nil {
			return nil, err
		}
		cut[i] = s[max(0, len(s)-c.Steps*c.Inputs):]
	}
	out := make([][]float64, len(cut))
	workers := min(runtime.GOMAXPROCS(0), (len(cut)+shard-1)/shard)
	var wait sync.WaitGroup
	for first := range workers {
		wait.Go(func() {
			p := newPass(c, min(shard, len(cut)), false)
			for at := first * shard; at < len(cut); at += workers * shard {
				part := cut[at:min(at+shard, len(cut))]
				p.load(part)
				p.forward(n.w, &n.m, nil, 0)
				for r := range part {
					out[at+r] = c.read(p.out[r*len(c.Outputs):])
				}
			}
		})
	}
	wait.Wait()
	return out, nil
}

// read turns raw outputs of one sequence into numbers and probabilities.
func (c Config) read(raw []float32) []float64 {
	out := make([]float64, len(c.Outputs))
	for j, o := range c.Outputs {
		out[j] = float64(raw[j])
		if o.Loss == Logistic {
			out[j] = 1 / (1 + math.Exp(-out[j]))
		}
	}
	return out
}

// fits returns why a sequence cannot be read.
func (c Config) fits(rows []float32) error {
	if len(rows) == 0 || len(rows)%c.Inputs != 0 {
		return errs.New(errs.BadInput, "sequence of %d values: must be whole rows of %d", len(rows), c.Inputs)
	}
	for i, v := range rows {
		if d := v - v; d != 0 {
			return errs.New(errs.BadInput, "sequence with %v in row %d, value %d: must be finite", v, i/c.Inputs, i%c.Inputs)
		}
	}
	return nil
}
