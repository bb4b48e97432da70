// Package foreign reads boosted trees that other tools have trained, XGBoost's JSON and LightGBM's text, and
// predicts what they predict.
//
// Files are hostile until proved otherwise: sizes are bounded, every tree is walked once and laid out anew,
// and what is not understood is refused, never guessed.
package foreign

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/fleetms/obdctl/internal/errs"
	"github.com/fleetms/obdctl/internal/predict/tree"
)

// Model is a foreign model. It is safe for concurrent use.
type Model struct {
	from   string
	names  []string
	link   link
	groups []tree.Ensemble // one for each output
}

// Load reads a model of either kind, at most [tree.MaxBytes] long, told apart by its first bytes.
func Load(r io.Reader) (*Model, error) {
	b := bufio.NewReader(r)
	start, err := b.Peek(4)
	if err != nil && len(start) == 0 {
		return nil, refuse("the file is empty")
	}
	switch {
	case bytes.HasPrefix(start, []byte("tree")):
		return LoadLightGBM(b)
	case bytes.HasPrefix(bytes.TrimLeft(start, " \t\r\n"), []byte("{")):
		return LoadXGBoost(b)
	}
	return nil, refuse("neither a JSON document nor a LightGBM text")
}

// Predict returns the model's output for one row, NaN where a value is missing: a value, a probability, or of
// several classes the number of the most probable. It is NaN for a row of another length.
func (m *Model) Predict(x []float64) float64 {
	if len(x) != m.Features() {
		return math.NaN()
	}
	if len(m.groups) == 1 {
		return m.link.apply(m.groups[0].Raw(x))
	}
	best, at := math.Inf(-1), 0
	for i := range m.groups {
		if v := m.groups[i].Raw(x); v > best {
			best, at = v, i
		}
	}
	return float64(at)
}

// Probabilities returns one number for each class of a model with several, and the output of any other.
// It is nil for a row of another length.
func (m *Model) Probabilities(x []float64) []float64 {
	if len(x) != m.Features() {
		return nil
	}
	out := make([]float64, len(m.groups))
	for i := range m.groups {
		out[i] = m.groups[i].Raw(x)
	}
	if m.link.kind == softmax {
		top, sum := slices.Max(out), 0.0
		for i, v := range out {
			out[i] = math.Exp(v - top)
			sum += out[i]
		}
		for i := range out {
			out[i] /= sum
		}
		return out
	}
	for i, v := range out {
		out[i] = m.link.apply(v)
	}
	return out
}

// From is the tool that trained the model: "xgboost" or "lightgbm".
func (m *Model) From() string { return m.from }

// Features is the number of values in a row.
func (m *Model) Features() int { return m.groups[0].Features }

// Names of the features, nil when the file has none.
func (m *Model) Names() []string { return slices.Clone(m.names) }

// Trees returns the trees behind each output, to explain them; they must not be changed.
func (m *Model) Trees() []tree.Ensemble { return m.groups }

// finish checks what both kinds have in common.
func (m *Model) finish() (*Model, error) {
	if len(m.groups) == 0 {
		return nil, refuse("no output")
	}
	for i := range m.groups {
		if err := m.groups[i].Validate(); err != nil {
			return nil, refuse("output %d: %w", i, err)
		}
	}
	if len(m.names) == 0 {
		m.names = nil
	}
	if m.names != nil && len(m.names) != m.Features() {
		return nil, refuse("%d names for %d features", len(m.names), m.Features())
	}
	return m, nil
}

func refuse(format string, args ...any) error {
	return errs.New(errs.BadInput, "load model: %w", fmt.Errorf(format, args...)).
		WithHint("save the model again: XGBoost with save_model(\"model.json\"), LightGBM with save_model(\"model.txt\")")
}
