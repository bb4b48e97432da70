package engine

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"

	"github.com/fleetms/obdctl/internal/errs"
)

const (
	modelVersion = 1
	maxModel     = 4 << 20 // bytes of a saved model; real ones have about 30 kB
	maxFurthest  = 100_000
)

// Save writes the model as JSON.
func (m *Model) Save(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(m); err != nil {
		return fmt.Errorf("save engine model: %w", err)
	}
	return nil
}

// Load reads a model that Save wrote, and refuses anything that could make it speak nonsense.
func Load(r io.Reader) (*Model, error) {
	b, err := io.ReadAll(io.LimitReader(r, maxModel+1))
	if err != nil {
		return nil, fmt.Errorf("load engine model: %w", err)
	}
	if len(b) > maxModel {
		return nil, bad("it is larger than %d bytes", maxModel)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	m := &Model{}
	if err := d.Decode(m); err != nil {
		return nil, bad("%v", err)
	}
	if d.More() {
		return nil, bad("something follows it")
	}
	return m, m.check()
}

func bad(format string, args ...any) error {
	return errs.New(errs.BadInput, "load engine model: "+format, args...).WithHint("train the model again, or import it from a file that is whole")
}

func (m *Model) check() error {
	if m.Version != modelVersion {
		return bad("version %d, this program reads %d", m.Version, modelVersion)
	}
	if m.Trips < 0 || !(m.Hours >= 0) || len(m.Furthest) > maxFurthest || len(m.Past) > maxFurthest {
		return bad("it counts impossible trips")
	}
	known := map[string]channel{}
	for _, c := range channels() {
		known[c.Name] = c
	}
	for i := range m.Channels {
		f := &m.Channels[i]
		c, ok := known[f.Channel.Name]
		delete(known, f.Channel.Name) // each once
		if !ok || f.Channel.Target != c.Target || f.Channel.When != c.When {
			return bad("channel %d is none of this program's", i)
		}
		if err := f.check(c); err != nil {
			return err
		}
	}
	for _, l := range m.Limits {
		if !finite(l.Value, l.Usual, l.Spread, l.Worst) || l.Spread <= 0 || l.Value <= l.Usual || l.Side != above && l.Side != below {
			return bad("the limit of %q cannot be", l.Measure)
		}
	}
	if h := m.Coolant; h != nil && (!finite(h.Idle, h.Burn, h.Loss, h.Wind, h.Coldest) || !(h.Regulated > 0 && h.Regulated < 150)) {
		return bad("the coolant cannot be regulated at %g Cel", h.Regulated)
	}
	if !finite(m.Furthest...) {
		return bad("a score is no number")
	}
	return m.checkPast()
}

func (m *Model) checkPast() error {
	for _, s := range m.Past {
		if len(s.Values) != len(m.Limits) {
			return bad("trip %q has %d measures, the model %d", s.Trip, len(s.Values), len(m.Limits))
		}
	}
	return nil
}

func (f *fitted) check(c channel) error {
	k := len(f.Channel.Inputs)
	q := f.Model
	if k == 0 || k > len(c.Inputs) || len(q.Mean) != k || len(q.Scale) != k || len(q.Low) != k || len(q.High) != k || len(q.Coef) != terms(k) {
		return bad("%s has coefficients of another shape than its inputs", c.Name)
	}
	allowed := map[string]bool{}
	for _, name := range c.Inputs {
		allowed[name] = true
	}
	for i, name := range f.Channel.Inputs {
		if !allowed[name] || !(q.Scale[i] > 0) {
			return bad("%s has an input %q that it cannot have", c.Name, name)
		}
	}
	for _, v := range [][]float64{q.Mean, q.Scale, q.Low, q.High, q.Coef, {f.Noise, f.Channel.Span, f.Channel.After, f.Channel.Floor}} {
		if !finite(v...) {
			return bad("%s holds what is no number", c.Name)
		}
	}
	f.Channel.Span, f.Channel.After, f.Channel.Floor, f.Channel.Unit = c.Span, c.After, c.Floor, c.Unit
	return nil
}

func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
