//go:build !onnx

package onnx

import (
	"io"

	"github.com/fleetms/obdctl/internal/errs"
)

// Model is a network. This build cannot load any.
type Model struct{}

// Load refuses.
func Load(io.Reader) (*Model, error) {
	return nil, errs.New(errs.Unsupported, "load ONNX model: this build has no ONNX").
		WithHint("build with -tags onnx, or export trees as XGBoost JSON or LightGBM text")
}

// Shape is nil.
func (*Model) Shape() []int { return nil }

// Predict refuses, as [Load] does.
func (*Model) Predict([][]float64) ([][]float64, error) {
	_, err := Load(nil)
	return nil, err
}
