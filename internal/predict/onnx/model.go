//go:build onnx

package onnx

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sync"

	"github.com/gomlx/gomlx/backends/simplego"
	"github.com/gomlx/gomlx/pkg/core/dtypes"
	"github.com/gomlx/gomlx/pkg/core/graph"
	"github.com/gomlx/gomlx/pkg/core/tensors"
	"github.com/gomlx/gomlx/pkg/ml/context"
	"github.com/gomlx/onnx-gomlx/onnx"

	"github.com/fleetms/obdctl/internal/errs"
)

const (
	maxBytes = 64 << 20
	maxRow   = 1 << 20 // numbers of one row
	maxRows  = 1 << 16 // of one call
)

// Model is a network with one float32 input, rows first, and one float32 output. It is safe for concurrent use.
type Model struct {
	shape []int
	mu    sync.Mutex
	exec  *context.Exec
}

// Load reads a network of at most 64 MiB and runs it once, so that an operator that cannot be run is refused here.
func Load(r io.Reader) (m *Model, err error) {
	defer caught(&err)
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("load ONNX model: %w", err)
	}
	if len(data) > maxBytes {
		return nil, refuse("longer than %d bytes", maxBytes)
	}
	if err := ordered(data); err != nil {
		return nil, refuse("%w", err)
	}
	net, err := onnx.Parse(data)
	if err != nil {
		return nil, refuse("%w", err)
	}
	shape, err := rowShape(net)
	if err != nil {
		return nil, refuse("%w", err)
	}
	weights := context.New()
	if err := net.VariablesToContext(weights); err != nil {
		return nil, refuse("%w", err)
	}
	backend, err := simplego.New("")
	if err != nil {
		return nil, fmt.Errorf("load ONNX model: %w", err)
	}
	exec, err := context.NewExecAny(backend, weights.Reuse(), func(c *context.Context, x *graph.Node) *graph.Node {
		return net.CallGraph(c, x.Graph(), map[string]*graph.Node{net.InputsNames[0]: x})[0]
	})
	if err != nil {
		return nil, refuse("%w", err)
	}
	m = &Model{shape: shape, exec: exec}
	if _, err := m.Predict([][]float64{make([]float64, m.size())}); err != nil {
		return nil, refuse("trial with a row of zeros: %w", err)
	}
	return m, nil
}

// rowShape wants one float32 input whose dimensions behind the first are known, and one output.
func rowShape(net *onnx.Model) ([]int, error) {
	if len(net.InputsNames) != 1 || len(net.OutputsNames) != 1 {
		return nil, fmt.Errorf("%d inputs and %d outputs, not one of each", len(net.InputsNames), len(net.OutputsNames))
	}
	in, size := net.InputsShapes[0], 1
	if in.DType != dtypes.Float32 || net.OutputsShapes[0].DType != dtypes.Float32 || len(in.Dimensions) < 2 {
		return nil, fmt.Errorf("input and output must be float32, rows first")
	}
	for _, d := range in.Dimensions[1:] {
		if d < 1 || size > maxRow/d {
			return nil, fmt.Errorf("input of shape %v: rows must have a known size of at most %d", in.Dimensions, maxRow)
		}
		size *= d
	}
	return slices.Clone(in.Dimensions[1:]), nil
}

// Shape is that of a row: {features}, or {steps, features} for a network over time. Rows are flat.
func (m *Model) Shape() []int { return slices.Clone(m.shape) }

// size is how many numbers a row has.
func (m *Model) size() int {
	size := 1
	for _, d := range m.shape {
		size *= d
	}
	return size
}

// Predict returns the network's output for each row.
func (m *Model) Predict(rows [][]float64) (out [][]float64, err error) {
	defer caught(&err)
	size := m.size()
	if len(rows) == 0 || len(rows) > maxRows {
		return nil, errs.New(errs.Usage, "run ONNX model: %d rows are not 1 to %d", len(rows), maxRows)
	}
	flat := make([]float32, 0, size*len(rows))
	for i, row := range rows {
		if len(row) != size {
			return nil, errs.New(errs.Usage, "run ONNX model: row %d has %d numbers, not %d", i, len(row), size)
		}
		for _, v := range row {
			if math.IsNaN(v) {
				return nil, errs.New(errs.Usage, "run ONNX model: row %d lacks a value, and a network has no word for that", i)
			}
			flat = append(flat, float32(v))
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	results, err := m.exec.Exec(tensors.FromFlatDataAndDimensions(flat, append([]int{len(rows)}, m.shape...)...))
	if err != nil {
		return nil, fmt.Errorf("run ONNX model: %w", err)
	}
	answers := tensors.MustCopyFlatData[float32](results[0])
	if len(answers)%len(rows) != 0 {
		return nil, errs.New(errs.BadInput, "run ONNX model: %d answers for %d rows", len(answers), len(rows))
	}
	width := len(answers) / len(rows)
	for i := range rows {
		answer := make([]float64, width)
		for j := range answer {
			answer[j] = float64(answers[i*width+j])
		}
		out = append(out, answer)
	}
	return out, nil
}

// caught turns a panic of the library, its way to say that a graph is wrong, into an error.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = refuse("%v", p)
	}
}

func refuse(format string, args ...any) error {
	return errs.New(errs.BadInput, "ONNX model: %w", fmt.Errorf(format, args...)).
		WithHint("export the network with one float32 input, rows first, and plain operators; docs of onnx-gomlx list them")
}
